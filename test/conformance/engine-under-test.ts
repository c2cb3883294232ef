import { spawnSync } from "node:child_process";
import { existsSync } from "node:fs";
import { delimiter, join } from "node:path";

/** A `pulumi` to hold to the recordings. */
export interface EngineUnderTest {
  readonly name: "offline engine" | "real CLI";
  readonly command: string;
  readonly version: string;
}

export const repositoryRoot = join(import.meta.dirname, "..", "..");

export const offlineEngine: EngineUnderTest = {
  name: "offline engine",
  command: join(repositoryRoot, "toolchain", "offline-engine", "bin", "pulumi"),
  version: "",
};

/** The real CLI on the PATH or below PULUMI_ROOT, or why there is none. */
export function findRealCli(): EngineUnderTest | { missing: string } {
  const folders = (process.env.PATH ?? "").split(delimiter);
  const root = process.env.PULUMI_ROOT;
  const candidates = [
    ...(root === undefined ? [] : [join(root, "bin", "pulumi")]),
    ...folders.map((folder) => join(folder, "pulumi")),
  ];
  for (const command of candidates.filter((path) => existsSync(path))) {
    const version = spawnSync(command, ["version"], { encoding: "utf8" }).stdout?.trim() ?? "";
    if (/^v3\.\d+\.\d+$/.test(version)) return { name: "real CLI", command, version };
  }
  return { missing: "no real Pulumi CLI on the PATH or below PULUMI_ROOT" };
}
