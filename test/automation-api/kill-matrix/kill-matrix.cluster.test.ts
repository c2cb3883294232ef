import { afterAll, beforeAll, expect, it } from "vitest";
import { eventsAfter } from "../../../automation-api/database/event-reads-repository.ts";
import { type FollowedRow, followOperations } from "../../helpers/follow-operations.ts";
import { testStoreName } from "../../helpers/names.ts";
import { NOTHING, type SmallFleet, startSmallFleet } from "../../helpers/small-fleet.ts";
import { startKiller } from "./killer.ts";
import { armPoints, FAULTS } from "./points.ts";

// Creations and deletions of a small store while the API, workers, Pulumi and the program are killed at random moments and at named
// points: all of them end well without a person, and nothing is left behind. `npm run test:kill` does 200 of each.
const stores = Number(process.env.STOREFLEET_TEST_KILLED_STORES ?? 20);
/** Each store is hit once by something, on average: at a random moment, or at a named point of the work. */
const budget = stores / 2;
/** Kills of each sort before the first operation is over. */
const AT_FIRST = 2;
/** What dies on this machine is seen at once; a shorter lease would give up workers that are only slow on a busy one. */
const leaseSeconds = 8;
/** How long one operation may take, others before it included, in seconds. */
const patience = 180 + stores * 20;

let small: SmallFleet;
beforeAll(async () => {
  small = await startSmallFleet({ leaseSeconds });
});
afterAll(() => small?.stop());

/** The operation that was begun most often: how often, and what was said of it when, in seconds. */
async function mostInterrupted(): Promise<{ most: number; told: string }> {
  const { database } = small.connection;
  const { id, attempt } = await database
    .selectFrom("operations")
    .select(["id", "attempt"])
    .orderBy("attempt", "desc")
    .executeTakeFirstOrThrow();
  const events = await eventsAfter(database, id, 0, 1000);
  const begin = Date.parse(events[0]?.at ?? "");
  const said = events.filter(({ kind, severity }) => kind === "status" || severity === "warning");
  const told = said.map(({ at, text }) => `${((Date.parse(at) - begin) / 1000).toFixed(0)} s: ${text}`);
  return { most: attempt, told: told.join(" ") };
}

it(`${stores} creations and ${stores} deletions end well although everything is killed now and then, and leave nothing`, async () => {
  const begin = performance.now();
  const names = Array.from({ length: stores }, () => testStoreName("matrix"));
  const operations: string[] = [];
  const isOurs = (operation: string) => operations.includes(operation);
  // All over the run: the first operations would be killed time and again, and the others never.
  let over = 0;
  const allowed = () => AT_FIRST + (budget * over) / (stores * 2);
  const killer = startKiller({ fleet: small.fleet, budget, allowed, pause: 500, nap: leaseSeconds * 1500, isOurs });
  const points = armPoints(small.faults, budget, allowed);

  const followed = followOperations(small.connection);
  /** One store from its creation to its deletion; gives what did not succeed. */
  async function live(name: string): Promise<(FollowedRow | undefined)[]> {
    const ended: (FollowedRow | undefined)[] = [];
    for (const ask of [small.create, small.remove]) {
      const id = await ask(name);
      operations.push(id);
      ended.push(await followed.end(id, patience));
      over += 1;
    }
    return ended.filter((row) => row?.status !== "succeeded");
  }
  const results = await Promise.all(names.map(live));
  await Promise.all([killer.stop(), points.stop(), followed.stop()]);

  const { kills } = killer;
  const seconds = (performance.now() - begin) / 1000;
  const { most, told } = await mostInterrupted();
  const { rows: workers } = await small.connection.pool.query("select from workers");
  process.stdout.write(
    `${operations.length} operations in ${seconds.toFixed(0)} s; kills at random moments: ${JSON.stringify(kills)}; at ${new Set(points.hit).size} of ${FAULTS.length} named points: ${JSON.stringify(points.hit.toSorted())}; ${workers.length} workers began; most attempts: ${most} (${told})\n`,
  );
  expect(results.flat()).toEqual([]);
  expect(new Set(operations).size).toBe(stores * 2);
  expect(killer.mostEngines()).toBeLessThanOrEqual(1);
  await expect.poll(() => small.leftovers(names, operations), { timeout: 30_000, interval: 1000 }).toEqual(NOTHING);
  expect(Object.values(kills).reduce((sum, count) => sum + count, 0)).toBeGreaterThan(stores / 6);
  expect(points.hit.length).toBeGreaterThan(stores / 6);
}, 7200_000);
