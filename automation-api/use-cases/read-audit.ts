import type { AUDIT_FORMATS, AuditEntry, AuditFilter, AuditVerification } from "../contract/audit.ts";
import { type AuditRow, allAuditEntries, listAuditEntries } from "../database/audit-repository.ts";
import type { Connection } from "../database/connection.ts";
import type { Reach } from "../database/organization-repository.ts";
import { followChain, noEntries } from "../domain/audit-chain.ts";

/** Without what is not known. */
function toEntry(row: AuditRow): AuditEntry {
  const { id, at, actor, action, subject, outcome, before, after, ...rest } = row;
  const known = Object.fromEntries(Object.entries(rest).filter(([, value]) => value !== null));
  return {
    id,
    at: at.toISOString(),
    actor,
    action,
    subject,
    outcome: outcome === "refused" ? outcome : "done",
    ...(isPlain(before) && { before }),
    ...(isPlain(after) && { after }),
    ...known,
  };
}

function isPlain(value: unknown): value is Record<string, unknown> {
  return typeof value === "object" && value !== null;
}

/** One page, newest first. */
export async function readAudit(
  { database }: Connection,
  reach: Reach,
  { limit, cursor, ...filter }: { limit: number; cursor?: string | undefined } & AuditFilter,
): Promise<{ items: AuditEntry[]; nextCursor?: string }> {
  const rows = await listAuditEntries(database, reach, { limit: limit + 1, before: cursor, filter });
  const shown = rows.slice(0, limit);
  const last = shown.at(-1);
  const more = rows.length > limit && last !== undefined;
  return { items: shown.map(toEntry), ...(more && { nextCursor: last.id }) };
}

const COLUMNS = [
  "id",
  "at",
  "actor",
  "actorId",
  "via",
  "address",
  "agent",
  "correlationId",
  "organizationId",
  "action",
  "subject",
  "outcome",
  "before",
  "after",
  "previousHash",
  "hash",
] as const;

/** Everything within reach that fits, oldest first, a line at a time. */
export async function* exportAudit(
  { database }: Connection,
  reach: Reach,
  { format, ...filter }: { format: (typeof AUDIT_FORMATS)[number] } & AuditFilter,
): AsyncGenerator<string> {
  if (format === "csv") yield `${COLUMNS.join(",")}\r\n`;
  for await (const row of allAuditEntries(database, reach, filter)) {
    const entry = toEntry(row);
    yield format === "csv"
      ? `${COLUMNS.map((column) => cell(entry[column])).join(",")}\r\n`
      : `${JSON.stringify(entry)}\n`;
  }
}

/**
 * As in RFC 4180. A value that a spreadsheet would take for a formula gets a quote in front of it: names come from people.
 */
function cell(value: unknown): string {
  if (value === undefined) return "";
  const text = typeof value === "string" ? value : JSON.stringify(value);
  const safe = /^[=+\-@\t\r]/.test(text) ? `'${text}` : text;
  return /[",\r\n]/.test(safe) ? `"${safe.replaceAll('"', '""')}"` : safe;
}

/** Follows the chain from its beginning. */
export async function verifyAudit({ database }: Connection): Promise<AuditVerification> {
  let state = noEntries;
  for await (const row of allAuditEntries(database, "all")) {
    state = followChain(state, { ...row, at: row.at.toISOString() });
  }
  const { entries, brokenAt } = state;
  return { entries, intact: brokenAt === undefined, ...(brokenAt !== undefined && { brokenAt }) };
}
