import { sessionSchema, signInSchema } from "../../contract/platform.ts";
import { signIn, signOut } from "../../use-cases/sessions.ts";
import { HttpProblem } from "../problems.ts";
import { type Route, route } from "../route.ts";
import { endedCookie, sessionCookie } from "../session-cookie.ts";
import type { Services } from "./services.ts";

const tag = "Session";
const path = "/api/v1/session";

export function sessionRoutes({ connection, config }: Services): readonly Route[] {
  return [
    route({
      method: "post",
      path,
      summary: "Sign in with the token of a sign-in link",
      description: "A token works once, within an hour.",
      tag,
      open: true,
      body: signInSchema,
      answers: {
        200: {
          description: "Signed in.",
          schema: sessionSchema,
          headers: { "Set-Cookie": "The session, for 30 days." },
        },
      },
      problems: [401],
      handle: async ({ body }) => {
        const signedIn = await signIn(connection, body.token);
        if (signedIn === undefined) {
          throw new HttpProblem(401, "This link was used before or is too old; get another one.");
        }
        return {
          status: 200,
          body: signedIn.session,
          headers: {
            "Set-Cookie": sessionCookie(signedIn.secret, config.publicOrigin),
            "Cache-Control": "no-store",
          },
        };
      },
    }),
    route({
      method: "get",
      path,
      summary: "Who is signed in",
      tag,
      answers: { 200: { description: "The session.", schema: sessionSchema } },
      problems: [],
      handle: async ({ who }) => ({ status: 200, body: { user: { name: who.user }, expiresAt: who.expiresAt } }),
    }),
    route({
      method: "delete",
      path,
      summary: "Sign out",
      tag,
      answers: { 204: { description: "Signed out." } },
      problems: [],
      handle: async ({ who }) => {
        await signOut(connection, who.secret);
        return { status: 204, headers: { "Set-Cookie": endedCookie(config.publicOrigin) } };
      },
    }),
  ];
}
