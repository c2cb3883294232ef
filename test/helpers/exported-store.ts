import { execFile } from "node:child_process";
import { mkdtempSync, readdirSync, readFileSync, symlinkSync } from "node:fs";
import { join } from "node:path";
import { pathToFileURL } from "node:url";
import { promisify } from "node:util";
import { writeExport } from "../../automation-api/cli/write-export.ts";
import { repositoryRoot } from "../../toolchain/lib/paths.ts";
import type { ApiSession } from "../../toolchain/service/api-session.ts";
import { pulumiEnvironmentFor } from "../../toolchain/stores.ts";
import type { Machine } from "./machine.ts";

/** A store that was exported into a folder of its own, with the libraries that `npm install` would bring. */
export interface ExportedStore {
  /** Everything that stands in it, as one text. */
  readonly text: string;
  /** What `pulumi` says to these words in the folder, with nothing of the platform but the passphrase. Fails as it fails. */
  pulumi(...words: string[]): Promise<string>;
}

export async function exportedStore(machine: Machine, session: ApiSession, name: string): Promise<ExportedStore> {
  const folder = mkdtempSync(join(machine.folder, "exported-"));
  const answer = await fetch(`${session.origin}/api/v1/stores/${name}/export`, { headers: { cookie: session.cookie } });
  if (!answer.ok || answer.body === null) throw new Error(await answer.text());
  await writeExport(answer.body, folder);
  const files = readdirSync(folder, { recursive: true, withFileTypes: true }).filter((entry) => entry.isFile());
  const text = files.map((entry) => readFileSync(join(entry.parentPath, entry.name), "utf8")).join("\n");
  symlinkSync(join(repositoryRoot, "node_modules"), join(folder, "node_modules"));
  const { pulumi, cluster, helm } = machine;
  const env = {
    ...process.env,
    ...pulumiEnvironmentFor(pulumi, cluster, helm),
    PULUMI_BACKEND_URL: pathToFileURL(join(folder, "state")).href,
  };
  const command = pulumi.root === undefined ? "pulumi" : join(pulumi.root, "bin", "pulumi");
  return {
    text,
    pulumi: async (...words) => {
      const given = [...words, "--stack", name, "--non-interactive"];
      const { stdout } = await promisify(execFile)(command, given, { cwd: folder, env, timeout: 120_000 });
      return stdout;
    },
  };
}
