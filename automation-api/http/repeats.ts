import type { Request } from "express";
import type { Connection } from "../database/connection.ts";
import type { KeptAnswer } from "../database/people-tables.ts";
import { answerOnce } from "../use-cases/answer-once.ts";
import type { Asked, Reply, Route } from "./route.ts";

/** Headers that belong to an answer, also when it is given again. */
const KEPT = ["Location", "ETag"] as const;

/** Runs a route, or gives the answer that the same request got before under its Idempotency-Key. */
export async function runOnce(connection: Connection, route: Route, request: Request, asked: Asked): Promise<Reply> {
  const key = asked.header("idempotency-key");
  const { principal } = asked.caller;
  // A key that is none is refused by the route itself, like every other header that is wrong.
  const usable = key !== undefined && /^[\x21-\x7e]{1,200}$/.test(key);
  // What nobody has to be signed in for knows no keys, also when somebody is.
  const applies = route.method !== "get" && route.repeats === undefined && route.rule.about !== "anyone";
  if (!usable || !applies || principal === undefined) return route.run(asked);

  const sent = [request.method, request.originalUrl, asked.body ?? null];
  const repeatable = { userId: principal.userId, key, request: sent };
  const outcome = await answerOnce(connection, repeatable, () => route.run(asked), toKept);
  if ("fresh" in outcome) return outcome.fresh;
  const { status, body, headers } = outcome.kept;
  return { status, headers: { ...headers, "Idempotency-Replayed": "true" }, ...(body !== undefined && { body }) };
}

/** Whatever must not be stored on its way is not stored by us either. */
function toKept(reply: Reply): KeptAnswer {
  if ("stream" in reply || "lines" in reply) throw new Error("Only what can be looked at again is streamed.");
  const { status, body, headers = {} } = reply;
  const shownOnce = headers["Cache-Control"] === "no-store";
  const kept = KEPT.flatMap((name) => (typeof headers[name] === "string" ? [[name, headers[name]] as const] : []));
  return { status, headers: Object.fromEntries(kept), shownOnce, ...(!shownOnce && body !== undefined && { body }) };
}
