import { readFileSync } from "node:fs";
import { createServer } from "node:net";
import { join } from "node:path";
import { setTimeout as sleep } from "node:timers/promises";
import { stopDatabase } from "../database/database.ts";
import type { ToolchainContext } from "../lib/context.ts";
import { repositoryRoot } from "../lib/paths.ts";
import { ToolchainProblem } from "../lib/problem.ts";
import { daemonLog, daemonPid, startDaemon, stopDaemon } from "../lib/processes.ts";
import { type Foundations, serviceEnvironment, serviceOrigin } from "./environment.ts";

// The service as two processes: a worker that dies does not take the dashboard down.

const allRoles = ["api", "worker"] as const;
export type Role = (typeof allRoles)[number];

/** How long the API may take to answer. It migrates the database first. */
const startSeconds = 60;

/** The worker gives its operations back within this time; see `automation-api/worker`. */
const stopSeconds = 20;

export interface Service {
  readonly origin: string;
  /** Starts again whatever has died, until the context's signal is aborted. */
  supervise(): Promise<void>;
}

/**
 * What Node is given to run a part of the service. Small young generations: the service holds little, and V8 would grow them to
 * megabytes it never needs.
 */
export const serviceArguments: readonly string[] = [
  "--enable-source-maps",
  "--max-semi-space-size=4",
  join(repositoryRoot, "automation-api", "main.ts"),
];

/**
 * Starts the API and the worker, and resolves when the API is ready. What an earlier start left running is replaced.
 * @param roles the parts to start. Default: both
 */
export async function startService(
  context: ToolchainContext,
  foundations: Foundations,
  roles: readonly Role[] = allRoles,
): Promise<Service> {
  await stopService(context);
  await requireFreePort(context.environment.STOREFLEET_PORT);
  const env = serviceEnvironment(context, foundations);
  const start = (role: Role) =>
    startDaemon(context.paths, {
      name: role,
      command: process.execPath,
      args: serviceArguments,
      env: { ...env, STOREFLEET_ROLE: role },
    });
  for (const role of roles) start(role);
  const origin = serviceOrigin(context);
  await untilReady(context, origin);
  return { origin, supervise: () => supervise(context, roles, start) };
}

/** Stops the service; operations that run are given back and go on at the next start. */
export async function stopService({ paths }: ToolchainContext): Promise<void> {
  for (const role of allRoles.toReversed()) await stopDaemon(paths, role, { graceSeconds: stopSeconds });
}

/** Stops the service and then our own database. */
export async function stopServiceAndDatabase(context: ToolchainContext): Promise<void> {
  await stopService(context);
  await stopDatabase(context);
}

/** Whether the API's process lives. */
export function isServiceRunning({ paths }: ToolchainContext): boolean {
  return daemonPid(paths, "api") !== undefined;
}

async function supervise(
  { paths, signal, reporter }: ToolchainContext,
  roles: readonly Role[],
  start: (role: Role) => void,
): Promise<void> {
  let pause = 1000;
  while (!signal.aborted) {
    const dead = roles.filter((role) => daemonPid(paths, role) === undefined);
    for (const role of dead) {
      reporter.info(`The ${role} process has ended; starting it again. Its log: ${daemonLog(paths, role)}`);
      start(role);
    }
    // A process that cannot live is not started over and over without a pause.
    pause = dead.length > 0 ? Math.min(pause * 2, 30_000) : 1000;
    await sleep(pause, undefined, { signal }).catch(() => undefined);
  }
}

/** Says so when another program has the port, which the API itself could only write into its log. */
function requireFreePort(port: number): Promise<void> {
  return new Promise((resolve, reject) => {
    const probe = createServer();
    probe.once("error", (cause) =>
      reject(
        new ToolchainProblem(
          `Port ${port} of this machine is taken by another program.`,
          `Stop that program, or choose another port: STOREFLEET_PORT=${port + 1} npm start.`,
          { cause },
        ),
      ),
    );
    probe.listen(port, "127.0.0.1", () => probe.close(() => resolve()));
  });
}

async function untilReady(context: ToolchainContext, origin: string): Promise<void> {
  const deadline = Date.now() + startSeconds * 1000;
  for (;;) {
    context.signal.throwIfAborted();
    if (await answers(`${origin}/readyz`)) return;
    if (daemonPid(context.paths, "api") === undefined || Date.now() > deadline) {
      throw new ToolchainProblem(`The service does not start: ${lastLine(context)}`, `See ${logOf(context)}.`);
    }
    await sleep(100);
  }
}

async function answers(url: string): Promise<boolean> {
  try {
    return (await fetch(url, { signal: AbortSignal.timeout(2000) })).ok;
  } catch {
    return false;
  }
}

function logOf({ paths }: ToolchainContext): string {
  return daemonLog(paths, "api");
}

function lastLine(context: ToolchainContext): string {
  return readFileSync(logOf(context), "utf8").trim().split("\n").at(-1) ?? "it has written nothing";
}
