import { randomInt } from "node:crypto";
import type { Properties } from "../../values.ts";

const LOWER = "abcdefghijklmnopqrstuvwxyz";
const UPPER = "ABCDEFGHIJKLMNOPQRSTUVWXYZ";
const NUMERIC = "0123456789";
const SPECIAL = "!@#$%&*()-_=+[]{}<>:?";

/** A random text with at least the wished number of characters of every kind, in random order. */
export function randomCharacters(inputs: Properties): string {
  const special =
    typeof inputs.overrideSpecial === "string" && inputs.overrideSpecial !== "" ? inputs.overrideSpecial : SPECIAL;
  const kinds = [
    { on: inputs.lower, least: inputs.minLower, from: LOWER },
    { on: inputs.upper, least: inputs.minUpper, from: UPPER },
    { on: inputs.numeric, least: inputs.minNumeric, from: NUMERIC },
    { on: inputs.special, least: inputs.minSpecial, from: special },
  ];
  const length = Number(inputs.length);
  const chosen = kinds.flatMap(({ least, from }) => pick(from, Number(least ?? 0)));
  if (chosen.length > length)
    throw new Error(`length ${length} is less than the ${chosen.length} characters asked for by kind`);
  const all = kinds
    .filter(({ on }) => on === true)
    .map(({ from }) => from)
    .join("");
  if (all === "") throw new Error("at least one of lower, upper, numeric and special must be true");
  return shuffled([...chosen, ...pick(all, length - chosen.length)]).join("");
}

function pick(from: string, count: number): string[] {
  return Array.from({ length: count }, () => from.charAt(randomInt(from.length)));
}

function shuffled<T>(items: T[]): T[] {
  const result: T[] = [];
  for (const item of items) result.splice(randomInt(result.length + 1), 0, item);
  return result;
}
