import { type Kysely, sql } from "kysely";

// A page of stores is read in its order, however many there are.
const orders = {
  stores_by_time: sql`created_at`,
  stores_by_name: sql`name collate "C"`,
  stores_by_status: sql`status collate "C"`,
} as const;

export async function up(database: Kysely<unknown>): Promise<void> {
  for (const [name, order] of Object.entries(orders)) {
    await sql`create index ${sql.id(name)} on stores (${order}, id) where deleted_at is null`.execute(database);
  }
}

export async function down(database: Kysely<unknown>): Promise<void> {
  for (const name of Object.keys(orders)) await sql`drop index ${sql.id(name)}`.execute(database);
}
