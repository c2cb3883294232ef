import { randomUUID } from "node:crypto";
import { hostname, userInfo } from "node:os";
import { join } from "node:path";
import { timestamp } from "../deployment/resource.ts";
import { isJsonObject } from "../json.ts";
import { EngineProblem } from "../problem.ts";
import { list, readText, remove, writeText } from "./files.ts";

/**
 * The lock of a stack: one file per process that works on it. A lock has no lease: when its process is killed it stays
 * until `pulumi cancel` removes it, because nobody else can know that nothing is under way any more.
 */
export interface StackLock {
  release(): void;
}

/** Takes the lock or says who holds it. Two that come at once both look again after writing, and both may lose. */
export function lockStack(folder: string): StackLock {
  refuseIfLocked(folder, undefined);
  const name = `${randomUUID()}.json`;
  writeText(
    join(folder, name),
    JSON.stringify({ pid: process.pid, username: userInfo().username, hostname: hostname(), timestamp: timestamp() }),
  );
  const release = () => remove(join(folder, name));
  try {
    refuseIfLocked(folder, name);
  } catch (problem) {
    release();
    throw problem;
  }
  return { release };
}

/** Removes every lock of the stack, whoever holds it. */
export function breakLocks(folder: string): void {
  for (const name of list(folder)) remove(join(folder, name));
}

function refuseIfLocked(folder: string, own: string | undefined): void {
  const others = list(folder).filter((name) => name !== own);
  if (others.length === 0) return;
  const holders = others.map((name) => `\n  ${describe(join(folder, name))}`).join("");
  throw new EngineProblem(
    `the stack is currently locked by ${others.length} lock(s). Either wait for the other process(es) to end or ` +
      `delete the lock file with \`pulumi cancel\`.${holders}`,
  );
}

function describe(path: string): string {
  const text = readText(path);
  const lock: unknown = text === undefined ? undefined : JSON.parse(text);
  const { username, hostname: host, pid, timestamp: time } = isJsonObject(lock) ? lock : {};
  const seconds = typeof time === "string" ? time.replace(/\.\d+/, "") : "an unknown time";
  return `file://${path}: created by ${String(username)}@${String(host)} (pid ${String(pid)}) at ${seconds}`;
}
