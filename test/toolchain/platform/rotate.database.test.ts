import pg from "pg";
import { expect, inject, it, onTestFinished } from "vitest";
import { endOtherLogins, NEXT_ROLE } from "../../../toolchain/platform/rotate.ts";

it("ends every login but the new one, also those that a rotation left which was cut off", async () => {
  const client = new pg.Client({ connectionString: inject("databaseUrl") });
  await client.connect();
  onTestFinished(async () => {
    await client.query("drop role if exists storefleet_4");
    await client.end();
  });
  expect((await client.query(NEXT_ROLE)).rows).toEqual([{ next: 2 }]);
  for (const role of ["storefleet_2", "storefleet_3", "storefleet_4", "storefleet_report"]) {
    await client.query(`create role ${role}`);
  }

  // Not by who signs in: a run that was cut off may have configured the newest role already.
  expect((await client.query(NEXT_ROLE)).rows).toEqual([{ next: 5 }]);
  await client.query(endOtherLogins("storefleet_4", "secret"));

  const { rows } = await client.query("select rolname from pg_roles where rolname like 'storefleet\\_%' order by 1");
  await client.query("drop role storefleet_report");
  expect(rows).toEqual([{ rolname: "storefleet_4" }, { rolname: "storefleet_report" }]);
});
