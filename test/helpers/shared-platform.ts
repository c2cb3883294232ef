import { tmpdir } from "node:os";
import { join } from "node:path";
import type { TestProject } from "vitest/node";
import { withLock } from "../../toolchain/lib/lock.ts";
import { kubectl } from "./kubectl.ts";
import { type Machine, takeMachine } from "./machine.ts";
import { preparePlatform } from "./platform.ts";

declare module "vitest" {
  interface ProvidedContext {
    /** Folder of the machine on which the platform of the tests was brought up. */
    platformFolder: string;
    /** How long that took, in seconds, with images at hand. */
    platformUp: number;
  }
}

/** One platform for all files of a run; gone at the end, without a trace. */
export default async function bringUpPlatform(project: TestProject): Promise<() => Promise<void>> {
  const machine = await takeMachine();
  const letGo = await holdAlone(join(tmpdir(), "storefleet-platform-tests.lock"));
  const platform = await preparePlatform(machine);
  const begin = performance.now();
  await platform.up();
  project.provide("platformUp", (performance.now() - begin) / 1000);
  project.provide("platformFolder", machine.folder);
  return async () => {
    await platform.down();
    const left = await clusterWide(machine, platform.namespace);
    await machine.release();
    await letGo();
    if (left.length > 0) throw new Error(`The platform left behind: ${left.join(", ")}.`);
  };
}

/** The platform of the tests has one name: two runs would take it from each other. Resolves when no other run has it. */
async function holdAlone(file: string): Promise<() => Promise<void>> {
  const [held, ended] = [Promise.withResolvers<void>(), Promise.withResolvers<void>()];
  const work = () => {
    held.resolve();
    return ended.promise;
  };
  const onWait = (holder: string) => process.stdout.write(`Waiting for ${holder}\n`);
  const lock = withLock(file, "tests of the platform", work, { waitSeconds: 3600, onWait });
  await Promise.race([held.promise, lock]);
  return () => {
    ended.resolve();
    return lock;
  };
}

/** What of the platform lives in no namespace. */
async function clusterWide(machine: Machine, namespace: string): Promise<string[]> {
  const kinds =
    "namespaces,clusterroles,clusterrolebindings,validatingadmissionpolicies,validatingadmissionpolicybindings";
  const selector = "app.kubernetes.io/part-of=storefleet-platform";
  const found = await kubectl(machine, "get", kinds, "--output", "name", "--selector", selector);
  return found.split("\n").filter((name) => name.includes(namespace));
}
