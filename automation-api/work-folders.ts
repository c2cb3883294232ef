import { existsSync, mkdirSync, readdirSync, rmSync } from "node:fs";
import { join } from "node:path";
import { stringify } from "yaml";
import { replaceFile } from "./replace-file.ts";

/** How many copies of a stack's state are kept. */
const COPIES = 5;

/** Folders in which stacks work, one for each, so that two never share a "current stack" or a configuration file. */
export interface WorkFolders {
  /** The folder of a stack, with the project in it; made when it is not there. */
  take(stack: string): string;
  /** A folder for questions about no stack in particular. */
  takeAny(): string;
  /** Where the CLI keeps a stack's configuration. */
  configFile(stack: string): string;
  hasConfig(stack: string): boolean;
  /** Keeps an exported state, and the few before it. */
  keepCopy(stack: string, exported: unknown): void;
  remove(stack: string): void;
}

/** Work folders below `root` for the stacks of one program. */
export function createWorkFolders(
  root: string,
  program: string,
  project: Readonly<Record<string, unknown>>,
): WorkFolders {
  const configFile = (stack: string) => join(root, stack, `Pulumi.${stack}.yaml`);
  function take(stack: string, content: object): string {
    const folder = join(root, stack);
    mkdirSync(folder, { recursive: true, mode: 0o700 });
    replaceFile(join(folder, "Pulumi.yaml"), stringify(content));
    return folder;
  }
  return {
    take: (stack) => take(stack, { ...project, main: program }),
    takeAny: () => take(".list", project),
    configFile,
    hasConfig: (stack) => existsSync(configFile(stack)),
    keepCopy(stack, exported) {
      const folder = join(root, stack);
      const name = `state-${new Date().toISOString().replaceAll(":", "-")}.json`;
      replaceFile(join(folder, name), JSON.stringify(exported), 0o600);
      const copies = readdirSync(folder).filter((file) => /^state-.*\.json$/.test(file));
      for (const old of copies.toSorted().slice(0, -COPIES)) rmSync(join(folder, old), { force: true });
    },
    remove: (stack) => rmSync(join(root, stack), { recursive: true, force: true }),
  };
}
