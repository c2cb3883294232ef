import { describe, expect, it } from "vitest";
import type { OperationPods } from "../../automation-api/cluster/operation-pods.ts";
import type { PodLine, PodRun } from "../../automation-api/pod-run.ts";
import { createPodStackRunner } from "../../automation-api/pod-stack-runner.ts";
import type { RunOptions, StackEvent, StackRunner } from "../../automation-api/stack-runner.ts";

const event: StackEvent = { kind: "message", severity: "info", text: "on its way" };

/** Pods that say these lines; a pod that is removed before its end says `farewell` instead of the rest. */
function podsThatSay(lines: readonly unknown[], farewell: readonly PodLine[] = []) {
  const started: { run: PodRun; operation: string; fencing: string | undefined }[] = [];
  const removed: string[] = [];
  const removal = Promise.withResolvers<void>();
  const pods: OperationPods = {
    async start(run, mark) {
      started.push({ run, ...mark });
      return "operation-1";
    },
    async *follow() {
      yield* lines;
      if (farewell.length === 0) return;
      await removal.promise;
      yield* farewell;
    },
    async remove(job) {
      removed.push(job);
      removal.resolve();
    },
    end: async () => {},
    running: async () => [],
  };
  return { pods, started, removed };
}

const local = { list: async () => ["demo"] } as unknown as StackRunner;
const run = (more: RunOptions = {}): RunOptions => ({
  operation: "0190-op",
  lease: { fencing: "7", check: async () => {} },
  ...more,
});

describe("a runner whose changes run in pods", () => {
  it("hands on what the pod tells, gives its result, and removes it", async () => {
    const result = { changes: { create: 9 }, outputs: { url: "http://demo" } };
    const { pods, started, removed } = podsThatSay([{ event }, { result }]);
    const events: StackEvent[] = [];

    const told = await createPodStackRunner(local, pods).up(
      "demo",
      { plan: "basic" },
      run({ onEvent: (one) => events.push(one) }),
    );

    expect(told).toEqual(result);
    expect(events).toEqual([event]);
    expect(started).toEqual([
      { run: { command: "up", stack: "demo", config: { plan: "basic" } }, operation: "0190-op", fencing: "7" },
    ]);
    expect(removed).toEqual(["operation-1"]);
  });

  it("fails as Pulumi failed there", async () => {
    const { pods } = podsThatSay([{ error: { kind: "locked", message: "Another run holds the lock." } }]);

    await expect(createPodStackRunner(local, pods).refresh("demo", run())).rejects.toMatchObject({
      kind: "locked",
      message: "Another run holds the lock.",
    });
  });

  it.each([
    ["ended without a word", []],
    ["wrote something that is no line of its", [{ surprise: true }]],
  ])("counts a pod that %s as killed", async (_what, lines) => {
    const { pods, removed } = podsThatSay(lines);

    await expect(createPodStackRunner(local, pods).destroy("demo", run())).rejects.toMatchObject({ kind: "killed" });
    expect(removed).toEqual(["operation-1"]);
  });

  it("counts a pod as killed that was stopped by somebody else, as when its node is emptied", async () => {
    const { pods } = podsThatSay([{ error: { kind: "cancelled", message: "Stopped." } }]);

    await expect(createPodStackRunner(local, pods).destroy("demo", run())).rejects.toMatchObject({ kind: "killed" });
  });

  it("asks the pod to stop when the run is to stop, and still hears its last words", async () => {
    const last: PodLine = { error: { kind: "cancelled", message: "Stopped before its end." } };
    const { pods } = podsThatSay([{ event }], [last]);
    const stopping = new AbortController();

    const ended = createPodStackRunner(local, pods).up(
      "demo",
      {},
      run({ signal: stopping.signal, onEvent: () => stopping.abort() }),
    );

    await expect(ended).rejects.toMatchObject({ kind: "cancelled", message: "Stopped before its end." });
  });

  it("makes no pod when the right to work on the stack is gone, or nobody wants the run any more", async () => {
    const { pods, started } = podsThatSay([]);
    const runner = createPodStackRunner(local, pods);
    const check = async () => {
      throw new Error("Somebody else holds the store.");
    };

    await expect(runner.up("demo", {}, run({ lease: { fencing: "7", check } }))).rejects.toThrow("Somebody else");
    await expect(runner.up("demo", {}, run({ signal: AbortSignal.abort() }))).rejects.toMatchObject({
      kind: "cancelled",
    });
    expect(started).toEqual([]);
  });

  it("answers by itself what only asks", async () => {
    expect(await createPodStackRunner(local, podsThatSay([]).pods).list()).toEqual(["demo"]);
  });
});
