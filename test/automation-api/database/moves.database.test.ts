import { randomUUID } from "node:crypto";
import { sql } from "kysely";
import { afterAll, beforeAll, expect, it } from "vitest";
import { OPERATION_STATUSES, type OperationStatus } from "../../../automation-api/contract/operation.ts";
import { STORE_STATUSES, type StoreStatus } from "../../../automation-api/contract/store.ts";
import { legalMoves } from "../../../automation-api/database/legal-moves-repository.ts";
import { because, transitionsOf } from "../../../automation-api/database/transition-repository.ts";
import { SOURCES } from "../../../automation-api/domain/operation.ts";
import { STORE_SOURCES } from "../../../automation-api/domain/store-status.ts";
import { parseSpec } from "../../../stores/spec.ts";
import { type MigratedDatabase, migratedDatabase } from "../../helpers/migrated-database.ts";

let migrated: MigratedDatabase;
beforeAll(async () => {
  migrated = await migratedDatabase();
});
afterAll(() => migrated.drop());

const database = () => migrated.connection.database;

async function insertStore(status: StoreStatus): Promise<string> {
  const id = randomUUID();
  const name = `s-${id.slice(0, 8)}`;
  const spec = JSON.stringify(parseSpec({ name, engine: "medusa" }));
  const organizations = database().selectFrom("organizations").select("id").limit(1);
  await database()
    .insertInto("stores")
    .values({ id, organizationId: organizations, name, spec, status, outputs: "{}", resources: "[]" })
    .execute();
  return id;
}

async function insertOperation(storeId: string, status: OperationStatus): Promise<string> {
  const id = randomUUID();
  const progress = JSON.stringify({ fraction: 0, steps: [] });
  await database()
    .insertInto("operations")
    .values({ id, storeId, kind: "create", status, askedBy: "ann", workerId: null, progress, reason: null })
    .execute();
  return id;
}

const moves = <Status extends string>(statuses: readonly Status[]) =>
  statuses.flatMap((from) => statuses.filter((to) => to !== from).map((to) => [from, to] as const));

/** Whether the database let it happen. Every other refusal is an error. */
async function happens(move: Promise<unknown>): Promise<boolean> {
  try {
    await move;
    return true;
  } catch (error) {
    expect(error).toMatchObject({
      constraint: "legal_moves",
      message: expect.stringMatching(/^Of \w+, none goes from/),
    });
    return false;
  }
}

it.each(moves(OPERATION_STATUSES))(
  "an operation goes from %s to %s only where the domain says so",
  async (from, to) => {
    const id = await insertOperation(await insertStore("provisioning"), from);

    const moved = await happens(
      database().updateTable("operations").set({ status: to }).where("id", "=", id).execute(),
    );

    const sources: readonly string[] = SOURCES[to];
    expect(moved).toBe(sources.includes(from));
  },
);

it.each(moves(STORE_STATUSES))("a store goes from %s to %s only where the domain says so", async (from, to) => {
  const id = await insertStore(from);

  const moved = await happens(database().updateTable("stores").set({ status: to }).where("id", "=", id).execute());

  const sources: readonly string[] = STORE_SOURCES[to];
  expect(moved).toBe(sources.includes(from));
});

it("the database is told every move of the domain, and no other", async () => {
  const written = await database().selectFrom("legalMoves").selectAll().execute();
  const asText = (rows: readonly object[]) => rows.map((row) => Object.values(row).join(" ")).toSorted();

  expect(asText(written)).toEqual(asText(legalMoves()));
});

it("every move is kept with its time and cause, in order; what does not move leaves nothing", async () => {
  const id = await insertStore("provisioning");
  const operation = await insertOperation(id, "queued");

  await database()
    .transaction()
    .execute(async (transaction) => {
      await because(transaction, "Work begins.");
      await transaction.updateTable("operations").set({ status: "running" }).where("id", "=", operation).execute();
    });
  await database().updateTable("operations").set({ attempt: 1 }).where("id", "=", operation).execute();
  await sql`update stores set status = 'failed', reason = 'No room.' where id = ${id}`.execute(database());

  const kept = await transitionsOf(database(), id);
  expect(kept.map(({ operationId, from, to, cause }) => [operationId, from, to, cause])).toEqual([
    [undefined, undefined, "provisioning", undefined],
    [operation, undefined, "queued", undefined],
    [operation, "queued", "running", "Work begins."],
    [undefined, "provisioning", "failed", "No room."],
  ]);
  const times = kept.map(({ at }) => at.getTime());
  expect(times).toEqual(times.toSorted((left, right) => left - right));
  expect(Math.abs(Date.now() - (times.at(-1) ?? 0))).toBeLessThan(60_000);
});
