import { createHash } from "node:crypto";
import { readdir, readFile } from "node:fs/promises";
import { createRequire } from "node:module";
import { dirname, join } from "node:path";
import type { Client } from "pg";

const snapshot = join(__dirname, "..", "..", "schema.sql");

/**
 * Names the schema that this program needs: Medusa's version and every migration of every module. Two programs with
 * the same version leave the same tables behind.
 */
export async function schemaVersion(): Promise<string> {
  const medusa = createRequire(__filename).resolve("@medusajs/medusa/package.json");
  const { version }: { version: string } = JSON.parse(await readFile(medusa, "utf8"));
  const scope = dirname(dirname(medusa));
  const migrations = await Promise.all(
    (await readdir(scope)).map(async (name) => {
      const files = await readdir(join(scope, name, "dist", "migrations")).catch((): string[] => []);
      return files.filter((file) => file.endsWith(".js")).map((file) => `${name}/${file}`);
    }),
  );
  const digest = createHash("sha256").update(migrations.flat().sort().join("\n")).digest("hex").slice(0, 16);
  return `medusa ${version} migrations ${digest}`;
}

/**
 * Fills an empty database from `schema.sql`, all or nothing. Returns false, having done nothing, when the database is
 * not empty or the snapshot was made for another version; then the migrations do the same, slowly.
 */
export async function applySchemaSnapshot(client: Client, version: string): Promise<boolean> {
  const sql = await readFile(snapshot, "utf8").catch(() => "");
  if (!sql.startsWith(`-- ${version}\n`)) return false;
  if (!(await isEmpty(client))) return false;
  await client.query(`begin;\n${sql}\ncommit;`).catch(async (error: unknown) => {
    await client.query("rollback");
    throw error;
  });
  return true;
}

/** Whether Medusa, or anybody else, has made no table in the database yet. */
export async function isEmpty(client: Client): Promise<boolean> {
  const { rows } = await client.query<{ present: boolean }>(
    "select exists (select from pg_tables where schemaname = 'public') as present",
  );
  return rows[0]?.present === false;
}
