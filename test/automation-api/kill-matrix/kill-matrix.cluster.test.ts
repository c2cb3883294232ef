import { randomUUID } from "node:crypto";
import { existsSync, mkdirSync, readdirSync } from "node:fs";
import { createServer } from "node:net";
import { join } from "node:path";
import { setTimeout as sleep } from "node:timers/promises";
import { afterAll, beforeAll, expect, it } from "vitest";
import { isFinal } from "../../../automation-api/contract/operation.ts";
import { acceptedSchema } from "../../../automation-api/contract/store.ts";
import { type Connection, connect } from "../../../automation-api/database/connection.ts";
import { runningProcesses } from "../../../automation-api/worker/left-processes.ts";
import { ensureDatabase, stopDatabase } from "../../../toolchain/database/database.ts";
import { resolvePaths } from "../../../toolchain/lib/paths.ts";
import { ApiProblem, type ApiSession, openSession } from "../../../toolchain/service/api-session.ts";
import { serviceEnvironment } from "../../../toolchain/service/environment.ts";
import { newSignInLink } from "../../../toolchain/service/sign-in.ts";
import { kubectl } from "../../helpers/kubectl.ts";
import { liftLimits } from "../../helpers/lift-limits.ts";
import { type Machine, takeMachine } from "../../helpers/machine.ts";
import { testStoreName } from "../../helpers/names.ts";
import { type Fleet, startFleet } from "./fleet.ts";
import { type Killer, startKiller } from "./killer.ts";

// Creations and deletions of a small store while the API, workers, Pulumi and the program are killed at random moments: all of
// them end well without a person, and nothing is left behind. `npm run test:kill` does 200 of each.
const stores = Number(process.env.STOREFLEET_TEST_KILLED_STORES ?? 20);
/** Each store is hit once by something, on average. */
const budget = stores;
const leaseSeconds = 4;

let machine: Machine;
let fleet: Fleet;
let connection: Connection;
let session: ApiSession;
let stopAll: () => Promise<void>;

const freePort = () =>
  new Promise<number>((resolve) => {
    const server = createServer();
    server.listen(0, "127.0.0.1", () => {
      const address = server.address();
      server.close(() => resolve(typeof address === "object" && address !== null ? address.port : 0));
    });
  });

/** Does a request until it is answered: the API dies now and then, and says so when it is asked for too much at once. */
async function surely<T>(request: () => Promise<T>): Promise<T> {
  for (let tries = 0; ; tries += 1) {
    try {
      return await request();
    } catch (error) {
      const isRefused = error instanceof ApiProblem && error.problem.status !== 503;
      if (isRefused || tries > 300) throw error;
      await sleep(100);
    }
  }
}

beforeAll(async () => {
  machine = await takeMachine();
  const environment = {
    ...machine.context.environment,
    STOREFLEET_HOME: join(machine.folder, "service"),
    STOREFLEET_PORT: await freePort(),
    DATABASE_URL: undefined,
  };
  const paths = { ...resolvePaths(environment), state: machine.context.paths.state };
  const context = { ...machine.context, environment, paths };
  const database = await ensureDatabase(context);
  mkdirSync(paths.work, { recursive: true });
  const { pulumi, cluster, helm } = machine;
  fleet = startFleet({
    parts: { api: "api", worker1: "worker", worker2: "worker" },
    environment: {
      ...serviceEnvironment(context, { pulumi, cluster, helm, database, dashboard: "" }),
      STOREFLEET_STORE_PROGRAM: join(import.meta.dirname, "program"),
      STOREFLEET_LEASE_SECONDS: String(leaseSeconds),
      STOREFLEET_CONCURRENCY: "4",
      STOREFLEET_WORK: paths.work,
    },
    logs: machine.folder,
  });
  connection = connect(database.url);
  const origin = `http://localhost:${environment.STOREFLEET_PORT}`;
  await surely(async () => {
    if (!(await fetch(`${origin}/readyz`)).ok) throw new Error("not yet");
  });
  await liftLimits(connection);
  session = await openSession(await newSignInLink(database.url, origin));
  workFolders = paths.work;
  stopAll = async () => {
    await fleet.stop();
    await connection.close();
    await stopDatabase(context);
  };
});
let workFolders = "";
afterAll(async () => {
  await stopAll?.();
  await machine?.release();
});

async function create(name: string): Promise<string> {
  const key = randomUUID();
  const body = { name, engine: "medusa", sampleData: false };
  return acceptedSchema.parse(await surely(() => session.post("/stores", body, key))).operation.id;
}
const remove = async (name: string) =>
  acceptedSchema.parse(await surely(() => session.delete(`/stores/${name}`))).operation.id;

