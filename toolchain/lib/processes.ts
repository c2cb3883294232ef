import { spawn } from "node:child_process";
import { closeSync, openSync, readFileSync, rmSync, writeFileSync } from "node:fs";
import { join } from "node:path";
import { setTimeout as sleep } from "node:timers/promises";
import { z } from "zod";
import type { Paths } from "./paths.ts";
import { ToolchainProblem } from "./problem.ts";
import { identify, isAlive } from "./process-identity.ts";

const recordSchema = z.object({ pid: z.number().int(), startTime: z.string().optional(), command: z.string() });
type DaemonRecord = z.infer<typeof recordSchema>;

export interface Daemon {
  /** Unique among our processes; names the record and the log. */
  readonly name: string;
  readonly command: string;
  readonly args: readonly string[];
  /** Added to the environment of this process. */
  readonly env?: Readonly<Record<string, string | undefined>>;
  readonly cwd?: string;
}

function recordFile(paths: Paths, name: string): string {
  return join(paths.run, `${name}.json`);
}

function readRecord(paths: Paths, name: string): DaemonRecord | undefined {
  try {
    return recordSchema.parse(JSON.parse(readFileSync(recordFile(paths, name), "utf8")));
  } catch {
    return undefined;
  }
}

/** The process number of a daemon that lives, otherwise `undefined`. */
export function daemonPid(paths: Paths, name: string): number | undefined {
  const record = readRecord(paths, name);
  if (record === undefined || !isAlive({ pid: record.pid, startTime: record.startTime })) return undefined;
  return record.pid;
}

/** The file to which a daemon writes. */
export function daemonLog(paths: Paths, name: string): string {
  return join(paths.logs, `${name}.log`);
}

/**
 * Starts a process that outlives us (own session, output to its log), unless it already runs.
 * Returns its process number.
 */
export function startDaemon(paths: Paths, daemon: Daemon): number {
  const running = daemonPid(paths, daemon.name);
  if (running !== undefined) return running;
  const log = openSync(daemonLog(paths, daemon.name), "a");
  try {
    const child = spawn(daemon.command, daemon.args, {
      cwd: daemon.cwd,
      detached: true,
      env: { ...process.env, ...daemon.env },
      stdio: ["ignore", log, log],
    });
    // Without a listener a missing program would end this process; the missing pid below tells the story.
    child.on("error", () => undefined);
    if (child.pid === undefined) {
      throw new ToolchainProblem(
        `${daemon.name} could not be started.`,
        `Check that ${daemon.command} exists and runs.`,
      );
    }
    child.unref();
    const record: DaemonRecord = { pid: child.pid, startTime: identify(child.pid)?.startTime, command: daemon.command };
    writeFileSync(recordFile(paths, daemon.name), JSON.stringify(record));
    return child.pid;
  } finally {
    closeSync(log);
  }
}

export interface StopOptions {
  /** How the daemon is asked to end. Default SIGTERM. */
  readonly signal?: NodeJS.Signals;
  /** How long it may take before it gets SIGKILL. Default 10. */
  readonly graceSeconds?: number;
}

/** Ends a daemon: a signal, and SIGKILL after the grace period. Nothing happens when it does not run. */
export async function stopDaemon(paths: Paths, name: string, options: StopOptions = {}): Promise<void> {
  const pid = daemonPid(paths, name);
  if (pid !== undefined) {
    process.kill(pid, options.signal ?? "SIGTERM");
    const deadline = Date.now() + (options.graceSeconds ?? 10) * 1000;
    while (daemonPid(paths, name) !== undefined) {
      if (Date.now() > deadline) {
        process.kill(pid, "SIGKILL");
        break;
      }
      await sleep(50);
    }
  }
  rmSync(recordFile(paths, name), { force: true });
}
