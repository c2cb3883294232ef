import { randomUUID } from "node:crypto";
import { mkdirSync, mkdtempSync, rmSync, writeFileSync } from "node:fs";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { setTimeout as sleep } from "node:timers/promises";
import { afterAll, beforeAll, expect, it } from "vitest";
import { acceptedSchema } from "../../automation-api/contract/store.ts";
import { ApiProblem, openSession } from "../../toolchain/service/api-session.ts";
import { newSignInLink } from "../../toolchain/service/sign-in.ts";
import { type Fleet, startFleet } from "../helpers/fleet.ts";
import { freePort } from "../helpers/free-port.ts";
import { type MigratedDatabase, migratedDatabase } from "../helpers/migrated-database.ts";
import { surely } from "../helpers/surely.ts";
import { completeEnvironment } from "./complete-environment.ts";

// Stores that are asked for while the API dies again and again: 1,000 of them, and a kill every two seconds, in `npm run test:kill`.
const posts = Number(process.env.STOREFLEET_TEST_POSTS ?? 30);
/** How long the API answers between two kills, in milliseconds. */
const life = Number(process.env.STOREFLEET_TEST_API_LIFE ?? 300);
/** Requests a client has under way at the same time, and its pause after each, in milliseconds. */
const [clients, pause] = [8, 100];

let database: MigratedDatabase;
let fleet: Fleet;
let folder: string;
let faults: string;
let origin: string;
beforeAll(async () => {
  database = await migratedDatabase();
  folder = mkdtempSync(join(tmpdir(), "storefleet-posts-"));
  faults = join(folder, "faults");
  mkdirSync(faults);
  const port = String(await freePort());
  origin = `http://localhost:${port}`;
  const environment = completeEnvironment({
    DATABASE_URL: database.url,
    STOREFLEET_PORT: port,
    STOREFLEET_FAULTS: faults,
  });
  fleet = startFleet({
    parts: { api: "api" },
    environment: Object.fromEntries(Object.entries(environment).map(([name, value]) => [name, value ?? ""])),
    logs: folder,
  });
  await untilReady();
});
afterAll(async () => {
  await fleet?.stop();
  await database?.drop();
  rmSync(folder, { recursive: true, force: true });
});

function untilReady(): Promise<void> {
  return surely(async () => {
    if (!(await fetch(`${origin}/readyz`)).ok) throw new Error("not yet");
  });
}

/** Kills the API whenever it has answered for a while: at any moment, or just before or after it has accepted a store. */
function startKilling() {
  const kills = { "any moment": 0, "accept written": 0, "accept committed": 0 };
  let isStopping = false;
  const killing = (async () => {
    for (let turn = 0; !isStopping; turn += 1) {
      await untilReady();
      await sleep(life);
      const where = (["any moment", "accept written", "accept committed"] as const)[turn % 3] ?? "any moment";
      const before = fleet.pidOf("api");
      if (isStopping || before === undefined) continue;
      if (where === "any moment") process.kill(before, "SIGKILL");
      else writeFileSync(join(faults, where), "");
      while (!isStopping && fleet.pidOf("api") === before) await sleep(10);
      if (fleet.pidOf("api") !== before) kills[where] += 1;
    }
  })();
  return {
    kills,
    stop: () => {
      isStopping = true;
      rmSync(join(faults, "accept written"), { force: true });
      rmSync(join(faults, "accept committed"), { force: true });
      return killing;
    },
  };
}

it(`makes exactly ${posts} stores of ${posts} requests with keys although the API is killed again and again`, async () => {
  const session = await openSession(await newSignInLink(database.url, origin));
  const names = Array.from({ length: posts }, (_, index) => `post-${index}`);
  const answered = new Map<string, string>();
  let tries = 0;

  async function ask(name: string): Promise<void> {
    const key = randomUUID();
    const once = () => {
      tries += 1;
      return session.post("/stores", { name, engine: "medusa" }, key);
    };
    const first = acceptedSchema.parse(await surely(once));
    // Somebody who did not hear the answer asks again.
    const again = acceptedSchema.parse(await surely(once));
    expect(again.operation.id).toBe(first.operation.id);
    answered.set(name, first.operation.id);
  }
  const left = [...names];
  const killing = startKilling();
  const refused: unknown[] = [];
  async function client(): Promise<void> {
    for (let name = left.shift(); name !== undefined; name = left.shift()) {
      await ask(name).catch((error: unknown) => refused.push(error instanceof ApiProblem ? error.problem : error));
      await sleep(pause);
    }
  }
  await Promise.all(Array.from({ length: clients }, client));
  await killing.stop();

  process.stdout.write(`${posts} stores in ${tries} tries; kills: ${JSON.stringify(killing.kills)}\n`);
  expect(refused).toEqual([]);
  const rows = await database.connection.database
    .selectFrom("operations")
    .innerJoin("stores", "stores.id", "operations.storeId")
    .select(["stores.name", "operations.id"])
    .execute();
  expect(rows.length).toBe(posts);
  expect(new Map(rows.map(({ name, id }) => [name, id]))).toEqual(answered);
  const { rows: entries } = await database.connection.pool.query<{ count: string }>(
    `select (select count(*) from graphile_worker.jobs) || ' queued, ' ||
      (select count(*) from audit_entries where action = 'create store') || ' recorded' as count`,
  );
  expect(entries[0]?.count).toBe(`${posts} queued, ${posts} recorded`);
  expect(Object.values(killing.kills).every((count) => count > 0)).toBe(true);
}, 600_000);
