// record-act.ts <action>: writes into the audit log that somebody who looks after the cluster did something to the platform.
// Standard input is a JSON object with plain values about it. Reads DATABASE_URL.
import { readFileSync } from "node:fs";
import { z } from "zod";
import { readSignInConfig } from "./config.ts";
import { insertAuditEntry, OPERATOR, PLATFORM_ACTS } from "./database/audit-repository.ts";
import { connect, inTransaction } from "./database/connection.ts";

const action = z.enum(PLATFORM_ACTS).parse(process.argv[2]);
const after = z.record(z.string(), z.unknown()).parse(JSON.parse(readFileSync(0, "utf8")));
const connection = connect(readSignInConfig().databaseUrl, { maxConnections: 1 });
try {
  await inTransaction(connection, (transaction) =>
    insertAuditEntry(transaction, { actor: OPERATOR, action, subject: "platform", after }),
  );
} finally {
  await connection.close();
}
