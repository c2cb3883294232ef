import type { Settings } from "../contract/settings.ts";
import { insertAuditEntry } from "../database/audit-repository.ts";
import { type Connection, inTransaction } from "../database/connection.ts";
import { readSettings, saveSettings, type VersionedSettings } from "../database/settings-repository.ts";
import { decideAlone } from "../database/store-repository.ts";
import { DomainError } from "./domain-error.ts";
import type { Actor } from "./principal.ts";

/**
 * Sets everything anew. `version` is the one that was seen before; left out: whatever it is now. Throws a DomainError
 * when somebody else has changed it meanwhile.
 */
export async function changeSettings(
  connection: Connection,
  actor: Actor,
  settings: Settings,
  version: number | undefined,
): Promise<VersionedSettings> {
  return inTransaction(connection, async (transaction) => {
    await decideAlone(transaction, "settings");
    const before = await readSettings(transaction);
    const seen = version === undefined || version === before.version;
    if (!seen || !(await saveSettings(transaction, settings, before.version))) {
      throw new DomainError("stale", "Somebody has changed the settings meanwhile; load them again.", {
        type: "changed-meanwhile",
      });
    }
    await insertAuditEntry(transaction, {
      actor,
      action: "change settings",
      subject: "settings",
      before: before.settings,
      after: settings,
    });
    return { settings, version: before.version + 1 };
  });
}
