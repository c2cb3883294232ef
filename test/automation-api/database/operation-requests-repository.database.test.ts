import { randomUUID } from "node:crypto";
import { afterAll, beforeAll, describe, expect, it } from "vitest";
import { insertOperation } from "../../../automation-api/database/operation-requests-repository.ts";
import { insertingStore } from "../../../automation-api/database/store-repository.ts";
import { parseSpec } from "../../../stores/spec.ts";
import { type MigratedDatabase, migratedDatabase } from "../../helpers/migrated-database.ts";
import { firstOrganization } from "../../helpers/some-actor.ts";

let database: MigratedDatabase;

beforeAll(async () => {
  database = await migratedDatabase();
});

afterAll(async () => {
  await database.drop();
});

describe("insertOperation", () => {
  it("keeps the order of asking, however long ago a transaction began", async () => {
    const { database: rows, pool } = database.connection;
    const storeId = randomUUID();
    await insertingStore(rows, {
      cluster: "home",
      id: storeId,
      organizationId: await firstOrganization(database.connection),
      spec: parseSpec({ name: "a-store", engine: "medusa" }),
    }).execute();
    const request = (id: string) => ({
      id,
      storeId,
      kind: "delete" as const,
      askedBy: "owner",
      progress: { fraction: 0, steps: [] },
      text: "Asked for.",
      correlationId: undefined,
    });
    const [asksFirst, asksSecond] = [randomUUID(), randomUUID()];

    // The second one's transaction begins first, and waits.
    await rows.transaction().execute(async (early) => {
      await early.selectFrom("stores").select("id").execute();
      await rows.transaction().execute((late) => insertOperation(late, request(asksFirst)));
      await insertOperation(early, request(asksSecond));
    });

    const operations = await pool.query("select id from operations order by queued_at");
    const jobs = await pool.query("select key from graphile_worker.jobs order by priority, run_at");
    expect(operations.rows.map(({ id }) => id)).toEqual([asksFirst, asksSecond]);
    expect(jobs.rows.map(({ key }) => key)).toEqual([asksFirst, asksSecond]);
  });
});
