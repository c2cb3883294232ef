import { z } from "zod";
import type { Finished, Visitor } from "../../authentication.ts";
import { sessionSchema } from "../../contract/platform.ts";
import {
  beginSingleSignOnSchema,
  passkeyQuestionSchema,
  passkeySignInSchema,
  passwordSignInSchema,
  redirectionSchema,
  signUpSchema,
  waysInSchema,
} from "../../contract/sign-in.ts";
import { countSignIn } from "../../use-cases/limits.ts";
import { noSingleSignOn } from "../../use-cases/passkeys.ts";
import { mayBeNew, readWaysIn, recordFinish, signInByPasskey, signInByPassword } from "../../use-cases/sign-in.ts";
import { signUp } from "../../use-cases/sign-up.ts";
import { HttpProblem } from "../problems.ts";
import { type Asked, type Reply, type Route, route } from "../route.ts";
import type { Services } from "./services.ts";
import { signedIn, signedInReply } from "./session-routes.ts";

const tag = "Signing in";
const path = "/api/v1/sign-in";
const signedInAnswer = {
  200: { description: "Signed in.", schema: sessionSchema, headers: { "Set-Cookie": "The session, for 30 days." } },
};
const cookieHeader = { "Set-Cookie": "What the browser has to remember for some minutes." };

/** The browser that sends a request. */
export function visitorOf({ origin, header }: Pick<Asked, "origin" | "header">): Visitor {
  return { ...origin, cookies: header("cookie") };
}

/** An answer that the browser has to remember something about. */
export function rememberedReply({ body, cookies }: { body: unknown; cookies: readonly string[] }): Reply {
  return { status: 200, body, headers: { "Set-Cookie": cookies, "Cache-Control": "no-store" } };
}

function passwordRoutes(services: Services): readonly Route[] {
  return [
    route({
      method: "get",
      path,
      summary: "How one can sign in, and who may sign up",
      tag,
      answers: { 200: { description: "The ways in.", schema: waysInSchema } },
      problems: [],
      handle: async () => ({ status: 200, body: await readWaysIn(services) }),
    }),
    route({
      method: "post",
      path: `${path}/password`,
      repeats: "never",
      summary: "Sign in by e-mail address and password",
      description: "A wrong password and an address that nobody has are answered alike.",
      tag,
      body: passwordSignInSchema,
      answers: signedInAnswer,
      problems: [401],
      handle: async (asked) => {
        const secret = await signInByPassword(services, visitorOf(asked), asked.body);
        if (secret === undefined) throw new HttpProblem(401, "E-mail address or password are not right.");
        return signedInReply(services, secret, asked.caller);
      },
    }),
    route({
      method: "post",
      path: "/api/v1/sign-up",
      repeats: "never",
      summary: "Become a new person, where that is open to everybody",
      description: "Whether the address was somebody's already is not told; sign in afterwards.",
      tag,
      body: signUpSchema,
      answers: { 204: { description: "Whoever knows the password of this address can sign in." } },
      problems: [],
      handle: async ({ body, origin }) => {
        await signUp(services, body, origin);
        return { status: 204 };
      },
    }),
  ];
}

function passkeyRoutes(services: Services): readonly Route[] {
  return [
    route({
      method: "post",
      path: `${path}/passkey/question`,
      summary: "What a browser is to ask its passkeys",
      tag,
      answers: { 200: { description: "The question.", schema: passkeyQuestionSchema, headers: cookieHeader } },
      problems: [],
      handle: async (asked) => rememberedReply(await services.authentication.askForPasskey(visitorOf(asked))),
    }),
    route({
      method: "post",
      path: `${path}/passkey`,
      summary: "Sign in by a passkey",
      tag,
      body: passkeySignInSchema,
      answers: signedInAnswer,
      problems: [401],
      handle: async (asked) => {
        const secret = await signInByPasskey(services, visitorOf(asked), asked.body.credential);
        if (secret === undefined) throw new HttpProblem(401, "This passkey is not known here, or came too late.");
        return signedInReply(services, secret, asked.caller);
      },
    }),
  ];
}

const told = z.string().max(4000).optional();
const callbackQuery = z.object({ code: told, state: told, error: told, error_description: told, iss: told });

function singleSignOnRoutes(services: Services): readonly Route[] {
  const { connection, authentication } = services;
  return [
    route({
      method: "post",
      path: `${path}/single-sign-on`,
      summary: "Begin to sign in by the provider of single sign-on",
      tag,
      body: beginSingleSignOnSchema,
      answers: { 200: { description: "Where to go.", schema: redirectionSchema, headers: cookieHeader } },
      problems: [404],
      handle: async (asked) => {
        if (authentication.singleSignOn === undefined) throw noSingleSignOn();
        const may = { signUp: await mayBeNew(connection, asked.body.invitation) };
        return rememberedReply(await authentication.singleSignOn.begin(visitorOf(asked), may));
      },
    }),
    route({
      method: "get",
      path: `${path}/callback/single-sign-on`,
      summary: "Where the provider of single sign-on sends people back to",
      tag,
      query: callbackQuery,
      answers: { 302: { description: "On to the dashboard, signed in or told why not." } },
      problems: [404, 429],
      handle: async (asked) => {
        if (authentication.singleSignOn === undefined) throw noSingleSignOn();
        await countSignIn(connection, asked.origin.address);
        const visitor = visitorOf(asked);
        const query = Object.fromEntries(
          Object.entries(asked.query).filter((pair): pair is [string, string] => pair[1] !== undefined),
        );
        const finished = await authentication.singleSignOn.finish(visitor, query);
        await recordFinish(connection, visitor, finished);
        return onward(services, asked, finished);
      },
    }),
  ];
}

async function onward(services: Services, { caller }: Pick<Asked, "caller">, finished: Finished): Promise<Reply> {
  const begun = finished.outcome === "signed-in" ? await signedIn(services, finished.secret, caller) : undefined;
  const places = {
    "signed-in": "/welcome",
    connected: "/account",
    refused: `/sign-in?problem=${finished.outcome === "refused" ? finished.why : ""}`,
  };
  const cookies = [...finished.cookies, ...(begun === undefined ? [] : [begun.cookie])];
  return {
    status: 302,
    headers: { Location: places[finished.outcome], "Set-Cookie": cookies, "Cache-Control": "no-store" },
  };
}

export function signInRoutes(services: Services): readonly Route[] {
  return [...passwordRoutes(services), ...passkeyRoutes(services), ...singleSignOnRoutes(services)];
}
