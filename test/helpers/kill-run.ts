import { setTimeout as sleep } from "node:timers/promises";
import { expect } from "vitest";
import { StackError } from "../../automation-api/stack-runner.ts";
import { descendants } from "./processes.ts";

/** Processes of the stack's run in progress: the CLI first, then what it started. */
export function processesOfRun(stack: string): number[] {
  const isEngine = ({ command }: { command: string }) =>
    / (up|destroy|refresh|cancel) /.test(command) && command.includes(stack);
  const engine = descendants().find(isEngine);
  return engine === undefined ? [] : [engine.pid, ...descendants(engine.pid).map(({ pid }) => pid)];
}

/** Answers whether there was something to kill. */
function killRun(stack: string, everything: boolean): boolean {
  const [engine, ...others] = processesOfRun(stack);
  if (engine === undefined) return false;
  for (const pid of everything ? [engine, ...others] : [engine]) {
    try {
      process.kill(pid, "SIGKILL");
    } catch {
      // It ended by itself in between.
    }
  }
  return true;
}

export interface Kill {
  /** How long after the beginning; between two processes of a run it waits for the second. */
  readonly milliseconds: number;
  /** Whether what the engine has started is killed with it. */
  readonly everything: boolean;
}

/** Does a run of the stack and kills it. Answers whether it was killed, or had ended before. */
export async function runAndKill(
  stack: string,
  work: () => Promise<unknown>,
  { milliseconds, everything }: Kill,
): Promise<boolean> {
  let ended = false;
  const run = work()
    .catch((error: unknown) => expect(error).toBeInstanceOf(StackError))
    .finally(() => {
      ended = true;
    });
  await sleep(milliseconds);
  let killed = false;
  while (!ended && !killed) {
    killed = killRun(stack, everything);
    if (!killed) await sleep(50);
  }
  await run;
  return killed;
}
