import type { Database } from "./connection.ts";

export type AuditAction = "create store" | "delete store" | "retry store" | "cancel operation" | "read credentials";

export interface AuditEntry {
  /** Who did it. */
  readonly actor: string;
  readonly action: AuditAction;
  /** Name of the store. */
  readonly subject: string;
  /** Plain values that explain it. Never a secret. */
  readonly detail?: Readonly<Record<string, unknown>>;
}

/** Entries are only ever added. */
export async function insertAuditEntry(database: Database, entry: AuditEntry): Promise<void> {
  await database
    .insertInto("auditEntries")
    .values({
      actor: entry.actor,
      action: entry.action,
      subject: entry.subject,
      detail: JSON.stringify(entry.detail ?? {}),
    })
    .execute();
}
