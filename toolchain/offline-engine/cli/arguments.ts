import { EngineProblem, refuse } from "../problem.ts";

/** Flags of a command: `value` takes one, `values` may be given more than once, `switch` takes none. */
export type FlagKinds = Readonly<Record<string, "switch" | "value" | "values">>;

export interface Arguments {
  readonly words: readonly string[];
  has(flag: string): boolean;
  value(flag: string): string | undefined;
  values(flag: string): readonly string[];
  /** All occurrences of repeatable flags in the order they were given. */
  readonly ordered: readonly { flag: string; value: string }[];
}

/** Flags every command takes. Those about logging and colour are accepted and have no effect here. */
const COMMON: FlagKinds = {
  stack: "value",
  cwd: "value",
  color: "value",
  "non-interactive": "switch",
  emoji: "switch",
  "disable-integrity-checking": "switch",
  logtostderr: "switch",
  logflow: "switch",
  verbose: "value",
  tracing: "value",
  profiling: "value",
  memprofilerate: "value",
  debug: "switch",
  help: "switch",
  yes: "switch",
  "fully-qualify-stack-names": "switch",
  "config-file": "value",
};

const SHORT: Readonly<Record<string, string>> = {
  s: "stack",
  C: "cwd",
  v: "verbose",
  y: "yes",
  j: "json",
  e: "emoji",
  d: "debug",
  h: "help",
  p: "parallel",
  f: "force",
  m: "message",
  r: "refresh",
  c: "config",
  i: "show-ids",
  a: "all",
  u: "show-urns",
};

/** Reads the words and flags of a command. An unknown flag is refused by name. */
export function parseArguments(command: string, given: readonly string[], kinds: FlagKinds): Arguments {
  const known: FlagKinds = { ...COMMON, ...kinds };
  const words: string[] = [];
  const ordered: { flag: string; value: string }[] = [];
  const rest = [...given];
  for (let word = rest.shift(); word !== undefined; word = rest.shift()) {
    if (word === "--") {
      words.push(...rest.splice(0));
    } else if (!word.startsWith("-") || word === "-") {
      words.push(word);
    } else {
      const [flag, inline] = splitFlag(word);
      const kind = Object.hasOwn(known, flag) ? known[flag] : undefined;
      if (kind === undefined) throw refuse(`The flag --${flag} of 'pulumi ${command}'`);
      const value = kind === "switch" ? (inline ?? "true") : (inline ?? rest.shift());
      if (value === undefined) throw new EngineProblem(`flag needs an argument: --${flag}`);
      ordered.push({ flag, value });
    }
  }
  const values = (flag: string) => ordered.filter((each) => each.flag === flag).map(({ value }) => value);
  return {
    words,
    ordered,
    values,
    value: (flag) => values(flag).at(-1),
    has: (flag) => values(flag).at(-1) !== undefined && values(flag).at(-1) !== "false",
  };
}

function splitFlag(word: string): [string, string | undefined] {
  const bare = word.replace(/^--?/, "");
  const cut = bare.indexOf("=");
  const name = cut < 0 ? bare : bare.slice(0, cut);
  const flag = word.startsWith("--") ? name : (SHORT[name] ?? name);
  return [flag, cut < 0 ? undefined : bare.slice(cut + 1)];
}

/** A positional word that has to be there. */
export function wordAt(words: readonly string[], index: number, name: string): string {
  const word = words[index];
  if (word === undefined) throw new EngineProblem(`missing argument: ${name}`);
  return word;
}
