import { describe, expect, it } from "vitest";
import type { OperationPods } from "../../automation-api/cluster/operation-pods.ts";
import { openCluster, type PodLine, type PodRun } from "../../automation-api/pod-run.ts";
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

const passphrases = { PULUMI_CONFIG_PASSPHRASE: "a passphrase of tests" };
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

    const told = await createPodStackRunner(local, pods, passphrases).up(
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

    await expect(createPodStackRunner(local, pods, passphrases).refresh("demo", run())).rejects.toMatchObject({
      kind: "locked",
      message: "Another run holds the lock.",
    });
  });

  it.each([
    ["ended without a word", []],
    ["wrote something that is no line of its", [{ surprise: true }]],
  ])("counts a pod that %s as killed", async (_what, lines) => {
    const { pods, removed } = podsThatSay(lines);

    await expect(createPodStackRunner(local, pods, passphrases).destroy("demo", run())).rejects.toMatchObject({
      kind: "killed",
    });
    expect(removed).toEqual(["operation-1"]);
  });

  it("counts a pod as killed that was stopped by somebody else, as when its node is emptied", async () => {
    const { pods } = podsThatSay([{ error: { kind: "cancelled", message: "Stopped." } }]);

    await expect(createPodStackRunner(local, pods, passphrases).destroy("demo", run())).rejects.toMatchObject({
      kind: "killed",
    });
  });

  it("asks the pod to stop when the run is to stop, and still hears its last words", async () => {
    const last: PodLine = { error: { kind: "cancelled", message: "Stopped before its end." } };
    const { pods } = podsThatSay([{ event }], [last]);
    const stopping = new AbortController();

    const ended = createPodStackRunner(local, pods, passphrases).up(
      "demo",
      {},
      run({ signal: stopping.signal, onEvent: () => stopping.abort() }),
    );

    await expect(ended).rejects.toMatchObject({ kind: "cancelled", message: "Stopped before its end." });
  });

  it("gives a pod the way to another cluster so that only it can read it", async () => {
    const { pods, started } = podsThatSay([{ result: {} }]);
    const cluster = { content: "token: very-secret", context: "eu" };

    await createPodStackRunner(local, pods, passphrases).destroy("demo", run({ cluster }));

    const told = started[0]?.run;
    expect(JSON.stringify(started)).not.toContain("very-secret");
    expect(JSON.stringify(started)).not.toContain(Buffer.from("very-secret").toString("base64").slice(0, 12));
    if (told === undefined) throw new Error("No pod was started.");
    expect(openCluster(passphrases, "0190-op", told)).toEqual(cluster);
    expect(() => openCluster(passphrases, "another-operation", told)).toThrow("belongs to something else");
    expect(() => openCluster({ PULUMI_CONFIG_PASSPHRASE: "other" }, "0190-op", told)).toThrow("another key");
  });

  it("makes no pod when the right to work on the stack is gone, or nobody wants the run any more", async () => {
    const { pods, started } = podsThatSay([]);
    const runner = createPodStackRunner(local, pods, passphrases);
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
    expect(await createPodStackRunner(local, podsThatSay([]).pods, passphrases).list()).toEqual(["demo"]);
  });
});
