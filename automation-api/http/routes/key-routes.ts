import { z } from "zod";
import { createKeySchema, keyListSchema, newKeySchema, openSessionListSchema } from "../../contract/keys.ts";
import { createKey, endKey, ownKeys, readKeys } from "../../use-cases/keys.ts";
import { endOtherSessions, endSession, readSessions } from "../../use-cases/open-sessions.ts";
import { managerOf, principalOf, reachedBy } from "../caller.ts";
import { type Route, route } from "../route.ts";
import { organizationParams } from "./organization-routes.ts";
import type { Services } from "./services.ts";

const tag = "Keys and sessions";
const keyId = z.string().meta({ description: "Id of the key." });
const list = { 200: { description: "Those that can still be used, newest first.", schema: keyListSchema } };
const revoked = { 204: { description: "It cannot be used any more." } };

function ownKeyRoutes({ connection }: Services): readonly Route[] {
  return [
    route({
      method: "get",
      path: "/api/v1/keys",
      summary: "List your API keys",
      tag,
      answers: list,
      problems: [],
      handle: async (asked) => ({ status: 200, body: await readKeys(connection, ownKeys(principalOf(asked))) }),
    }),
    route({
      method: "post",
      path: "/api/v1/keys",
      summary: "Make an API key",
      description: "Its secret is shown once; it may at most what you may in that organization.",
      tag,
      body: createKeySchema,
      answers: { 201: { description: "The key and its secret.", schema: newKeySchema } },
      problems: [404],
      handle: async (asked) => {
        const who = { principal: principalOf(asked), actor: reachedBy(asked).actor };
        const body = await createKey(connection, who, asked.body);
        return { status: 201, body, headers: { "Cache-Control": "no-store" } };
      },
    }),
    route({
      method: "delete",
      path: "/api/v1/keys/:id",
      summary: "Revoke one of your API keys",
      tag,
      params: z.object({ id: keyId }),
      answers: revoked,
      problems: [404],
      handle: async (asked) => {
        const { actor } = reachedBy(asked);
        await endKey(connection, actor, ownKeys(principalOf(asked)), asked.params.id);
        return { status: 204 };
      },
    }),
  ];
}

function organizationKeyRoutes({ connection }: Services): readonly Route[] {
  const path = "/api/v1/organizations/:organization/keys";
  return [
    route({
      method: "get",
      path,
      summary: "List everybody's API keys of an organization",
      tag,
      params: organizationParams,
      answers: list,
      problems: [404],
      handle: async (asked) => ({
        status: 200,
        body: await readKeys(connection, { organizationId: managerOf(asked).organization }),
      }),
    }),
    route({
      method: "delete",
      path: `${path}/:id`,
      summary: "Revoke an API key of an organization",
      tag,
      params: organizationParams.extend({ id: keyId }),
      answers: revoked,
      problems: [404],
      handle: async (asked) => {
        const { actor, organization } = managerOf(asked);
        await endKey(connection, actor, { organizationId: organization }, asked.params.id);
        return { status: 204 };
      },
    }),
  ];
}

function openSessionRoutes({ connection }: Services): readonly Route[] {
  const path = "/api/v1/sessions";
  return [
    route({
      method: "get",
      path,
      summary: "List where you are signed in",
      tag,
      answers: { 200: { description: "All of them.", schema: openSessionListSchema } },
      problems: [],
      handle: async (asked) => ({ status: 200, body: await readSessions(connection, principalOf(asked)) }),
    }),
    route({
      method: "delete",
      path,
      summary: "Sign out everywhere else",
      tag,
      answers: { 204: { description: "Only this session is left." } },
      problems: [],
      handle: async (asked) => {
        await endOtherSessions(connection, reachedBy(asked).actor, principalOf(asked));
        return { status: 204 };
      },
    }),
    route({
      method: "delete",
      path: `${path}/:id`,
      summary: "Sign out somewhere",
      tag,
      params: z.object({ id: z.string().meta({ description: "Id of the session." }) }),
      answers: { 204: { description: "It is over." } },
      problems: [404],
      handle: async (asked) => {
        await endSession(connection, reachedBy(asked).actor, asked.params.id);
        return { status: 204 };
      },
    }),
  ];
}

export function keyRoutes(services: Services): readonly Route[] {
  return [...ownKeyRoutes(services), ...organizationKeyRoutes(services), ...openSessionRoutes(services)];
}
