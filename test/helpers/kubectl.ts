import { run } from "../../toolchain/lib/exec.ts";
import type { Machine } from "./machine.ts";

/** Runs kubectl on the machine's cluster and gives its standard output. */
export async function kubectl(machine: Pick<Machine, "cluster" | "kubectl">, ...args: string[]): Promise<string> {
  const flags = ["--kubeconfig", machine.cluster.kubeconfig, "--context", machine.cluster.context];
  return (await run(machine.kubectl, [...flags, ...args], { timeoutSeconds: 120 })).stdout;
}

/** Names of what a store leaves in the cluster: its namespace and the volumes that were bound in it. */
export async function leftovers(machine: Machine, store: string): Promise<string[]> {
  const namespace = `store-${store}`;
  const namespaces = await kubectl(machine, "get", "namespaces", "-o", "name");
  const volumes = await kubectl(
    machine,
    ...[
      "get",
      "persistentvolumes",
      "-o",
      "jsonpath={range .items[*]}{.metadata.name} {.spec.claimRef.namespace}\n{end}",
    ],
  );
  return [
    ...namespaces.split("\n").filter((name) => name === `namespace/${namespace}`),
    ...volumes.split("\n").filter((line) => line.endsWith(` ${namespace}`)),
  ];
}
