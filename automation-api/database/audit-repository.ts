import { sql } from "kysely";
import type { AuditFilter } from "../contract/audit.ts";
import { BEGINNING, hashOfEntry, type Link } from "../domain/audit-chain.ts";
import type { Database } from "./connection.ts";
import { type Reach, withSome } from "./organization-repository.ts";

/** What is done by those who look after the cluster. */
export const PLATFORM_ACTS = [
  "back up platform",
  "restore platform",
  "rotate passphrase",
  "rotate database password",
  "rotate sealing key",
  "roll back platform",
] as const;

export type AuditAction =
  | (typeof PLATFORM_ACTS)[number]
  | "create store"
  | "delete store"
  | "retry store"
  | "rotate secrets"
  | "cancel operation"
  | "read credentials"
  | "export store"
  | "create organization"
  | "change organization"
  | "delete organization"
  | "change member"
  | "remove member"
  | "invite"
  | "withdraw invitation"
  | "accept invitation"
  | "issue sign-in link"
  | "sign in"
  | "sign up"
  | "change account"
  | "change password"
  | "add passkey"
  | "remove passkey"
  | "connect single sign-on"
  | "disconnect single sign-on"
  | "create key"
  | "revoke key"
  | "revoke session"
  | "change settings"
  | "add cluster"
  | "change cluster"
  | "remove cluster"
  | "create webhook"
  | "change webhook"
  | "delete webhook"
  | "rotate webhook secret"
  | "test webhook"
  | "replay delivery"
  | "request";

/** Who does something, and where from. */
export interface AuditActor {
  /** `undefined` for somebody who has not said who they are, or could not prove it. */
  readonly userId: string | undefined;
  readonly name: string;
  /** What they were known by, such as `session`. */
  readonly via: string;
  readonly address: string | undefined;
  readonly agent: string | undefined;
  readonly correlationId: string | undefined;
}

type Plain = Readonly<Record<string, unknown>>;

/** Whoever looks after the cluster, by a command. */
export const OPERATOR: AuditActor = {
  userId: undefined,
  name: "operator",
  via: "cluster",
  address: undefined,
  agent: undefined,
  correlationId: undefined,
};

export interface AuditEntry {
  readonly actor: AuditActor;
  /** Id of the organization it happened in; left out for the platform. */
  readonly organization?: string;
  readonly action: AuditAction;
  /** Name of what it was done to. */
  readonly subject: string;
  /** Plain values before and after. Never a secret. */
  readonly before?: Plain;
  readonly after?: Plain;
  /** Default `done`. */
  readonly outcome?: "done" | "refused";
}

/**
 * Adds an entry to the chain. The database refuses every other change. Write it last in a transaction: whoever writes the
 * next one waits for its end.
 */
export async function insertAuditEntry(database: Database, entry: AuditEntry): Promise<void> {
  // Nobody else adds one until the transaction ends.
  const { rows } = await sql<{ hash: string | null }>`select take_audit_turn() as hash`.execute(database);
  const previousHash = rows[0]?.hash ?? BEGINNING;
  const { actor, before, after } = entry;
  const chained = {
    at: new Date().toISOString(),
    actor: actor.name,
    actorId: actor.userId ?? null,
    via: actor.via,
    address: actor.address ?? null,
    agent: actor.agent?.slice(0, 200) ?? null,
    correlationId: actor.correlationId ?? null,
    organizationId: entry.organization ?? null,
    action: entry.action,
    subject: entry.subject,
    before: asKept(before),
    after: asKept(after),
    outcome: entry.outcome ?? ("done" as const),
  };
  await database
    .insertInto("auditEntries")
    .values({
      ...chained,
      at: new Date(chained.at),
      before: before === undefined ? null : JSON.stringify(before),
      after: after === undefined ? null : JSON.stringify(after),
      previousHash,
      hash: hashOfEntry(previousHash, chained),
    })
    .execute();
}

/** As the database gives it back: without what is undefined. */
function asKept(value: Plain | undefined): unknown {
  return value === undefined ? null : JSON.parse(JSON.stringify(value));
}

export type AuditRow = Omit<Link, "at"> & { readonly at: Date };

function rowsOf(database: Database, reach: Reach, { from, until, ...same }: AuditFilter) {
  let query = database
    .selectFrom("auditEntries")
    .select(["id", "at", "actor", "actorId", "via", "address", "agent", "correlationId", "organizationId"])
    .select(["action", "subject", "before", "after", "outcome", "previousHash", "hash"])
    .$if(reach !== "all", (all) => all.where("organizationId", "in", withSome(reach)))
    .$if(from !== undefined, (all) => all.where("at", ">=", new Date(from ?? 0)))
    .$if(until !== undefined, (all) => all.where("at", "<", new Date(until ?? 0)));
  for (const column of ["actor", "action", "subject", "outcome", "correlationId"] as const) {
    const value = same[column];
    if (value !== undefined) query = query.where(column, "=", value);
  }
  return query;
}

/** Newest first, older than the entry `before`. */
export function listAuditEntries(
  database: Database,
  reach: Reach,
  { limit, before, filter }: { limit: number; before: string | undefined; filter: AuditFilter },
): Promise<AuditRow[]> {
  return rowsOf(database, reach, filter)
    .$if(before !== undefined, (query) => query.where("id", "<", before ?? ""))
    .orderBy("id", "desc")
    .limit(limit)
    .execute();
}

/** All that fit, in the order in which they were written, a batch at a time. */
export async function* allAuditEntries(
  database: Database,
  reach: Reach,
  filter: AuditFilter = {},
): AsyncGenerator<AuditRow> {
  let last: string | undefined;
  for (;;) {
    const rows = await rowsOf(database, reach, filter)
      .$if(last !== undefined, (query) => query.where("id", ">", last ?? ""))
      .orderBy("id")
      .limit(1000)
      .execute();
    yield* rows;
    last = rows.at(-1)?.id;
    if (last === undefined) return;
  }
}
