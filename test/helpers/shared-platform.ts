import type { TestProject } from "vitest/node";
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
  const platform = await preparePlatform(machine);
  const begin = performance.now();
  await platform.up();
  project.provide("platformUp", (performance.now() - begin) / 1000);
  project.provide("platformFolder", machine.folder);
  return async () => {
    await platform.down();
    const left = await clusterWide(machine, platform.namespace);
    await machine.release();
    if (left.length > 0) throw new Error(`The platform left behind: ${left.join(", ")}.`);
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
