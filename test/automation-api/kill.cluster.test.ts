import { join } from "node:path";
import { afterAll, beforeAll, describe, expect, it } from "vitest";
import { createAutomationStackRunner } from "../../automation-api/automation-stack-runner.ts";
import { isLockDead } from "../../automation-api/dead-lock.ts";
import { withRecovery } from "../../automation-api/recover.ts";
import { repairPendingRelease } from "../../automation-api/release-repair.ts";
import type { StackRunner } from "../../automation-api/stack-runner.ts";
import { imageReference } from "../../stores/images.ts";
import { repositoryRoot } from "../../toolchain/lib/paths.ts";
import { pulumiEnvironmentFor } from "../../toolchain/stores.ts";
import { processesOfRun, runAndKill } from "../helpers/kill-run.ts";
import { kubectl } from "../helpers/kubectl.ts";
import { type Machine, takeMachine } from "../helpers/machine.ts";
import { testStoreName } from "../helpers/names.ts";

// A small program with the shape of a store (namespace, quota, policy, password, Secret, release of one pod) comes up in
// seconds, so many kills fit into a test. What is killed, and how it recovers, is the same for a real store.
const program = join(repositoryRoot, "test", "conformance", "programs", "store");
const rounds = 10;

let machine: Machine;
let runner: StackRunner;
let backend: string;

beforeAll(async () => {
  machine = await takeMachine();
  const environment: Record<string, string> = {
    ...pulumiEnvironmentFor(machine.pulumi, machine.cluster, machine.helm),
    // The program is as recorded and declares no provider of its own.
    PULUMI_K8S_UPSERT_EXISTING_OBJECTS: "true",
  };
  backend = environment.PULUMI_BACKEND_URL ?? "";
  const plain = await createAutomationStackRunner({
    pulumiRoot: machine.pulumi.root,
    program,
    workFolders: join(machine.folder, "kill"),
    inherited: process.env,
    environment,
  });
  runner = withRecovery(plain, {
    isLockDead: (stack) => isLockDead(backend, "store", stack),
    repairRelease: (stack) =>
      repairPendingRelease({
        kubeconfig: machine.cluster.kubeconfig,
        context: machine.cluster.context,
        namespace: stack,
        name: "app",
      }),
  });
});
afterAll(() => machine?.release());

const config = () => ({ image: imageReference("redis", machine.target.imageRegistry), timeout: "120" });

/** Runs all rounds, some side by side: most of a run is waiting for the cluster. */
async function allRounds(run: (round: number) => Promise<void>): Promise<void> {
  const waiting = Array.from({ length: rounds }, (_, round) => round);
  const lane = async () => {
    for (let round = waiting.shift(); round !== undefined; round = waiting.shift()) await run(round);
  };
  await Promise.all([lane(), lane(), lane()]);
}

async function seconds(work: () => Promise<unknown>): Promise<number> {
  const begin = performance.now();
  await work();
  return (performance.now() - begin) / 1000;
}

async function namespaces(): Promise<string[]> {
  return (await kubectl(machine, "get", "namespaces", "-o", "name")).split("\n");
}

describe(`a run that is killed at a random moment, ${rounds} times`, () => {
  it("up: the same again ends well, with nothing pending and nothing to change", async () => {
    const model = testStoreName("kill");
    const length = await seconds(() => runner.up(model, config()));
    await runner.destroy(model);

    await allRounds(async (round) => {
      const stack = testStoreName("kill");
      const kill = { milliseconds: Math.random() * length * 1000, everything: round % 2 === 0 };
      await runAndKill(stack, () => runner.up(stack, config()), kill);

      await runner.up(stack, config());

      expect(await runner.preview(stack, config())).toEqual({ same: expect.any(Number) });
      await runner.destroy(stack);
      expect(await namespaces()).not.toContain(`namespace/${stack}`);
      expect(processesOfRun(stack)).toEqual([]);
    });
  });

  it("destroy: the same again leaves nothing behind", async () => {
    const model = testStoreName("kill");
    await runner.up(model, config());
    const length = await seconds(() => runner.destroy(model));

    await allRounds(async (round) => {
      const stack = testStoreName("kill");
      await runner.up(stack, config());
      const kill = { milliseconds: Math.random() * length * 1000, everything: round % 2 === 0 };
      await runAndKill(stack, () => runner.destroy(stack), kill);

      await runner.destroy(stack);

      expect(await runner.outputs(stack)).toBeUndefined();
      expect(await namespaces()).not.toContain(`namespace/${stack}`);
    });
  });
});

it("ends gracefully when it is asked to stop, and the same again goes on", async () => {
  const stack = testStoreName("stop");
  const controller = new AbortController();
  const slow = { ...config(), image: "localhost/missing:1" };
  const run = runner.up(stack, slow, {
    signal: controller.signal,
    onEvent: (event) => {
      if (event.kind === "resource" && event.type.endsWith(":Release")) setTimeout(() => controller.abort(), 500);
    },
  });

  await expect(run).rejects.toMatchObject({ kind: "cancelled" });
  // No lock is left: the very next run goes on without any recovery.
  await runner.up(stack, config());

  await runner.destroy(stack);
  expect(await namespaces()).not.toContain(`namespace/${stack}`);
});
