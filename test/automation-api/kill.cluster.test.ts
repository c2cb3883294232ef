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

/** Does something with every stack, with some side by side: most of a run is waiting for the cluster. */
async function forAll(stacks: readonly string[], work: (stack: string, round: number) => Promise<void>): Promise<void> {
  const waiting = [...stacks.entries()];
  const lane = async () => {
    for (let next = waiting.shift(); next !== undefined; next = waiting.shift()) await work(next[1], next[0]);
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

// One story: what was brought up is removed again.
describe(`a run that is killed at a random moment, ${rounds} times`, () => {
  const stacks = Array.from({ length: rounds }, () => testStoreName("kill"));
  const model = testStoreName("kill");
  /** Seconds that runs take which nobody disturbs. */
  const length = { up: 0, destroy: 0 };
  beforeAll(async () => {
    length.up = await seconds(() => runner.up(model, config()));
    length.destroy = await seconds(() => runner.destroy(model));
  });
  const someMoment = (ofSeconds: number, round: number) => ({
    milliseconds: Math.random() * ofSeconds * 1000,
    everything: round % 2 === 0,
  });

  it("up: the same again ends well, with nothing pending and nothing to change", async () => {
    await forAll(stacks, async (stack, round) => {
      await runAndKill(stack, () => runner.up(stack, config()), someMoment(length.up, round));

      await runner.up(stack, config());

      expect(await runner.preview(stack, config())).toEqual({ same: expect.any(Number) });
      expect(processesOfRun(stack)).toEqual([]);
    });
  });

  it("destroy: the same again leaves nothing behind", async () => {
    await forAll(stacks, async (stack, round) => {
      await runAndKill(stack, () => runner.destroy(stack), someMoment(length.destroy, round));

      await runner.destroy(stack);

      expect(await runner.outputs(stack)).toBeUndefined();
      expect(await namespaces()).not.toContain(`namespace/${stack}`);
      expect(processesOfRun(stack)).toEqual([]);
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
