import { randomUUID } from "node:crypto";
import { setTimeout as sleep } from "node:timers/promises";
import { pino } from "pino";
import { vi } from "vitest";
import { isFinal, type Operation } from "../../../automation-api/contract/operation.ts";
import { eventsAfter } from "../../../automation-api/database/event-reads-repository.ts";
import { findOperation } from "../../../automation-api/database/operation-reads-repository.ts";
import type { StoreRow } from "../../../automation-api/database/store-repository.ts";
import { toOperation } from "../../../automation-api/use-cases/answers.ts";
import { cancelOperation } from "../../../automation-api/use-cases/cancel-operation.ts";
import { createStore } from "../../../automation-api/use-cases/create-store.ts";
import { deleteStore } from "../../../automation-api/use-cases/delete-store.ts";
import { retryStore } from "../../../automation-api/use-cases/retry-store.ts";
import { rotateSecrets } from "../../../automation-api/use-cases/rotate-secrets.ts";
import { type RunningWorker, runWorker, type WorkerOptions } from "../../../automation-api/worker/run-worker.ts";
import { parseSpec } from "../../../stores/spec.ts";
import { parseTarget } from "../../../stores/target.ts";
import { type MigratedDatabase, migratedDatabase } from "../../helpers/migrated-database.ts";
import { someActor } from "../../helpers/some-actor.ts";
import { FakeStackRunner } from "../fake-stack-runner.ts";

const target = parseTarget({});

/** Workers on a real database, with a stack runner of ours and no cluster. */
export interface WorkerUnderTest {
  readonly database: MigratedDatabase;
  readonly runner: FakeStackRunner;
  /** Stores whose namespace is there. */
  readonly namespaces: Set<string>;
  /** Lines of the workers' log. */
  readonly log: string[];
  start(options?: Partial<WorkerOptions>): Promise<RunningWorker>;
  /** Each returns the operation that was asked for. */
  create(name: string, spec?: Record<string, unknown>, cluster?: string): Promise<string>;
  remove(name: string): Promise<string>;
  retry(name: string): Promise<string>;
  rotate(name: string): Promise<string>;
  cancel(operation: string): Promise<void>;
  operation(id: string): Promise<Operation>;
  /** The operation once it is over. */
  ended(id: string): Promise<Operation>;
  /** The operation once it has this status. */
  reached(id: string, status: Operation["status"]): Promise<Operation>;
  events(id: string): ReturnType<typeof eventsAfter>;
  store(operation: string): Promise<StoreRow>;
  /** Stops every worker that still runs and forgets all rows. */
  reset(): Promise<void>;
  drop(): Promise<void>;
}

/** @param given a database other than one of the test server */
export async function workerUnderTest(given?: MigratedDatabase): Promise<WorkerUnderTest> {
  const database = given ?? (await migratedDatabase());
  const { connection } = database;
  const runner = new FakeStackRunner();
  const namespaces = new Set<string>();
  const log: string[] = [];
  const logger = pino({ level: "debug" }, { write: (line: string) => void log.push(line) });
  const workers = new Set<RunningWorker>();
  const { actor, reach } = await someActor(connection, "ann");
  const asker = () => ({ actor, reach, idempotencyKey: undefined });

  const operation = async (id: string) => {
    const row = await findOperation(connection.database, id);
    if (row === undefined) throw new Error(`There is no operation ${id}.`);
    return toOperation(row);
  };
  const until = (id: string, isReached: (found: Operation) => boolean) =>
    vi.waitUntil(
      async () => {
        const found = await operation(id);
        return isReached(found) ? found : undefined;
      },
      { timeout: 15_000, interval: 20 },
    ) as Promise<Operation>;

  prepare(runner);
  return {
    database,
    runner,
    namespaces,
    log,
    async start(options = {}) {
      const worker = await runWorker({
        connection,
        concurrency: 4,
        interval: 100,
        logger,
        watchPods: (_store, _onNews, signal) => sleep(2 ** 30, undefined, { signal }).catch(() => {}),
        tools: {
          runner,
          target,
          request: () => Promise.reject(new Error("nothing should be asked")),
          readCredentials: async () => undefined,
          leftOf: async (store) => (namespaces.has(store) ? [`the namespace store-${store}`] : []),
        },
        ...options,
      });
      workers.add(worker);
      return worker;
    },
    create: async (name, spec = {}, cluster) =>
      (
        await createStore(
          { connection, target },
          asker(),
          parseSpec({ name, engine: "medusa", sampleData: false, ...spec }),
          cluster,
        )
      ).operation.id,
    remove: async (name) => (await deleteStore(connection, asker(), name)).operation.id,
    retry: async (name) => (await retryStore(connection, asker(), name)).operation.id,
    rotate: async (name) => (await rotateSecrets(connection, asker(), name)).operation.id,
    cancel: async (id) => void (await cancelOperation(connection, asker(), { id })),
    operation,
    ended: (id) => until(id, ({ status }) => isFinal(status)),
    reached: (id, status) => until(id, (found) => found.status === status),
    events: (id) => eventsAfter(connection.database, id, 0, 1000),
    async store(id) {
      const row = await findOperation(connection.database, id);
      if (row === undefined) throw new Error(`There is no store for the operation ${id}.`);
      const stores = connection.database.selectFrom("stores").selectAll();
      return stores.where("id", "=", row.storeId).executeTakeFirstOrThrow();
    },
    async reset() {
      await Promise.all([...workers].map((worker) => worker.stop()));
      workers.clear();
      await database.empty();
      namespaces.clear();
      log.length = 0;
      prepare(runner);
    },
    drop: () => database.drop(),
  };
}

/** Every stack comes up at once and tells what a store tells. */
function prepare(runner: FakeStackRunner): void {
  runner.calls.length = 0;
  runner.configs.length = 0;
  runner.locked.clear();
  runner.stacks.clear();
  runner.mostRunning = 0;
  runner.onUp = async () => {};
  runner.onDestroy = async () => {};
  runner.outputsOf = (stack) => ({
    url: `http://${stack}.localhost:8080`,
    adminUrl: `http://${stack}.localhost:8080/app`,
    namespace: `store-${stack}`,
    engine: "medusa",
    engineVersion: "2.18.0",
    adminUser: "admin@example.com",
  });
}

/** A worker row of a process that has ended, which locks the queue under a name of its own. */
export async function insertDeadWorker({ database }: WorkerUnderTest): Promise<{ id: string; lockedAs: string }> {
  const dead = { id: randomUUID(), lockedAs: `pool-${randomUUID()}` };
  const { hostname } = await import("node:os");
  await database.connection.database
    .insertInto("workers")
    // No process has this number: the largest that Linux gives is 4194304.
    .values({ ...dead, hostname: hostname(), pid: 4_999_999, processStart: "1" })
    .execute();
  return dead;
}
