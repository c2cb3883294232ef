import { chmodSync, mkdirSync, readFileSync, writeFileSync } from "node:fs";
import { delimiter, join } from "node:path";
import { run } from "../../toolchain/lib/exec.ts";
import { repositoryRoot } from "../../toolchain/lib/paths.ts";
import type { TestCluster } from "./cluster.ts";

// infra/RUNBOOKS.md as somebody reads it who types what stands there: drills take their commands from the text itself.

const text = readFileSync(join(repositoryRoot, "infra", "RUNBOOKS.md"), "utf8");

function sectionOf(heading: string): string {
  const [, section] = text.split(`\n## ${heading}\n`);
  if (section === undefined) throw new Error(`The runbooks have no section "${heading}".`);
  return section.split("\n## ")[0] ?? "";
}

/** The blocks of commands of a section, in their order. */
export function runbookBlocks(heading: string): string[] {
  return [...sectionOf(heading).matchAll(/^```sh\n(.*?)^```$/gms)].map(([, block = ""]) => block);
}

/** The one command within a section's sentences that holds these words. */
export function runbookCommand(heading: string, words: string): string {
  const spans = [
    ...sectionOf(heading)
      .replaceAll("\n", " ")
      .matchAll(/`([^`]+)`/g),
  ].map(([, span = ""]) => span);
  const [found, ...others] = spans.filter((span) => span.includes(words));
  if (found === undefined || others.length > 0) throw new Error(`"${words}" is not in one command of "${heading}".`);
  return found.replaceAll(/ +/g, " ");
}

/**
 * Types commands into a shell whose kubectl leads to a cluster, and gives what they print. Fails when one of them does.
 * @param folder where files are written and read
 * @param namespace the platform's
 */
export function operatorOf(
  { cluster, kubectl }: Pick<TestCluster, "cluster" | "kubectl">,
  folder: string,
  namespace = "storefleet-system",
) {
  const programs = join(folder, "programs");
  mkdirSync(programs, { recursive: true });
  const flags = `--kubeconfig '${cluster.kubeconfig}' --context '${cluster.context}' --namespace ${namespace}`;
  writeFileSync(join(programs, "kubectl"), `#!/bin/sh\nexec '${kubectl}' ${flags} "$@"\n`);
  chmodSync(join(programs, "kubectl"), 0o755);
  const env = { PATH: [programs, process.env.PATH].join(delimiter) };
  /** @param words what stands for each `<…>` of the text */
  return async (commands: string, words: Readonly<Record<string, string>> = {}): Promise<string> => {
    const typed = Object.entries(words).reduce((line, [word, value]) => line.replaceAll(`<${word}>`, value), commands);
    if (/<[a-z]+>/.test(typed)) throw new Error(`Nothing stands for a word of: ${typed}`);
    const { stdout, stderr } = await run("sh", ["-euc", typed], { cwd: folder, env, timeoutSeconds: 300 });
    return stdout + stderr;
  };
}
