import type { Summary } from "../events.ts";
import type { JsonObject } from "../json.ts";
import type { Operation } from "../operation.ts";
import { operationWords } from "./names.ts";
import { changeLines } from "./values.ts";

/** The outputs of the stack with what changed; in a preview only when something does. */
export function outputLines(olds: JsonObject, news: JsonObject, preview: boolean): string[] {
  const lines = changeLines(olds, news, 4, { all: !preview });
  return lines.length === 0 ? [] : ["Outputs:", ...lines.map((line) => unmarkedWhenAllNew(line, olds))];
}

/** A stack's first outputs are all new, and saying so at each would only be noise. */
function unmarkedWhenAllNew(line: string, olds: JsonObject): string {
  return Object.keys(olds).length === 0 ? line.replace(/^( +)\+ /, "$1  ") : line;
}

/** How many resources were, or would be, created, updated, … */
export function resourceLines(summary: Summary, errored: number): string[] {
  const order: readonly Operation[] = ["create", "update", "delete", "replace", "read"];
  const changes = order.filter((op) => (summary.resourceChanges[op] ?? 0) > 0);
  const lines = changes.map((op) => {
    const { mark, planned, done } = operationWords[op];
    return `    ${mark}${summary.resourceChanges[op]} ${summary.isPreview ? `to ${planned}` : done}`;
  });
  const total = changes.reduce((sum, op) => sum + (summary.resourceChanges[op] ?? 0), 0);
  const same = summary.resourceChanges.same ?? 0;
  const counts = [...(changes.length > 1 ? [`${total} changes`] : []), ...(same > 0 ? [`${same} unchanged`] : [])];
  if (counts.length > 0) lines.push(`    ${counts.join(". ")}`);
  if (errored > 0) lines.push(`    ${errored} errored`);
  return ["Resources:", ...lines];
}

/** `1s`, `1m5s`. */
export function durationText(seconds: number): string {
  const hours = Math.floor(seconds / 3600);
  const minutes = Math.floor((seconds % 3600) / 60);
  return `${hours > 0 ? `${hours}h` : ""}${hours > 0 || minutes > 0 ? `${minutes}m` : ""}${seconds % 60}s`;
}
