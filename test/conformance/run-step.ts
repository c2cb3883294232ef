import { spawn } from "node:child_process";
import { existsSync, readdirSync, readFileSync, rmSync, statSync } from "node:fs";
import { join, relative } from "node:path";
import type { EngineUnderTest } from "./engine-under-test.ts";
import type { Json, Normaliser } from "./normalise.ts";
import type { Recording } from "./recording.ts";

/** Folders of one run through the recordings. */
export interface Place {
  readonly folder: string;
  readonly programs: string;
  readonly state: string;
  readonly environment: NodeJS.ProcessEnv;
}

/** What a command did, in the form of a recording. */
export type Outcome = Pick<Recording, "exit" | "signal" | "stdout" | "stderr" | "events" | "state" | "files">;

/** What an update that will be interrupted says when it waits for the release, as in the recordings. */
const WAITING = /release updating/;

/** Milliseconds it may wait before the interruption. */
const INTERRUPT_AFTER = 3000;

/** Gives an engine the command of a recording and gathers what the recording has. */
export async function runStep(
  id: string,
  recording: Recording,
  engine: EngineUnderTest,
  place: Place,
  normaliser: Normaliser,
): Promise<Outcome> {
  const log = join(place.folder, "events.jsonl");
  rmSync(log, { force: true });
  const words = recording.arguments.map((word) => (word === "FILE" ? log : word));
  const ended = await spawned(engine.command, [...words, "--non-interactive", "--color", "never"], {
    cwd: join(place.programs, recording.program),
    env: environmentOf(id, place),
    interrupt: interruptOf(id),
  });
  const stateFile = join(place.state, ".pulumi", "stacks", recording.program, `${stackOf(recording)}.json`);
  if (existsSync(stateFile)) normaliser.learn(JSON.parse(readFileSync(stateFile, "utf8")));
  const events = existsSync(log) ? normaliser.events(readFileSync(log, "utf8").split("\n")) : undefined;
  return {
    exit: ended.exit,
    signal: ended.signal,
    stdout: normaliser.output(ended.stdout),
    stderr: normaliser.text(ended.stderr).trim(),
    ...(recording.events === undefined || events === undefined ? {} : { events }),
    ...(recording.state === undefined ? {} : { state: normaliser.state(readState(stateFile)) }),
    ...(recording.files === undefined ? {} : { files: normaliser.files(filesBelow(place.state)) }),
  };
}

function readState(file: string): Json {
  return existsSync(file) ? JSON.parse(readFileSync(file, "utf8")) : null;
}

function stackOf(recording: Recording): string {
  return recording.program === "store" ? "shop" : "dev";
}

function environmentOf(id: string, place: Place): NodeJS.ProcessEnv {
  const { PULUMI_CONFIG_PASSPHRASE: right, ...rest } = place.environment;
  if (id === "049-no-passphrase") return rest;
  return { ...rest, PULUMI_CONFIG_PASSPHRASE: id === "048-wrong-passphrase" ? "wrong" : right };
}

function interruptOf(id: string): NodeJS.Signals | undefined {
  if (id === "079-store-up-interrupted-by-sigint") return "SIGINT";
  return id === "081-store-up-killed" ? "SIGKILL" : undefined;
}

interface SpawnOptions {
  cwd: string;
  env: NodeJS.ProcessEnv;
  interrupt: NodeJS.Signals | undefined;
}

function spawned(command: string, words: string[], { cwd, env, interrupt }: SpawnOptions) {
  return new Promise<{ exit: number | null; signal: string | null; stdout: string; stderr: string }>(
    (resolve, reject) => {
      const child = spawn(command, words, { cwd, env, stdio: ["ignore", "pipe", "pipe"], detached: true });
      const text = { stdout: "", stderr: "" };
      let timer: NodeJS.Timeout | undefined;
      const interruptSoon = (signal: NodeJS.Signals) => {
        // The kill is meant for everything the command has started, the interrupt for the command alone.
        timer ??= setTimeout(
          () => process.kill(signal === "SIGKILL" ? -child.pid! : child.pid!, signal),
          INTERRUPT_AFTER,
        );
      };
      child.stdout.on("data", (data: Buffer) => {
        text.stdout += data.toString();
        if (interrupt !== undefined && WAITING.test(text.stdout)) interruptSoon(interrupt);
      });
      child.stderr.on("data", (data: Buffer) => {
        text.stderr += data.toString();
      });
      child.once("error", reject);
      child.once("close", (exit, signal) => {
        clearTimeout(timer);
        resolve({ exit, signal, ...text });
      });
    },
  );
}

function filesBelow(folder: string): string[] {
  const walk = (path: string): string[] =>
    readdirSync(path).flatMap((name) => {
      const child = join(path, name);
      return statSync(child).isDirectory() ? walk(child) : [`/${relative(folder, child)}`];
    });
  return walk(folder);
}
