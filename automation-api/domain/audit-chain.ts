import { createHash } from "node:crypto";

// Every audit entry carries the hash of the one before it: whoever changes, removes or inserts one breaks the chain.

/** What is hashed. Times are ISO 8601 in milliseconds. */
export interface Chained {
  readonly at: string;
  readonly actor: string;
  readonly actorId: string | null;
  readonly via: string | null;
  readonly address: string | null;
  readonly agent: string | null;
  readonly correlationId: string | null;
  readonly organizationId: string | null;
  readonly action: string;
  readonly subject: string;
  readonly before: unknown;
  readonly after: unknown;
  readonly outcome: string;
}

/** Stands before the first entry. */
export const BEGINNING = "0".repeat(64);

/** SHA-256, in hexadecimal, of the hash before and of everything in the entry. */
export function hashOfEntry(previousHash: string, entry: Chained): string {
  const { at, actor, actorId, via, address, agent, correlationId, organizationId } = entry;
  const { action, subject, before, after, outcome } = entry;
  const who = [at, actor, actorId, via, address, agent, correlationId, organizationId];
  const text = JSON.stringify(sorted([previousHash, ...who, action, subject, before, after, outcome]));
  return createHash("sha256").update(text).digest("hex");
}

/** With the keys of objects in alphabetical order: the database keeps them in an order of its own. */
function sorted(value: unknown): unknown {
  if (Array.isArray(value)) return value.map(sorted);
  if (typeof value !== "object" || value === null) return value;
  const entries = Object.entries(value).sort(([one], [other]) => (one < other ? -1 : 1));
  return Object.fromEntries(entries.map(([key, inner]) => [key, sorted(inner)]));
}

export interface Link extends Chained {
  readonly id: string;
  readonly previousHash: string | null;
  readonly hash: string | null;
}

/** Where the chain is and whether it holds; entries from before there was one are passed over. */
export interface ChainState {
  readonly entries: number;
  readonly last: string;
  readonly brokenAt: string | undefined;
}

export const noEntries: ChainState = { entries: 0, last: BEGINNING, brokenAt: undefined };

/** Looks at one more entry, in their order. */
export function followChain(state: ChainState, link: Link): ChainState {
  const entries = state.entries + 1;
  const older = link.hash === null && link.previousHash === null && state.last === BEGINNING;
  if (state.brokenAt !== undefined || older) return { ...state, entries };
  const holds = link.previousHash === state.last && link.hash === hashOfEntry(state.last, link);
  return { entries, last: link.hash ?? state.last, brokenAt: holds ? undefined : link.id };
}
