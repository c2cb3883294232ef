import { setTimeout as sleep } from "node:timers/promises";
import { Client } from "pg";

/** Mistakes that waiting does not mend: wrong password, unknown user, unknown database, missing permission. */
const hopeless = new Set(["28P01", "28000", "3D000", "42501"]);

/**
 * Connects to the database as soon as it accepts connections. The caller ends the connection.
 * @param seconds how long to keep trying; the last refusal is the cause of the error thrown after that.
 */
export async function connectWhenReady(databaseUrl: string, seconds: number): Promise<Client> {
  const deadline = Date.now() + seconds * 1000;
  for (;;) {
    const client = new Client({ connectionString: databaseUrl, connectionTimeoutMillis: 5000, keepAlive: true });
    try {
      await client.connect();
      return client;
    } catch (cause) {
      await client.end().catch(() => undefined);
      if (hopeless.has(errorCode(cause))) {
        throw new Error("The database refuses these credentials; check DATABASE_URL.", { cause });
      }
      if (Date.now() > deadline) {
        throw new Error(`The database did not answer within ${seconds} seconds; check that it runs.`, { cause });
      }
      await sleep(200);
    }
  }
}

function errorCode(error: unknown): string {
  return error instanceof Error && "code" in error && typeof error.code === "string" ? error.code : "";
}
