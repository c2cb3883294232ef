import { afterAll, beforeAll, expect, it } from "vitest";
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
/** What dies on this machine is seen at once; a shorter lease would give up workers that are only slow on a busy one. */
const leaseSeconds = 8;
/** How long one operation may take, others before it included, in seconds. */
const patience = 180 + stores * 20;

let small: SmallFleet;
beforeAll(async () => {
  small = await startSmallFleet({ leaseSeconds });
});
afterAll(() => small?.stop());

it(`${stores} creations and ${stores} deletions end well although everything is killed now and then, and leave nothing`, async () => {
  const begin = performance.now();
  const names = Array.from({ length: stores }, () => testStoreName("matrix"));
  const operations: string[] = [];
  const isOurs = (operation: string) => operations.includes(operation);
  const killer = startKiller({ fleet: small.fleet, budget, pause: 500, nap: leaseSeconds * 1500, isOurs });
  const points = armPoints(small.faults, budget);

  const followed = followOperations(small.connection);
  /** One store from its creation to its deletion; gives what did not succeed. */
  async function live(name: string): Promise<(FollowedRow | undefined)[]> {
    const ended: (FollowedRow | undefined)[] = [];
    for (const ask of [small.create, small.remove]) {
      const id = await ask(name);
      operations.push(id);
      ended.push(await followed.end(id, patience));
    }
    return ended.filter((row) => row?.status !== "succeeded");
  }
  const results = await Promise.all(names.map(live));
  await Promise.all([killer.stop(), points.stop(), followed.stop()]);

  const { kills } = killer;
  const seconds = (performance.now() - begin) / 1000;
  const attempts = await small.connection.database.selectFrom("operations").select("attempt").execute();
  const most = Math.max(...attempts.map(({ attempt }) => attempt));
  process.stdout.write(
    `${operations.length} operations in ${seconds.toFixed(0)} s; kills at random moments: ${JSON.stringify(kills)}; at ${new Set(points.hit).size} of ${FAULTS.length} named points: ${JSON.stringify(points.hit.toSorted())}; most attempts: ${most}\n`,
  );
  expect(results.flat()).toEqual([]);
  expect(new Set(operations).size).toBe(stores * 2);
  expect(killer.mostEngines()).toBeLessThanOrEqual(1);
  await expect.poll(() => small.leftovers(names, operations), { timeout: 30_000, interval: 1000 }).toEqual(NOTHING);
  expect(Object.values(kills).reduce((sum, count) => sum + count, 0)).toBeGreaterThan(stores / 6);
  expect(points.hit.length).toBeGreaterThan(stores / 6);
}, 7200_000);
