import { readFileSync } from "node:fs";
import { join } from "node:path";
import { parse } from "yaml";
import type { Config } from "./config.ts";
import { askPulumi, NoSuchStack } from "./pulumi-question.ts";
import { createWorkFolders } from "./work-folders.ts";

/** What `pulumi stack export` prints of a store's stack, secrets encrypted; `undefined` when there is no such stack. */
export type ExportState = (stack: string) => Promise<unknown>;

/** Asked without the Automation API, and in folders of its own: a worker may be working in the stack's. */
export function createStateExporter(config: Pick<Config, "pulumi" | "storeProgram" | "workFolders">): ExportState {
  const { root, inherited, environment } = config.pulumi;
  const command = root === undefined ? "pulumi" : join(root, "bin", "pulumi");
  return async (stack) => {
    const project: Record<string, unknown> = parse(readFileSync(join(config.storeProgram, "Pulumi.yaml"), "utf8"));
    const folders = createWorkFolders(join(config.workFolders, ".export"), config.storeProgram, project);
    const question = { command, folder: folders.take(stack), stack, words: ["export"] };
    try {
      return await askPulumi({ ...question, environment: { ...inherited, ...environment } });
    } catch (error) {
      if (error instanceof NoSuchStack) return undefined;
      throw error;
    } finally {
      folders.remove(stack);
    }
  };
}
