import { createHash } from "node:crypto";
import { claimKey, findAnswer, keepAnswer, releaseKey } from "../database/answer-repository.ts";
import type { Connection } from "../database/connection.ts";
import type { KeptAnswer } from "../database/people-tables.ts";
import { DomainError } from "./domain-error.ts";

/** A request that may be sent again. */
export interface Repeatable {
  readonly userId: string;
  /** The same key within a day means the same request. */
  readonly key: string;
  /** Everything that makes two requests the same. */
  readonly request: readonly unknown[];
}

/**
 * Carries `work` out once for each key, and gives what it answered then to whoever sends the same request again. A
 * request that was refused was not carried out: it may be sent again under the same key. Throws a DomainError when the
 * key belongs to another request, to one that is under way, or when the answer held what is shown only once.
 */
export async function answerOnce<Answer>(
  { database }: Connection,
  { userId, key, request }: Repeatable,
  work: () => Promise<Answer>,
  toKept: (answer: Answer) => KeptAnswer,
): Promise<{ fresh: Answer } | { kept: KeptAnswer }> {
  const requestHash = createHash("sha256").update(JSON.stringify(request)).digest("hex");
  const at = { userId, key, requestHash };
  if (!(await claimKey(database, at))) return { kept: await answered(database, at) };
  try {
    const fresh = await work();
    await keepAnswer(database, at, toKept(fresh));
    return { fresh };
  } catch (error) {
    await releaseKey(database, at);
    throw error;
  }
}

async function answered(database: Connection["database"], at: Parameters<typeof findAnswer>[1]): Promise<KeptAnswer> {
  const found = await findAnswer(database, at);
  if (found !== undefined && found.requestHash !== at.requestHash) {
    throw new DomainError(
      "mismatch",
      "This Idempotency-Key was sent before with another request; use a new key for each request.",
      { type: "idempotency-key-reused" },
    );
  }
  if (found === undefined || found.answer === null) {
    throw new DomainError("conflict", "The same request is under way; ask again in a moment.", {
      type: "under-way",
      retryAfter: 1,
    });
  }
  if (!found.answer.shownOnce) return found.answer;
  throw new DomainError("conflict", "This was done already, and what it showed is shown only once.", {
    type: "shown-once",
  });
}
