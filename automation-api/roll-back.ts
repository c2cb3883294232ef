// roll-back.ts [--check] <migration>...: takes back what an older version of the service does not know of the database, or says why
// it cannot be done. The migrations are those that the older version knows. Reads DATABASE_URL; writes a sentence.
import { readSignInConfig } from "./config.ts";
import { insertAuditEntry, OPERATOR } from "./database/audit-repository.ts";
import { connect } from "./database/connection.ts";
import { rollBack } from "./database/migrate.ts";

const words = process.argv.slice(2);
const check = words.includes("--check");
const known = words.filter((word) => word !== "--check");
const connection = connect(readSignInConfig().databaseUrl, { maxConnections: 2 });
try {
  const taken = await rollBack(connection, known, {
    check,
    // As long as the audit log still is what this version knows.
    before: (transaction) =>
      insertAuditEntry(transaction, { actor: OPERATOR, action: "roll back platform", subject: "platform" }),
  });
  const done = check ? "Can be taken back" : "Taken back";
  process.stdout.write(taken.length === 0 ? "There is nothing to take back.\n" : `${done}: ${taken.join(", ")}.\n`);
} catch (error) {
  process.stderr.write(`${error instanceof Error ? error.message : String(error)}\n`);
  process.exitCode = 1;
} finally {
  await connection.close();
}
