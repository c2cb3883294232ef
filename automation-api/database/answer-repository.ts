import { sql } from "kysely";
import type { Database } from "./connection.ts";
import type { KeptAnswer } from "./people-tables.ts";

export interface AnswerKey {
  readonly userId: string;
  readonly key: string;
  readonly requestHash: string;
}

const kept = sql<Date>`now() - interval '24 hours'`;
/** A request that has not ended by then never will: its process died. */
const abandoned = sql<Date>`now() - interval '2 minutes'`;

/** Claims a key for a request. Returns false when it is taken. */
export async function claimKey(database: Database, { userId, key, requestHash }: AnswerKey): Promise<boolean> {
  const claimed = await database
    .insertInto("keptAnswers")
    .values({ userId, key, requestHash, answer: null })
    .onConflict((conflict) =>
      conflict
        .columns(["userId", "key"])
        .doUpdateSet({ requestHash, answer: null, createdAt: sql<Date>`now()` })
        .where(({ or, and, eb }) =>
          or([
            eb("keptAnswers.createdAt", "<", kept),
            and([eb("keptAnswers.answer", "is", null), eb("keptAnswers.createdAt", "<", abandoned)]),
          ]),
        ),
    )
    .returning("key")
    .executeTakeFirst();
  return claimed !== undefined;
}

/** What belongs to a key that is taken; without an answer while the first request is under way. */
export function findAnswer(
  database: Database,
  { userId, key }: AnswerKey,
): Promise<{ requestHash: string; answer: KeptAnswer | null } | undefined> {
  return database
    .selectFrom("keptAnswers")
    .select(["requestHash", "answer"])
    .where("userId", "=", userId)
    .where("key", "=", key)
    .executeTakeFirst();
}

export async function keepAnswer(database: Database, { userId, key }: AnswerKey, answer: KeptAnswer): Promise<void> {
  await database
    .updateTable("keptAnswers")
    .set({ answer: JSON.stringify(answer) })
    .where("userId", "=", userId)
    .where("key", "=", key)
    .execute();
}

/** Lets a key go whose request was refused: it was not carried out. */
export async function releaseKey(database: Database, { userId, key }: AnswerKey): Promise<void> {
  await database
    .deleteFrom("keptAnswers")
    .where("userId", "=", userId)
    .where("key", "=", key)
    .where("answer", "is", null)
    .execute();
}

/** Removes answers that are older than a day. */
export async function removeOldAnswers(database: Database): Promise<void> {
  await database.deleteFrom("keptAnswers").where("createdAt", "<", kept).execute();
}
