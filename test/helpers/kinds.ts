import { readdirSync } from "node:fs";
import { join } from "node:path";
import { kubectl } from "./kubectl.ts";
import type { Machine } from "./machine.ts";

/** Definitions of kinds in a folder; beside them may lie a file for kustomize. */
const definitionsIn = (folder: string) =>
  readdirSync(folder)
    .filter((file) => file.endsWith(".yaml") && file !== "kustomization.yaml")
    .flatMap((file) => ["--filename", join(folder, file)]);

/**
 * Teaches the cluster the kinds whose definitions are in these folders. What it gives makes the cluster forget those that it did
 * not know before, and with them their objects.
 */
export async function teachKinds(
  machine: Pick<Machine, "cluster" | "kubectl">,
  folders: readonly string[],
): Promise<() => Promise<void>> {
  const names = (text: string) => text.split("\n").filter((line) => line !== "");
  const known = new Set(names(await kubectl(machine, "get", "crd", "--output", "name")));
  const flags = folders.flatMap(definitionsIn);
  // By the server: some definitions are too large for the annotation that kubectl would keep.
  const taught = names(
    await kubectl(machine, "apply", "--server-side", "--force-conflicts", "--output", "name", ...flags),
  );
  await kubectl(machine, "wait", ...taught, "--for=condition=Established", "--timeout=60s");
  const strange = taught.filter((name) => !known.has(name));
  return async () => {
    if (strange.length > 0) await kubectl(machine, "delete", "--ignore-not-found", ...strange);
  };
}
