import { z } from "zod";
import { CommandError, run } from "../lib/exec.ts";
import { repositoryRoot } from "../lib/paths.ts";
import { ToolchainProblem } from "../lib/problem.ts";
import type { InstalledPlatform } from "./installed-platform.ts";

const POD = "roll-back";
/** Seconds that taking back may take. */
const PATIENCE = 300;

const jobsSchema = z.object({
  items: z.array(
    z.looseObject({
      spec: z.looseObject({
        template: z.looseObject({
          metadata: z.looseObject({ labels: z.record(z.string(), z.string()) }),
          spec: z.looseObject({ containers: z.array(z.looseObject({ name: z.string() })) }),
        }),
      }),
    }),
  ),
});

/** Names of the migrations that a version of this repository knows, such as `v0.1.0` or a commit. */
export async function migrationsOf(version: string): Promise<readonly string[]> {
  const folder = "automation-api/database/migrations/";
  try {
    const tree = ["-C", repositoryRoot, "ls-tree", "--name-only", "--end-of-options", version, folder];
    const { stdout } = await run("git", tree);
    return stdout.split("\n").flatMap((path) => (path.endsWith(".ts") ? [path.slice(folder.length, -3)] : []));
  } catch (cause) {
    if (!(cause instanceof CommandError)) throw cause;
    const remedy = "Name a tag or a commit, and bring the history: git fetch --unshallow --tags.";
    throw new ToolchainProblem(`This checkout knows no version "${version}".`, remedy, { cause });
  }
}

export interface RollBackWish {
  /** Names of the migrations that the older version knows. */
  readonly known: readonly string[];
  /** Image of the API of this version: the older one does not know what is to be taken back. */
  readonly image: string;
  /** Whether only to find out if it can be done. */
  readonly check: boolean;
}

/**
 * Takes back what an older version does not know of the platform's database, by a pod of this version. Gives a sentence; throws a
 * ToolchainProblem with one when it cannot be done.
 */
export async function rollBackPlatform({ kubectl }: InstalledPlatform, wish: RollBackWish): Promise<string> {
  const selector = "app.kubernetes.io/component=migration";
  const { items } = jobsSchema.parse(
    JSON.parse(await kubectl(["get", "jobs", "--selector", selector, "--output=json"])),
  );
  const template = items.at(-1)?.spec.template;
  if (template === undefined)
    throw new ToolchainProblem("The platform has no migration.", "Run npm run platform first.");
  const command = ["node", "automation-api/roll-back.ts", ...(wish.check ? ["--check"] : []), ...wish.known];
  const containers = template.spec.containers.map((each) => ({
    ...each,
    name: POD,
    image: wish.image,
    command,
    args: [],
  }));
  const pod = {
    apiVersion: "v1",
    kind: "Pod",
    metadata: { name: POD, labels: template.metadata.labels },
    spec: { ...template.spec, containers },
  };
  const remove = () => kubectl(["delete", "pod", POD, "--ignore-not-found", "--wait=true"]);
  await remove();
  await kubectl(["create", "--filename", "-"], { input: JSON.stringify(pod) });
  try {
    const state = "{.status.containerStatuses[0].state.terminated";
    await kubectl(["wait", `pod/${POD}`, `--for=jsonpath=${state}}`, `--timeout=${PATIENCE}s`]);
    const said = (await kubectl(["logs", POD])).trim();
    if ((await kubectl(["get", "pod", POD, `--output=jsonpath=${state}.exitCode}`])).trim() === "0") return said;
    throw new ToolchainProblem(said, "Nothing was changed.");
  } finally {
    await remove();
  }
}
