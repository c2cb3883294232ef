import type { Plan } from "../../stores/spec.ts";
import type { Connection, Database } from "../database/connection.ts";
import { countForOrganization, countOperationsOf, countWithin, forgetCount } from "../database/limit-repository.ts";
import { DomainError, invalidField } from "./domain-error.ts";

/** How long to wait for an operation to end, in seconds, when nobody knows. */
const A_WHILE = 15;

/**
 * Refuses a new store that is one too many. Belongs in the transaction that makes it: nobody else decides about the
 * organization until that ends, and a store that is not made in the end is not counted. Throws a DomainError.
 */
export async function refuseTooManyStores(
  transaction: Database,
  { organization, userId, plan }: { organization: string; userId: string; plan: Plan },
): Promise<void> {
  const counted = await countForOrganization(transaction, `create ${userId}`, organization);
  const { settings, stores } = counted;
  if (!settings.plans.includes(plan)) {
    throw invalidField("plan", `The plan "${plan}" is not offered here; choose one of: ${settings.plans.join(", ")}.`);
  }
  if (stores >= settings.storesPerOrganization) {
    const message = `The organization has ${stores} stores, and ${settings.storesPerOrganization} are allowed; delete one, or ask an administrator for more.`;
    throw new DomainError("conflict", message, { type: "too-many-stores" });
  }
  // Few wait for long: mostly there are fewer in all than one organization may have, and its own need no counting.
  if (counted.allOperations >= settings.operationsPerOrganization) {
    refuseTooManyOperations(await countOperationsOf(transaction, organization), settings.operationsPerOrganization);
  }
  if (counted.count > settings.createsPerMinute) {
    const { seconds } = counted;
    throw tooMany(`You may ask for ${settings.createsPerMinute} stores a minute; try again in ${seconds} s.`, seconds);
  }
}

function refuseTooManyOperations(open: number, most: number): void {
  if (open < most) return;
  throw tooMany(`The organization has ${open} operations under way, and ${most} are allowed; wait for one.`, A_WHILE);
}

/** Counts a request that changes something. Throws a DomainError when there were too many within a minute. */
export async function countChange({ database }: Connection, userId: string): Promise<void> {
  const { settings, count, seconds } = await countWithin(database, `change ${userId}`);
  if (count <= settings.changesPerMinute) return;
  throw tooMany(`That were too many requests within a minute; try again in ${seconds} s.`, seconds);
}

/** Counts an attempt to sign in, or to use a key that there is not. Throws a DomainError as above. */
export async function countSignIn({ database }: Connection, address: string | undefined): Promise<void> {
  const { settings, count, seconds } = await countWithin(database, `sign-in ${address ?? ""}`);
  if (count <= settings.signInsPerMinute) return;
  throw tooMany(`That were too many attempts to sign in; try again in ${seconds} s.`, seconds);
}

/** Attempts by one address, or of one person, are counted over so many seconds. */
const PATIENCE = 15 * 60;
const attemptsOf = (whose: string) => `sign-in as ${whose}`;

/**
 * Counts an attempt to prove that one is a certain person: by their e-mail address, whether or not it is anybody's, or by
 * their id. Throws a DomainError as above.
 */
export async function countAttempt({ database }: Connection, whose: string): Promise<void> {
  const { settings, count, seconds } = await countWithin(database, attemptsOf(whose), PATIENCE);
  if (count <= settings.signInsPerPerson) return;
  const minutes = Math.ceil(seconds / 60);
  throw tooMany(`That were too many attempts; try again in ${minutes} min, or sign in another way.`, seconds);
}

/** Whoever has proved it begins anew. */
export function forgetAttempts({ database }: Connection, whose: string): Promise<void> {
  return forgetCount(database, attemptsOf(whose));
}

function tooMany(message: string, retryAfter: number): DomainError {
  return new DomainError("too-many", message, { type: "too-many-requests", retryAfter });
}
