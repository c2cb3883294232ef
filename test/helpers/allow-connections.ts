import pg from "pg";

/** Cuts every connection to a database, and lets no new one in until it is allowed again. */
export async function allowConnections(databaseUrl: string, allowed: boolean): Promise<void> {
  const url = new URL(databaseUrl);
  const name = url.pathname.slice(1);
  url.pathname = "/postgres";
  const client = new pg.Client({ connectionString: url.href });
  await client.connect();
  // Not for a superuser, who is let in whatever the limit; names of databases cannot be parameters.
  await client.query(`alter database ${name} allow_connections ${allowed}`);
  if (!allowed) await client.query("select pg_terminate_backend(pid) from pg_stat_activity where datname = $1", [name]);
  await client.end();
}
