import { configOf } from "../bring-up-store.ts";
import type { Config } from "../config.ts";
import { insertAuditEntry } from "../database/audit-repository.ts";
import { type Connection, inTransaction } from "../database/connection.ts";
import { newestOperations } from "../database/operation-reads-repository.ts";
import type { Reach } from "../database/organization-repository.ts";
import { archiveOf } from "../export/archive.ts";
import { programFiles } from "../export/program-files.ts";
import { exportReadme } from "../export/readme.ts";
import { stateFiles } from "../export/state-files.ts";
import type { ExportState } from "../export-state.ts";
import { requireStore } from "./accept.ts";
import { placeOf } from "./cluster-place.ts";
import { DomainError } from "./domain-error.ts";
import type { Actor } from "./principal.ts";

export interface ExportDependencies {
  readonly connection: Connection;
  readonly config: Pick<Config, "storeProgram" | "target" | "cluster">;
  readonly exportState: ExportState;
}

/**
 * Everything that is needed to go on with a store without us, as an archive. Throws a DomainError when there is no such store,
 * while something is done to it, and when it has no state.
 */
export async function exportStore(
  { connection, config, exportState }: ExportDependencies,
  { actor, reach }: { actor: Actor; reach: Reach },
  name: string,
): Promise<AsyncIterable<Uint8Array>> {
  const { database } = connection;
  const { id, spec, rotation, cluster, organizationId: organization } = await requireStore(database, name, reach);
  const newest = (await newestOperations(database, [id])).get(id);
  if (newest?.status === "running" || newest?.status === "interrupted") {
    throw new DomainError("conflict", "Something is done to the store just now; export it when that is over.", {
      type: "store-busy",
    });
  }
  const state = await exportState(name);
  if (state === undefined) {
    throw new DomainError("conflict", "The store has no state yet; it is made when it is created.", {
      type: "no-state",
    });
  }
  // Written down first: whoever has the archive is known.
  await inTransaction(connection, (transaction) =>
    insertAuditEntry(transaction, { actor, organization, action: "export store", subject: name }),
  );
  const { target, context } = await placeOf(database, config, cluster);
  const readme = exportReadme({ name, context, at: new Date() });
  return archiveOf(name, [
    { path: "README.md", content: Buffer.from(readme) },
    ...(await programFiles(config.storeProgram, spec.engine)),
    ...stateFiles(name, configOf(spec, target, { rotation, formerLogin: "closed" }), state),
  ]);
}
