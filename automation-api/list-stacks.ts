import { execFile } from "node:child_process";
import { join } from "node:path";
import { promisify } from "node:util";
import { z } from "zod";
import { createWorkFolders } from "./work-folders.ts";

const listSchema = z.array(z.object({ name: z.string() }));

/** Reading takes a second or two; after so many milliseconds nothing comes any more. */
const PATIENCE = 60_000;

export interface ListStacksOptions {
  /** Folder that holds `bin/pulumi`; `undefined` takes `pulumi` from the PATH. */
  readonly pulumiRoot: string | undefined;
  readonly project: string;
  readonly workFolders: string;
  /** Whole environment of the process. */
  readonly environment: Readonly<Record<string, string | undefined>>;
}

/**
 * Names of the stacks of a project. Asked without the Automation API, which costs 90 MB that a worker without work does
 * not need otherwise.
 */
export async function listStacks({
  pulumiRoot,
  project,
  workFolders,
  environment,
}: ListStacksOptions): Promise<readonly string[]> {
  const folder = createWorkFolders(workFolders, "", { name: project, runtime: "nodejs" }).takeAny();
  const command = pulumiRoot === undefined ? "pulumi" : join(pulumiRoot, "bin", "pulumi");
  const options = { cwd: folder, env: environment, timeout: PATIENCE, killSignal: "SIGKILL" } as const;
  const { stdout } = await promisify(execFile)(command, ["stack", "ls", "--json", "--non-interactive"], options);
  return listSchema.parse(JSON.parse(stdout)).map(({ name }) => name);
}
