import { expect } from "vitest";
import type { TestCluster } from "./cluster.ts";
import { kubectlWith } from "./kubectl.ts";

/** Has the API server look at objects as if they were to be made, and expects that it takes all of them. Gives their names. */
export async function dryRun(
  machine: Pick<TestCluster, "cluster" | "kubectl">,
  items: readonly object[],
): Promise<string[]> {
  const list = { apiVersion: "v1", kind: "List", items };
  const flags = ["--dry-run=server", "--validate=strict", "--output", "name"];
  const taken = (await kubectlWith(machine, list, "create", ...flags)).trim().split("\n");
  expect(taken).toHaveLength(items.length);
  return taken;
}
