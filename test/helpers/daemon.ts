import { spawn } from "node:child_process";
import { once } from "node:events";
import { setTimeout as sleep } from "node:timers/promises";

/** A program of others that serves while a test asks it. */
export interface Daemon {
  /** What it has printed so far. */
  said(): string;
  /** Tells it something; SIGSTOP lets it stand still, SIGKILL ends it in the midst of what it does. */
  signal(name: NodeJS.Signals): void;
  stop(): Promise<void>;
}

/** Starts a program. It ends with the test at the latest. */
export function startDaemon(
  file: string,
  args: readonly string[],
  env: Readonly<Record<string, string>> = {},
  cwd?: string,
): Daemon {
  const child = spawn(file, args, { cwd, env: { PATH: process.env.PATH, ...env }, stdio: ["ignore", "pipe", "pipe"] });
  const output: string[] = [];
  for (const stream of [child.stdout, child.stderr]) {
    stream.setEncoding("utf8").on("data", (text: string) => void output.push(text));
  }
  child.on("error", (error) => void output.push(String(error)));
  const end = () => void child.kill("SIGKILL");
  process.once("exit", end);
  return {
    said: () => output.join(""),
    signal: (name) => void child.kill(name),
    async stop() {
      process.removeListener("exit", end);
      if (child.exitCode !== null || child.signalCode !== null) return;
      const ended = once(child, "exit");
      child.kill("SIGTERM");
      // One that stands still would never hear it.
      child.kill("SIGCONT");
      await ended;
    },
  };
}

/** Asks until there is an answer other than `undefined`. Fails after so many seconds, with what is said meanwhile. */
export async function eventually<T>(
  seconds: number,
  what: string,
  ask: () => Promise<T | undefined>,
  said: () => string = () => "",
): Promise<T> {
  const end = performance.now() + seconds * 1000;
  let last = "";
  while (performance.now() < end) {
    try {
      const answer = await ask();
      if (answer !== undefined) return answer;
    } catch (error) {
      last = String(error);
    }
    await sleep(250);
  }
  throw new Error(`After ${seconds} s still not: ${what}. ${last}\n${said().slice(-3000)}`);
}
