import { join } from "node:path";
import { cached, isCached } from "../lib/cache.ts";
import type { ToolchainContext } from "../lib/context.ts";
import { catalogue, type ToolName } from "./catalogue.ts";
import { downloadOfficial } from "./download.ts";
import { buildFromGo } from "./go-build.ts";
import type { GoSource } from "./tool.ts";

function cacheKey(name: ToolName): string {
  return join("tools", name, catalogue[name].version);
}

/** What its folder has to have: a build made before the catalogue named one of them is no use. */
function partsOf(name: ToolName): string[] {
  const { packages, folders = {} }: GoSource = catalogue[name].go;
  return [...Object.keys(packages), ...Object.keys(folders)];
}

/** The folder with the tool's binaries: taken from the cache, else downloaded, else built from Go modules. */
export function ensureToolFolder(context: ToolchainContext, name: ToolName): Promise<string> {
  const make = async (folder: string) => {
    const tool = catalogue[name];
    const title = `Getting ${name} ${tool.version}`;
    await context.reporter.step(title, tool.buildSeconds, async (step) => {
      if (tool.download !== undefined) {
        step.say("downloading the official build");
        if (await downloadOfficial(context, tool.download, Object.keys(tool.go.packages), folder)) return;
      }
      await buildFromGo(context, tool.go, folder, step);
    });
  };
  return cached(context, cacheKey(name), make, { holds: partsOf(name) });
}

/** Path of a tool's binary, which exists when the promise resolves. */
export async function ensureTool(context: ToolchainContext, name: ToolName): Promise<string> {
  return join(await ensureToolFolder(context, name), name);
}

/** The tools among `names` that would have to be downloaded or built. */
export async function missingTools(context: ToolchainContext, names: readonly ToolName[]): Promise<ToolName[]> {
  const present = await Promise.all(names.map((name) => isCached(context, cacheKey(name), { holds: partsOf(name) })));
  return names.filter((_name, index) => present[index] === false);
}
