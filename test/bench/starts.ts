import { readFileSync } from "node:fs";
import { join } from "node:path";
import type { ToolchainContext } from "../../toolchain/lib/context.ts";
import { run } from "../../toolchain/lib/exec.ts";
import { repositoryRoot } from "../../toolchain/lib/paths.ts";
import type { Figure } from "./statistics.ts";

async function npm(...args: string[]): Promise<number> {
  const begin = performance.now();
  await run("npm", args, { cwd: repositoryRoot });
  return (performance.now() - begin) / 1000;
}

/** Seconds the very first start took, as the start command itself wrote them down; `undefined` when it was not here. */
function firstStart(context: ToolchainContext): number | undefined {
  try {
    const [first] = readFileSync(join(context.paths.logs, "starts.jsonl"), "utf8").split("\n");
    const { seconds }: { seconds: number } = JSON.parse(first ?? "");
    return seconds;
  } catch {
    return undefined;
  }
}

/** `npm start` as a user types it: with everything there, and with the cluster stopped. */
export async function measureStarts(context: ToolchainContext): Promise<Figure[]> {
  await npm("start");
  const again = await npm("start");
  await npm("run", "stop");
  const warm = await npm("start");
  const cold = firstStart(context);
  return [
    { what: "npm start, the store is there", unit: "s", value: again, atMost: 15 },
    { what: "npm start, the cluster was stopped", unit: "s", value: warm, atMost: 60 },
    ...(cold === undefined
      ? []
      : [
          {
            what: "npm start, the first on this machine",
            unit: "s" as const,
            value: cold,
            note: "everything fetched or built",
          },
        ]),
  ];
}
