/**
 * Makes the compact, normalised expectations in `recordings/` from a folder of raw recordings of the real CLI. Run once
 * when there are new recordings: `node test/conformance/import-recordings.ts <folder>`.
 */
import { existsSync, mkdirSync, readdirSync, readFileSync, rmSync, writeFileSync } from "node:fs";
import { join } from "node:path";
import { type Json, Normaliser } from "./normalise.ts";
import type { Recording } from "./recording.ts";

interface RawStep {
  id: string;
  title: string;
  program: string;
  command: string;
  exit: number | null;
  signal: string | null;
  note?: string;
}

const [source] = process.argv.slice(2);
if (source === undefined) throw new Error("usage: import-recordings.ts <folder with index.json>");
const target = join(import.meta.dirname, "recordings");
const index: { steps: RawStep[] } = JSON.parse(readFileSync(join(source, "index.json"), "utf8"));
const paths = { programs: "<programs>", state: "<state>", root: "<root>", host: "<host>", user: "root" };
const normaliser = new Normaliser(paths);

rmSync(target, { recursive: true, force: true });
mkdirSync(target, { recursive: true });
// Values of random resources turn up in steps before the first state that holds them.
for (const folder of readdirSync(source)) {
  const state = join(source, folder, "state.json");
  if (existsSync(state)) normaliser.learn(JSON.parse(readFileSync(state, "utf8")));
  const events = join(source, folder, "events.jsonl");
  if (existsSync(events)) normaliser.events(readFileSync(events, "utf8").split("\n"));
}
for (const step of index.steps) {
  writeFileSync(join(target, `${step.id}.json`), `${JSON.stringify(recordingOf(step))}\n`);
}

function recordingOf(step: RawStep): Recording {
  const read = (file: string): string | undefined => {
    const path = join(source ?? "", step.id, file);
    return existsSync(path) ? readFileSync(path, "utf8") : undefined;
  };
  const [events, state, tree] = [read("events.jsonl"), read("state.json"), read("tree.txt")];
  return {
    title: step.title,
    program: step.program,
    arguments: splitCommand(step),
    exit: step.exit,
    signal: step.signal,
    ...(step.note === undefined ? {} : { note: step.note }),
    stdout: normaliser.output(read("stdout.txt") ?? ""),
    stderr: normaliser.text(read("stderr.txt") ?? "").trim(),
    ...(events === undefined ? {} : { events: normaliser.events(events.split("\n")) }),
    ...(state === undefined ? {} : { state: normaliser.state(JSON.parse(state) as Json) }),
    ...(tree === undefined ? {} : { files: normaliser.files(tree.split("\n").filter((line) => line !== "")) }),
  };
}

/** The one argument with a space in it is the bad name of a stack. */
function splitCommand({ command }: RawStep): string[] {
  const words = command.replace(/^pulumi /, "");
  return words === "stack init bad name!" ? ["stack", "init", "bad name!"] : words.split(" ");
}
