/** How Medusa's pool (knex) reaches a PostgreSQL that sits in the same namespace as the store. */
export const databaseOptions = {
  ssl: false,
  // Medusa keeps two connections open by default and has no limit of its own; a small database has 40 to share.
  pool: { min: 0, max: 10, idleTimeoutMillis: 30_000 },
};
