import { sql } from "kysely";
import { afterAll, beforeAll, beforeEach, expect, it } from "vitest";
import { findOperation } from "../../../automation-api/database/operation-reads-repository.ts";
import { insertOrganization } from "../../../automation-api/database/organization-repository.ts";
import { takeTurn } from "../../../automation-api/database/slot-repository.ts";
import { createStore } from "../../../automation-api/use-cases/create-store.ts";
import { parseSpec } from "../../../stores/spec.ts";
import { parseTarget } from "../../../stores/target.ts";
import { liftLimits } from "../../helpers/lift-limits.ts";
import { type MigratedDatabase, migratedDatabase } from "../../helpers/migrated-database.ts";
import { someActor } from "../../helpers/some-actor.ts";

let database: MigratedDatabase;
const organizations = { ours: "", theirs: "" };
beforeAll(async () => {
  database = await migratedDatabase();
  await liftLimits(database.connection);
  for (const name of ["ours", "theirs"] as const) {
    organizations[name] = await insertOrganization(database.connection.database, { name, displayName: name });
  }
});
beforeEach(() => database.empty());
afterAll(() => database.drop());

interface Asked {
  readonly id: string;
  readonly store: { readonly id: string };
}

async function ask(name: string, organization: keyof typeof organizations = "ours"): Promise<Asked> {
  const { connection } = database;
  const { actor } = await someActor(connection, "ann");
  const asker = { actor, reach: [organizations[organization]] };
  const spec = parseSpec({ name, engine: "medusa", sampleData: false });
  const { id } = (await createStore({ connection, target: parseTarget({}) }, asker, spec)).operation;
  const row = await findOperation(connection.database, id);
  return { id, store: { id: row?.storeId ?? "" } };
}

const turnOf = (asked: Asked) =>
  database.connection.database.transaction().execute((transaction) => takeTurn(transaction, asked));
const run = (statement: ReturnType<typeof sql>) => statement.execute(database.connection.database);

it("lets the one begin that was asked for first in its organization, and others wait", async () => {
  const [first, second, theirs] = [await ask("first"), await ask("second"), await ask("third", "theirs")];

  expect(await turnOf(second)).toBe("later");
  expect(await turnOf(first)).toBe("now");
  expect(await turnOf(theirs)).toBe("now");
  await run(sql`update operations set status = 'running' where id = ${first.id}`);
  expect(await turnOf(second)).toBe("now");
});

it("waits a moment for somebody who has just taken the first one, but not for one who does not answer", async () => {
  const [first, second] = [await ask("first"), await ask("second")];
  const takenFor = (seconds: number) =>
    run(sql`update graphile_worker._private_jobs set locked_by = 'somebody',
      locked_at = now() - ${seconds}::float8 * interval '1 second' where key = ${first.id}`);

  await takenFor(1);
  expect(await turnOf(second)).toBe("later");
  await takenFor(6);
  expect(await turnOf(second)).toBe("now");
});

it("waits for no operation that cannot begin: its next try comes later, or its store is worked on", async () => {
  const [first, second] = [await ask("first"), await ask("second")];
  await run(
    sql`update graphile_worker._private_jobs set run_at = now() + interval '3 seconds' where key = ${first.id}`,
  );
  expect(await turnOf(second)).toBe("now");

  await run(sql`update graphile_worker._private_jobs set run_at = now() where key = ${first.id}`);
  expect(await turnOf(second)).toBe("later");
  expect(await turnOf(first)).toBe("now");
  await run(sql`insert into operations (id, store_id, kind, status, asked_by, progress, queued_at)
    select gen_random_uuid(), store_id, kind, 'running', asked_by, progress, queued_at - interval '1 second'
    from operations where id = ${first.id}`);
  expect(await turnOf(second)).toBe("now");
  expect(await turnOf(first)).toBe("behind");
});
