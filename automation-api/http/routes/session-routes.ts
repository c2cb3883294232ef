import { type Session, sessionSchema, signInSchema } from "../../contract/platform.ts";
import { principalOfSession } from "../../use-cases/principal.ts";
import { signIn, signOut, toSession } from "../../use-cases/sessions.ts";
import { principalOf } from "../caller.ts";
import { HttpProblem } from "../problems.ts";
import { type Caller, type Reply, type Route, route } from "../route.ts";
import { endedCookie, sessionCookie } from "../session-cookie.ts";
import type { Services } from "./services.ts";

const tag = "Session";
const path = "/api/v1/session";

/** Who has just signed in, and the cookie for that. Whoever was signed in by this browser before is not any more. */
export async function signedIn(
  { connection, config }: Services,
  secret: string,
  { principal: before }: Pick<Caller, "principal">,
): Promise<{ session: Session; cookie: string }> {
  const principal = await principalOfSession(connection, secret);
  if (principal === undefined) throw new Error("A session has begun, but cannot be found.");
  if (before !== undefined) await signOut(connection, before);
  return { session: toSession(principal), cookie: sessionCookie(secret, config.publicOrigin) };
}

/** Answers with who is signed in by a new session, and lets the browser keep it. */
export async function signedInReply(
  services: Services,
  secret: string,
  caller: Pick<Caller, "principal">,
): Promise<Reply> {
  const { session, cookie } = await signedIn(services, secret, caller);
  return { status: 200, body: session, headers: { "Set-Cookie": cookie, "Cache-Control": "no-store" } };
}

export function sessionRoutes(services: Services): readonly Route[] {
  const { connection, config } = services;
  return [
    route({
      method: "post",
      path,
      summary: "Sign in with the token of a sign-in link",
      description: "A token works once, within an hour.",
      tag,
      body: signInSchema,
      answers: {
        200: {
          description: "Signed in.",
          schema: sessionSchema,
          headers: { "Set-Cookie": "The session, for 30 days." },
        },
      },
      problems: [401],
      handle: async ({ body, caller, origin }) => {
        const secret = await signIn(connection, body.token, origin);
        if (secret === undefined) {
          throw new HttpProblem(401, "This link was used before or is too old; get another one.");
        }
        return signedInReply(services, secret, caller);
      },
    }),
    route({
      method: "get",
      path,
      summary: "Who is signed in",
      tag,
      answers: { 200: { description: "The session.", schema: sessionSchema } },
      problems: [],
      handle: async (asked) => ({ status: 200, body: toSession(principalOf(asked)) }),
    }),
    route({
      method: "delete",
      path,
      summary: "Sign out",
      tag,
      answers: { 204: { description: "Signed out." } },
      problems: [],
      handle: async (asked) => {
        await signOut(connection, principalOf(asked));
        return { status: 204, headers: { "Set-Cookie": endedCookie(config.publicOrigin) } };
      },
    }),
  ];
}
