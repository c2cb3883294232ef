import { namespaceOf } from "../../stores/names.ts";
import type { TestCluster } from "./cluster.ts";
import { kubectl } from "./kubectl.ts";

const PSQL =
  'PGPASSWORD="$POSTGRES_PASSWORD" exec psql --host="$(hostname -i)" --username="$POSTGRES_USER" --dbname="$POSTGRES_DB" -Atc "$1"';

/** Asks the database of a Medusa store over its network, with the login that its pod knows. */
export async function askDatabase(on: TestCluster, store: string, sql: string): Promise<string> {
  const command = ["exec", "--namespace", namespaceOf(store), "postgres-0", "--", "sh", "-c", PSQL, "sh", sql];
  return (await kubectl(on, ...command)).trim();
}
