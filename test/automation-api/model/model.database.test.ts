import { randomUUID } from "node:crypto";
import fc from "fast-check";
import { afterAll, beforeAll, expect, it } from "vitest";
import type { Asker } from "../../../automation-api/use-cases/accept.ts";
import { type MigratedDatabase, migratedDatabase } from "../../helpers/migrated-database.ts";
import { someActor } from "../../helpers/some-actor.ts";
import { Model } from "./model.ts";
import { People } from "./people.ts";
import { Workers } from "./workers.ts";

// Any sequence of what people ask for and what workers do, also workers that were followed by others and go on all the same:
// the database agrees with a model of a few lines. 10,000 sequences in `npm run test:model`.
const sequences = Number(process.env.STOREFLEET_TEST_SEQUENCES ?? 150);

let migrated: MigratedDatabase;
let asker: Asker;
beforeAll(async () => {
  migrated = await migratedDatabase();
  asker = await someActor(migrated.connection, "ann");
});
afterAll(() => migrated.drop());

/** The store of one sequence, who does something about it, and what should be true. */
interface Sequence {
  readonly name: string;
  readonly model: Model;
  readonly people: People;
  readonly workers: Workers;
}

/** `stale` lets a worker act that has lost its operation, where there is one. */
const actions = {
  create: ({ people }: Sequence) => people.create(),
  delete: ({ people }: Sequence) => people.delete(),
  rotate: ({ people }: Sequence) => people.rotate(),
  retry: ({ people }: Sequence) => people.retry(),
  cancel: ({ people }: Sequence) => people.cancel(),
  take: ({ workers }: Sequence) => workers.take(),
  save: ({ workers }: Sequence, stale: boolean) => workers.save(stale),
  succeed: ({ workers }: Sequence, stale: boolean) => workers.end("succeeded", stale),
  fail: ({ workers }: Sequence, stale: boolean) => workers.end("failed", stale),
  stop: ({ workers }: Sequence, stale: boolean) => workers.end("cancelled", stale),
  "hand back": ({ workers }: Sequence, stale: boolean) => workers.handBack(stale),
  die: ({ workers }: Sequence) => workers.die(),
};
type Action = keyof typeof actions;
const names = Object.keys(actions) as Action[];
const step = fc.record({ action: fc.constantFrom(...names), stale: fc.boolean() });

async function check({ name, model }: Sequence): Promise<void> {
  const { database } = migrated.connection;
  const store = await database
    .selectFrom("stores")
    .select(["id", "status"])
    .where("name", "=", name)
    .orderBy("createdAt", "desc")
    .limit(1)
    .executeTakeFirst();
  expect(store?.status).toBe(model.store);
  const rows = await database
    .selectFrom("operations")
    .select(["id", "kind", "status"])
    .where("storeId", "=", store?.id ?? randomUUID())
    .orderBy("queuedAt")
    .execute();
  expect(rows).toEqual(model.operations.map(({ id, kind, status }) => ({ id, kind, status })));
  expect(rows.filter(({ status }) => status === "running" || status === "interrupted").length).toBeLessThanOrEqual(1);
}

async function run(steps: readonly { action: Action; stale: boolean }[]): Promise<void> {
  const name = `s-${randomUUID().slice(0, 12)}`;
  const model = new Model();
  const workers = new Workers(migrated.connection, model);
  const sequence = { name, model, people: new People(migrated.connection, asker, name, model), workers };
  const { fencings } = workers;
  // What the sequence before left in the queue came first, and would be waited for.
  await migrated.connection.pool.query("delete from graphile_worker._private_jobs");
  await workers.begin();
  await sequence.people.create();
  for (const { action, stale } of steps) {
    const wasDeleted = model.store === "deleted";
    await actions[action](sequence, stale);
    // A new store has a lease of its own.
    if (wasDeleted && model.store !== "deleted") fencings.length = 0;
    await check(sequence);
  }
  expect(fencings).toEqual(fencings.toSorted((left, right) => left - right));
  expect(new Set(fencings).size).toBe(fencings.length);
}

it(`${sequences} sequences of actions on one store agree with the model`, {
  timeout: 60_000 + sequences * 500,
}, async () => {
  await fc.assert(
    fc.asyncProperty(fc.array(step, { minLength: 5, maxLength: 20 }), (steps) => run(steps)),
    { numRuns: sequences },
  );
});