interface Row {
  readonly id: string;
  readonly status: "queued" | "running" | "interrupted" | "succeeded" | "failed" | "cancelled";
  readonly reason: string | null;
}

/** Looks after every operation with one question at a time, however many there are. */
function follow() {
  const over = new Map<string, Row>();
  let isStopped = false;
  const looking = (async () => {
    while (!isStopped) {
      const rows: Row[] = await surely(() =>
        connection.database.selectFrom("operations").select(["id", "status", "reason"]).execute(),
      );
      for (const row of rows) if (isFinal(row.status)) over.set(row.id, row);
      await sleep(200);
    }
  })();
  return {
    /** How an operation ended; `undefined` when it did not in time. */
    async end(id: string): Promise<Row | undefined> {
      const deadline = Date.now() + (180 + stores * 20) * 1000;
      while (!over.has(id) && Date.now() < deadline) await sleep(100);
      return over.get(id);
    },
    stop: () => {
      isStopped = true;
      return looking;
    },
  };
}

function locks(): string[] {
  const folder = join(new URL(machine.pulumi.environment.PULUMI_BACKEND_URL ?? "").pathname, ".pulumi", "locks");
  if (!existsSync(folder)) return [];
  return readdirSync(folder, { recursive: true, encoding: "utf8" }).filter((file) => file.endsWith(".json"));
}

/** What is left of stores in the cluster, Pulumi's state, the work folders, the list of processes and the database. */
async function leftovers(names: readonly string[], operations: readonly string[]) {
  const ofNames = (text: string) => text.split("\n").filter((line) => names.some((name) => line.includes(name)));
  const columns = "custom-columns=NAME:.metadata.name,NAMESPACE:.spec.claimRef.namespace";
  return {
    namespaces: ofNames(await kubectl(machine, "get", "namespaces", "-o", "name")),
    volumes: ofNames(await kubectl(machine, "get", "persistentvolumes", "-o", columns)),
    releases: ofNames(await kubectl(machine, "get", "secrets", "-A", "-l", "owner=helm", "--no-headers")),
    stacks: (await machine.runner.list()).filter((stack) => names.includes(stack)),
    locks: locks(),
    folders: readdirSync(workFolders).filter((folder) => names.includes(folder)),
    processes: runningProcesses().filter(({ operation }) => operations.includes(operation)),
    leases: await connection.database.selectFrom("storeLeases").selectAll().where("workerId", "is not", null).execute(),
  };
}

const nothing = {
  namespaces: [],
  volumes: [],
  releases: [],
  stacks: [],
  locks: [],
  folders: [],
  processes: [],
  leases: [],
};

it(`${stores} creations and ${stores} deletions end well although everything is killed now and then, and leave nothing`, async () => {
  const begin = performance.now();
  const names = Array.from({ length: stores }, () => testStoreName("matrix"));
  const operations: string[] = [];
  const isOurs = (operation: string) => operations.includes(operation);
  const killer: Killer = startKiller({ fleet, budget, pause: 500, nap: leaseSeconds * 1500, isOurs });

  const followed = follow();
  /** One store from its creation to its deletion; gives what did not succeed. */
  async function live(name: string): Promise<(Row | undefined)[]> {
    const ended: (Row | undefined)[] = [];
    for (const ask of [create, remove]) {
      const id = await ask(name);
      operations.push(id);
      ended.push(await followed.end(id));
    }
    return ended.filter((row) => row?.status !== "succeeded");
  }
  const results = await Promise.all(names.map(live));
  await Promise.all([killer.stop(), followed.stop()]);

  const { kills } = killer;
  const seconds = (performance.now() - begin) / 1000;
  const attempts = await connection.database.selectFrom("operations").select("attempt").execute();
  const most = Math.max(...attempts.map(({ attempt }) => attempt));
  process.stdout.write(
    `${operations.length} operations in ${seconds.toFixed(0)} s; kills: ${JSON.stringify(kills)}; most attempts: ${most}\n`,
  );
  expect(results.flat()).toEqual([]);
  expect(new Set(operations).size).toBe(stores * 2);
  expect(killer.mostEngines()).toBeLessThanOrEqual(1);
  await expect.poll(() => leftovers(names, operations), { timeout: 30_000, interval: 1000 }).toEqual(nothing);
  expect(Object.values(kills).reduce((sum, count) => sum + count, 0)).toBeGreaterThan(stores / 3);
}, 7200_000);
