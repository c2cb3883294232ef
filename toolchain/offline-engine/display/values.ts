import { isJsonObject, type Json, type JsonObject } from "../json.ts";
import { SIGNATURE_KEY, UNKNOWN_TEXT } from "../value-json.ts";

/** Marks in front of a property that is new, gone or another. */
const MARKS = { add: "+ ", delete: "- ", update: "~ ", same: "  " } as const;
type Change = keyof typeof MARKS;

/** A value as events carry it, on one or several lines; `indent` is that of the line it begins on. */
function valueText(value: Json | undefined, indent: number): string {
  if (value === UNKNOWN_TEXT) return "[unknown]";
  if (isSecretJson(value)) return "[secret]";
  if (typeof value === "string") return JSON.stringify(value);
  if (Array.isArray(value)) return listText(value, indent);
  if (isJsonObject(value)) {
    const lines = propertyLines(value, indent + 4);
    return lines.length === 0 ? "{}" : `{\n${lines.join("\n")}\n${" ".repeat(indent)}}`;
  }
  return String(value ?? "<null>");
}

function listText(items: readonly Json[], indent: number): string {
  if (items.length === 0) return "[]";
  const lines = items.map((item, index) => `${" ".repeat(indent + 4)}[${index}]: ${valueText(item, indent + 4)}`);
  return `[\n${lines.join("\n")}\n${" ".repeat(indent)}]`;
}

/** All properties, aligned. */
export function propertyLines(properties: JsonObject, indent: number): string[] {
  const width = widest(properties);
  return shownKeys(properties).map(
    (key) => `${" ".repeat(indent)}${key.padEnd(width)}: ${valueText(properties[key], indent)}`,
  );
}

/**
 * What differs between two sets of properties, each line with its mark two columns left of the indent. `all` shows what
 * is the same too.
 */
export function changeLines(olds: JsonObject, news: JsonObject, indent: number, { all }: { all: boolean }): string[] {
  const both = { ...olds, ...news };
  const keys = shownKeys(both).filter((key) => all || changeOf(olds[key], news[key]) !== "same");
  const width = Math.max(0, ...keys.map((key) => key.length));
  return keys.flatMap((key) => {
    const change = changeOf(olds[key], news[key]);
    const begin = `${" ".repeat(Math.max(0, indent - 2))}${MARKS[change]}${key.padEnd(width)}: `;
    return [begin + changeText(change, olds[key], news[key], indent, all)];
  });
}

function changeText(
  change: Change,
  old: Json | undefined,
  now: Json | undefined,
  indent: number,
  all: boolean,
): string {
  if (change === "delete") return valueText(old, indent);
  if (change !== "update") return valueText(now, indent);
  if (isJsonObject(old) && isJsonObject(now) && !isSecretJson(old) && !isSecretJson(now)) {
    return `{\n${changeLines(old, now, indent + 4, { all }).join("\n")}\n${" ".repeat(indent)}}`;
  }
  return `${valueText(old, indent)} => ${valueText(now, indent)}`;
}

function changeOf(old: Json | undefined, now: Json | undefined): Change {
  if (old === undefined) return "add";
  if (now === undefined) return "delete";
  return JSON.stringify(old) === JSON.stringify(now) ? "same" : "update";
}

export function isSecretJson(value: Json | undefined): boolean {
  return isJsonObject(value) && SIGNATURE_KEY in value;
}

/** Properties beginning with `__` are notes of providers to themselves. */
function shownKeys(properties: JsonObject): string[] {
  return Object.keys(properties)
    .filter((key) => !key.startsWith("__"))
    .sort();
}

function widest(properties: JsonObject): number {
  return Math.max(0, ...shownKeys(properties).map((key) => key.length));
}
