import pg from "pg";
import { expect, it } from "vitest";
import { createTestDatabase } from "../../helpers/database.ts";

it("is a PostgreSQL that keeps data safe and listens on no port", async () => {
  const test = await createTestDatabase();
  const client = new pg.Client({ connectionString: test.url });
  await client.connect();
  const setting = async (name: string): Promise<string> => (await client.query(`show ${name}`)).rows[0][name];

  expect(await setting("listen_addresses")).toBe("");
  expect(await setting("fsync")).toBe("on");
  expect(await setting("synchronous_commit")).toBe("on");
  expect(await setting("server_version")).toMatch(/^18\./);

  await client.end();
  await test.drop();
});
