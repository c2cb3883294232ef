import { z } from "zod";
import {
  type Account,
  accountSchema,
  changeAccountSchema,
  createPasskeySchema,
  newPasskeyQuestionSchema,
  passkeySchema,
  redirectionSchema,
  setPasswordSchema,
} from "../../contract/sign-in.ts";
import { changeAccount, changePassword, type Oneself, readAccount } from "../../use-cases/account.ts";
import { addPasskey, connectSingleSignOn, disconnectSingleSignOn, removePasskey } from "../../use-cases/passkeys.ts";
import { versionOfAccount } from "../../use-cases/versions.ts";
import { principalOf, reachedBy } from "../caller.ts";
import { etagDescription, etagOf, ifMatchHeaders, seenTag } from "../if-match.ts";
import { type Asked, type Reply, type Route, route } from "../route.ts";
import type { Services } from "./services.ts";
import { rememberedReply, visitorOf } from "./sign-in-routes.ts";

const tag = "Your account";
const path = "/api/v1/account";
const headers = { "Set-Cookie": "What the browser has to remember for some minutes." };

function oneselfOf(asked: Pick<Asked, "caller" | "origin">): Oneself {
  return { principal: principalOf(asked), actor: reachedBy(asked).actor };
}

function reply(body: Account): Reply {
  return { status: 200, body, headers: etagOf(versionOfAccount(body)) };
}

function personRoutes(services: Services): readonly Route[] {
  const answers = { 200: { description: "Your account.", schema: accountSchema, headers: etagDescription } };
  return [
    route({
      method: "get",
      path,
      summary: "Who you are, and how you sign in",
      tag,
      answers,
      problems: [],
      handle: async (asked) => reply(await readAccount(services.connection, oneselfOf(asked))),
    }),
    route({
      method: "patch",
      path,
      summary: "Change your name or e-mail address",
      repeats: "never",
      tag,
      headers: ifMatchHeaders,
      body: changeAccountSchema,
      answers,
      problems: [412],
      handle: async (asked) => {
        const change = { ...asked.body, seen: seenTag(asked) };
        return reply(await changeAccount(services, oneselfOf(asked), change));
      },
    }),
    route({
      method: "put",
      path: `${path}/password`,
      repeats: "never",
      summary: "Set your password, and sign out everywhere else",
      description: "A sign-in link that is less than an hour old stands in for the present password.",
      tag,
      body: setPasswordSchema,
      answers: { 204: { description: "It is set." } },
      problems: [409],
      handle: async (asked) => {
        await changePassword(services, oneselfOf(asked), asked.body);
        return { status: 204 };
      },
    }),
  ];
}

function passkeyRoutes(services: Services): readonly Route[] {
  return [
    route({
      method: "post",
      path: `${path}/passkeys/question`,
      summary: "What a browser is to make a passkey with",
      tag,
      answers: { 200: { description: "The question.", schema: newPasskeyQuestionSchema, headers } },
      problems: [],
      handle: async (asked) => rememberedReply(await services.authentication.askForNewPasskey(visitorOf(asked))),
    }),
    route({
      method: "post",
      path: `${path}/passkeys`,
      summary: "Add a passkey",
      tag,
      body: createPasskeySchema,
      answers: { 201: { description: "The passkey.", schema: passkeySchema } },
      problems: [],
      handle: async (asked) => ({
        status: 201,
        body: await addPasskey(services, oneselfOf(asked), visitorOf(asked), asked.body),
      }),
    }),
    route({
      method: "delete",
      path: `${path}/passkeys/:id`,
      summary: "Remove a passkey",
      tag,
      params: z.object({ id: z.string().meta({ description: "Id of the passkey." }) }),
      answers: { 204: { description: "It does not sign you in any more." } },
      problems: [404],
      handle: async (asked) => {
        await removePasskey(services, oneselfOf(asked), asked.params.id);
        return { status: 204 };
      },
    }),
  ];
}

function singleSignOnRoutes(services: Services): readonly Route[] {
  return [
    route({
      method: "post",
      path: `${path}/single-sign-on`,
      summary: "Begin to connect yourself with the provider of single sign-on",
      tag,
      answers: { 200: { description: "Where to go.", schema: redirectionSchema, headers } },
      problems: [404],
      handle: async (asked) => rememberedReply(await connectSingleSignOn(services, oneselfOf(asked), visitorOf(asked))),
    }),
    route({
      method: "delete",
      path: `${path}/single-sign-on`,
      summary: "Disconnect yourself from it",
      tag,
      answers: { 204: { description: "It does not sign you in any more." } },
      problems: [404],
      handle: async (asked) => {
        await disconnectSingleSignOn(services, oneselfOf(asked));
        return { status: 204 };
      },
    }),
  ];
}

export function accountRoutes(services: Services): readonly Route[] {
  return [...personRoutes(services), ...passkeyRoutes(services), ...singleSignOnRoutes(services)];
}
