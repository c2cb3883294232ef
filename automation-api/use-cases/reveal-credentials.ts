import { ClusterUnreachable } from "../cluster/api-server.ts";
import type { CredentialsReader, StoreWithCredentials } from "../cluster/credentials-reader.ts";
import type { CredentialsAnswer } from "../contract/store.ts";
import { insertAuditEntry } from "../database/audit-repository.ts";
import { type Connection, inTransaction } from "../database/connection.ts";
import type { Reach } from "../database/organization-repository.ts";
import { requireStore } from "./accept.ts";
import { DomainError } from "./domain-error.ts";
import type { Actor } from "./principal.ts";

export interface RevealDependencies {
  readonly connection: Connection;
  readonly readCredentials: CredentialsReader;
}

/** Shows a store's credentials, and writes down who has seen them before anybody does. Throws a DomainError. */
export async function revealCredentials(
  { connection, readCredentials }: RevealDependencies,
  { actor, reach }: { actor: Actor; reach: Reach },
  name: string,
): Promise<CredentialsAnswer> {
  const store = await requireStore(connection.database, name, reach);
  const credentials = await read(readCredentials, { name, engine: store.spec.engine, cluster: store.cluster });
  if (credentials === undefined) {
    throw new DomainError("conflict", "The store has no credentials yet; they are made while it is created.", {
      type: "no-credentials",
    });
  }
  await inTransaction(connection, (transaction) =>
    insertAuditEntry(transaction, {
      actor,
      organization: store.organizationId,
      action: "read credentials",
      subject: name,
    }),
  );
  const { adminUrl } = store.outputs;
  return { ...credentials, ...(typeof adminUrl === "string" && { adminUrl }) };
}

async function read(readCredentials: CredentialsReader, store: StoreWithCredentials) {
  try {
    return await readCredentials(store);
  } catch (error) {
    if (!(error instanceof ClusterUnreachable)) throw error;
    throw new DomainError(
      "unavailable",
      "The cluster does not answer, and it alone knows the credentials; try again.",
      {
        type: "cluster-unreachable",
        cause: error,
      },
    );
  }
}
