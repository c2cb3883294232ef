// Prints a fresh sign-in link. Reads DATABASE_URL, STOREFLEET_PORT and STOREFLEET_PUBLIC_ORIGIN.
import { readSignInConfig } from "./config.ts";
import { connect } from "./database/connection.ts";
import { migrate } from "./database/migrate.ts";
import { createSignInLink } from "./sign-in-link.ts";

const config = readSignInConfig();
const connection = connect(config.databaseUrl, { maxConnections: 2 });
try {
  await migrate(connection);
  process.stdout.write(`${await createSignInLink(connection, config.publicOrigin)}\n`);
} finally {
  await connection.close();
}
