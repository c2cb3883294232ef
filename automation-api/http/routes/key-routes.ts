import { z } from "zod";
import { createKeySchema, type Key, keyListSchema, keySchema, newKeySchema } from "../../contract/keys.ts";
import { pageQuerySchema } from "../../contract/page.ts";
import { createKey, endKey, ownKeys, readKey, readKeys } from "../../use-cases/keys.ts";
import { versionOfKey } from "../../use-cases/versions.ts";
import { managerOf, principalOf, reachedBy } from "../caller.ts";
import { etagDescription, etagOf, ifMatchHeaders, seenTag } from "../if-match.ts";
import { type Reply, type Route, route } from "../route.ts";
import { organizationParams } from "./organization-routes.ts";
import type { Services } from "./services.ts";

const tag = "Keys and sessions";
const keyId = z.string().meta({ description: "Id of the key." });
const ownParams = z.object({ id: keyId });
const organizationKeyParams = organizationParams.extend({ id: keyId });
const list = { 200: { description: "One page of those that can still be used, newest first.", schema: keyListSchema } };
const one = { 200: { description: "The key, without its secret.", schema: keySchema, headers: etagDescription } };
const revoked = { 204: { description: "It cannot be used any more." } };

function reply(body: Key): Reply {
  return { status: 200, body, headers: etagOf(versionOfKey(body)) };
}

function ownKeyRoutes({ connection }: Services): readonly Route[] {
  return [
    route({
      method: "get",
      path: "/api/v1/keys",
      summary: "List your API keys",
      tag,
      query: pageQuerySchema,
      answers: list,
      problems: [],
      handle: async (asked) => ({
        status: 200,
        body: await readKeys(connection, ownKeys(principalOf(asked)), asked.query),
      }),
    }),
    route({
      method: "get",
      path: "/api/v1/keys/:id",
      summary: "One of your API keys",
      tag,
      params: ownParams,
      answers: one,
      problems: [404],
      handle: async (asked) => reply(await readKey(connection, ownKeys(principalOf(asked)), asked.params.id)),
    }),
    route({
      method: "post",
      path: "/api/v1/keys",
      summary: "Make an API key",
      description: "Its secret is shown once; it may at most what you may in that organization.",
      tag,
      body: createKeySchema,
      answers: { 201: { description: "The key and its secret.", schema: newKeySchema, headers: etagDescription } },
      problems: [404],
      handle: async (asked) => {
        const who = { principal: principalOf(asked), actor: reachedBy(asked).actor };
        const body = await createKey(connection, who, asked.body);
        return { status: 201, body, headers: { ...etagOf(versionOfKey(body.key)), "Cache-Control": "no-store" } };
      },
    }),
    route({
      method: "delete",
      path: "/api/v1/keys/:id",
      summary: "Revoke one of your API keys",
      tag,
      params: ownParams,
      headers: ifMatchHeaders,
      answers: revoked,
      problems: [404, 412],
      handle: async (asked) => {
        const { actor } = reachedBy(asked);
        const key = { id: asked.params.id, seen: seenTag(asked) };
        await endKey(connection, actor, ownKeys(principalOf(asked)), key);
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
      query: pageQuerySchema,
      answers: list,
      problems: [404],
      handle: async (asked) => ({
        status: 200,
        body: await readKeys(connection, { organizationId: managerOf(asked).organization }, asked.query),
      }),
    }),
    route({
      method: "get",
      path: `${path}/:id`,
      summary: "One API key of an organization",
      tag,
      params: organizationKeyParams,
      answers: one,
      problems: [404],
      handle: async (asked) => {
        const owner = { organizationId: managerOf(asked).organization };
        return reply(await readKey(connection, owner, asked.params.id));
      },
    }),
    route({
      method: "delete",
      path: `${path}/:id`,
      summary: "Revoke an API key of an organization",
      tag,
      params: organizationKeyParams,
      headers: ifMatchHeaders,
      answers: revoked,
      problems: [404, 412],
      handle: async (asked) => {
        const { actor, organization } = managerOf(asked);
        const key = { id: asked.params.id, seen: seenTag(asked) };
        await endKey(connection, actor, { organizationId: organization }, key);
        return { status: 204 };
      },
    }),
  ];
}

export function keyRoutes(services: Services): readonly Route[] {
  return [...ownKeyRoutes(services), ...organizationKeyRoutes(services)];
}
