import { passkey } from "@better-auth/passkey";
import { getMigrations } from "better-auth/db/migration";
import { expect, it } from "vitest";
import { authOptions, passkeyTable } from "../../../automation-api/better-auth/options.ts";
import { migratedDatabase } from "../../helpers/migrated-database.ts";

it("our migrations make every table and column that better-auth wants", async () => {
  const database = await migratedDatabase();
  const { connection } = database;
  const common = authOptions({ connection, publicOrigin: "http://localhost:8090", onTrouble: () => {} }, "secret");

  const { toBeCreated, toBeAdded } = await getMigrations({ ...common, plugins: [passkey({ schema: passkeyTable })] });

  // Sessions are ours: better-auth is given them another way.
  expect(toBeCreated.map(({ table }) => table).filter((table) => table !== "session")).toEqual([]);
  expect(toBeAdded).toEqual([]);
  await database.drop();
});
