import { existsSync, readdirSync, readFileSync, statSync } from "node:fs";
import { join } from "node:path";
import { parse } from "yaml";
import { holdsUnknown, type Properties, type Value } from "../../values.ts";
import { textAt } from "../kubernetes/objects.ts";
import { chartArguments } from "./helm-arguments.ts";
import type { Helm } from "./helm-command.ts";

/**
 * The exact version of the chart an input names, or `undefined` when that is not known yet. Throws Helm's own words when
 * there is no such chart.
 */
export async function chartVersion(inputs: Properties, helm: Helm): Promise<string | undefined> {
  const { chart, version, repositoryOpts } = inputs;
  if ([chart, version, repositoryOpts].some(holdsUnknown)) return undefined;
  const folder = textAt(inputs, "chart") ?? "";
  const file = join(folder, "Chart.yaml");
  if (existsSync(file)) return versionIn(readFileSync(file, "utf8"));
  if (looksLikePath(folder) && !existsSync(folder)) throw new Error(`path "${folder}" not found`);
  return versionIn(await helm.run(["show", "chart", ...chartArguments(inputs)]));
}

function versionIn(text: string): string {
  const metadata: Value = parse(text);
  return textAt(metadata, "version") ?? "";
}

function looksLikePath(chart: string): boolean {
  return chart === "" || chart.startsWith(".") || chart.startsWith("/");
}

/**
 * Whether a chart is a plain folder without hooks. Only then does nothing have to run after its objects are ready, and
 * the waiting need not be Helm's.
 */
export function isPlainFolder(chart: string): boolean {
  if (!existsSync(join(chart, "Chart.yaml")) || !statSync(chart).isDirectory()) return false;
  return [join(chart, "templates"), join(chart, "charts")].filter(existsSync).every((folder) =>
    readdirSync(folder, { recursive: true, withFileTypes: true })
      .filter((entry) => entry.isFile())
      .every((entry) => {
        // Archived subcharts could hold anything.
        if (entry.name.endsWith(".tgz")) return false;
        return !readFileSync(join(entry.parentPath, entry.name), "utf8").includes("helm.sh/hook");
      }),
  );
}
