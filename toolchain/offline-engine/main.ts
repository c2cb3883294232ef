/**
 * Storefleet's offline engine: a `pulumi` for machines that cannot have the real one.
 *
 * Terminology
 * - stack        one deployment of a program; `organization/<project>/<stack>`
 * - resource     one thing the program declares; custom (a provider manages it) or component (a group)
 * - goal         what the program wants a resource to be, as it registers it
 * - state        what is known of all resources of a stack; a snapshot of it in a file is the checkpoint
 * - step         one thing to do to one resource: same, create, update, replace, delete, read, refresh
 * - provider     the module that makes the real things of one package: kubernetes, random
 * - monitor      the gRPC service the running program registers its goals with
 * - language host the process that runs the program
 * - event        what the engine says while it works; displays and `--event-log` show the same events
 * - backend      the folder with all checkpoints, locks and histories
 * - unknown      a value only the real update will bring, in a preview
 *
 * Way of an update: cli/ reads the command → backend/ locks the stack and reads the state → language-host.ts starts the
 * program → monitor.ts takes goals → deployment/registrar.ts and planner.ts make steps → deployment/executor.ts asks
 * providers/ and keeps the state through snapshot-writer.ts → what is left over is deleted → display/ sums up.
 */
import type { Command } from "./cli/command.ts";
import { EngineProblem } from "./problem.ts";
import { BANNER, VERSION } from "./version.ts";

type Table = Readonly<Record<string, Command>>;

/** Where commands live by their first word; loaded only when used, so that small commands stay fast. */
const tables: Readonly<Record<string, () => Promise<{ commands: Table }>>> = {
  stack: () => import("./cli/stack-commands.ts"),
  config: () => import("./cli/config-commands.ts"),
  preview: () => import("./cli/run-commands.ts"),
  up: () => import("./cli/run-commands.ts"),
  refresh: () => import("./cli/run-commands.ts"),
  destroy: () => import("./cli/run-commands.ts"),
  whoami: () => import("./cli/small-commands.ts"),
  about: () => import("./cli/small-commands.ts"),
  cancel: () => import("./cli/small-commands.ts"),
  plugin: () => import("./cli/small-commands.ts"),
  install: () => import("./cli/small-commands.ts"),
  login: () => import("./cli/small-commands.ts"),
};

/** Commands whose words can only be the names of further commands. */
const GROUPS: ReadonlySet<string> = new Set(["stack", "config", "plugin"]);

const SYNONYMS: Readonly<Record<string, string>> = { update: "up", pre: "preview", down: "destroy", dn: "destroy" };

async function main(given: readonly string[]): Promise<void> {
  const commandWords = given.filter((word) => !word.startsWith("-"));
  const first = SYNONYMS[commandWords[0] ?? ""] ?? commandWords[0];
  if (first === "version" || (first === undefined && given.includes("--version"))) {
    process.stdout.write(`${given.includes("--verbose") || given.includes("-v") ? BANNER : VERSION}\n`);
    return;
  }
  if (first === undefined || first === "help") return printHelp();
  const load = Object.hasOwn(tables, first) ? tables[first] : undefined;
  if (load === undefined) throw await unknownCommand(first);
  const { commands } = await load();
  const { name, rest } = longestMatch(commands, given, first);
  await runCommand(name, commands[name], rest);
}

async function runCommand(name: string, command: Command | undefined, rest: readonly string[]): Promise<void> {
  if (command === undefined) throw await unknownCommand(name);
  const { parseArguments } = await import("./cli/arguments.ts");
  const parsed = parseArguments(name, rest, command.flags);
  if (parsed.has("help")) {
    const flags = Object.keys(command.flags).map((flag) => `  --${flag}`);
    process.stdout.write([`${command.summary} (pulumi ${name})`, "", "Flags:", ...flags, ""].join("\n"));
    return;
  }
  const [stray] = GROUPS.has(name) ? parsed.words : [];
  if (stray !== undefined) throw await unknownCommand(`${name} ${stray}`);
  const { Workspace } = await import("./cli/workspace.ts");
  await command.run(new Workspace(parsed, process.env), parsed);
}

/** The longest command the first words name, and everything else: `stack tag set a b` → `stack tag set`, `a b`. */
function longestMatch(commands: Table, given: readonly string[], first: string): { name: string; rest: string[] } {
  const positions = given.flatMap((word, index) => (word.startsWith("-") ? [] : [index]));
  for (let length = 3; length > 1; length -= 1) {
    const used = positions.slice(0, length);
    const name = [first, ...used.slice(1).map((index) => given[index])].join(" ");
    if (used.length === length && Object.hasOwn(commands, name)) return { name, rest: without(given, used) };
  }
  return { name: first, rest: without(given, positions.slice(0, 1)) };
}

function without(given: readonly string[], indexes: readonly number[]): string[] {
  return given.filter((_, index) => !indexes.includes(index));
}

async function unknownCommand(name: string): Promise<EngineProblem> {
  const { refuse } = await import("./problem.ts");
  return refuse(`The command 'pulumi ${name}'`);
}

async function printHelp(): Promise<void> {
  const loaded = await Promise.all(Object.values(tables).map((load) => load()));
  const all = Object.assign({}, ...loaded.map(({ commands }) => commands)) satisfies Table;
  const lines = Object.entries<Command>(all).map(([name, { summary }]) => `  ${name.padEnd(18)}${summary}`);
  process.stdout.write([BANNER, "", "Usage: pulumi <command> [flags]", "", ...lines, ""].join("\n"));
}

// A reader that goes away must not end an update in the middle: it goes on and keeps its state.
for (const stream of [process.stdout, process.stderr]) stream.on("error", () => {});

try {
  await main(process.argv.slice(2));
} catch (error) {
  const problem = error instanceof EngineProblem ? error : undefined;
  if (problem === undefined)
    process.stderr.write(`error: ${error instanceof Error ? (error.stack ?? error.message) : String(error)}\n`);
  else if (problem.message !== "") process.stderr.write(`error: ${problem.message}\n`);
  process.exitCode = problem?.exitCode ?? 255;
}
