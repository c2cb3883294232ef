import { run } from "../../toolchain/lib/exec.ts";
import type { TestCluster } from "./cluster.ts";

type Place = Pick<TestCluster, "cluster" | "kubectl">;

/** Runs kubectl on the cluster and gives its standard output. */
export function kubectl(on: Place, ...args: string[]): Promise<string> {
  return execute(on, args, {});
}

/** The same with an object on its standard input, which `--filename -` reads. */
export function kubectlWith(on: Place, object: object, ...args: string[]): Promise<string> {
  return execute(on, [...args, "--filename", "-"], { input: JSON.stringify(object) });
}

/** The same with a text on its standard input. */
export function kubectlReading(on: Place, input: string, ...args: string[]): Promise<string> {
  return execute(on, args, { input });
}

async function execute(
  { cluster, kubectl: file }: Place,
  args: string[],
  options: { input?: string },
): Promise<string> {
  const flags = ["--kubeconfig", cluster.kubeconfig, "--context", cluster.context];
  return (await run(file, [...flags, ...args], { timeoutSeconds: 120, ...options })).stdout;
}

/** Names of what a store leaves in the cluster: its namespace and the volumes that were bound in it. */
export async function leftovers(machine: Place, store: string): Promise<string[]> {
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
