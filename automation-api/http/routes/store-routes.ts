import { z } from "zod";
import {
  acceptedSchema,
  createStoreSchema,
  credentialsAnswerSchema,
  nameCheckSchema,
  organizationQuery,
  storeListSchema,
  storeQuerySchema,
  storeSchema,
} from "../../contract/store.ts";
import type { Accepted, Asker } from "../../use-cases/accept.ts";
import { checkName } from "../../use-cases/check-name.ts";
import { createStore } from "../../use-cases/create-store.ts";
import { deleteStore } from "../../use-cases/delete-store.ts";
import { exportStore } from "../../use-cases/export-store.ts";
import { inspectCommands } from "../../use-cases/inspect-commands.ts";
import { readStore, readStores } from "../../use-cases/read-stores.ts";
import { retryStore } from "../../use-cases/retry-store.ts";
import { revealCredentials } from "../../use-cases/reveal-credentials.ts";
import { rotateSecrets } from "../../use-cases/rotate-secrets.ts";
import { versionOfStore } from "../../use-cases/versions.ts";
import { reachedBy } from "../caller.ts";
import { etagDescription, etagOf, ifMatchHeaders, seenTag } from "../if-match.ts";
import { type Asked, type Reply, type Route, route } from "../route.ts";
import type { Services } from "./services.ts";

const tag = "Stores";
const params = z.object({ name: z.string().meta({ description: "Name of the store." }) });

const accepted = {
  202: {
    description: "It was accepted, or was before; the operation says how it goes on.",
    schema: acceptedSchema,
    headers: {
      Location: "Address of the operation.",
      "Idempotency-Replayed": "`true` when the same request was accepted before.",
    },
  },
};

/** What is asked of a store that is there, and ends in an operation. */
const change = {
  tag,
  params,
  headers: ifMatchHeaders,
  repeats: "itself",
  answers: accepted,
  problems: [404, 409, 412, 422],
} as const;

function askerOf(asked: Asked): Asker {
  return { ...reachedBy(asked), idempotencyKey: asked.header("idempotency-key"), seen: seenTag(asked) };
}

function acceptedReply({ store, operation, replayed }: Accepted): Reply {
  return {
    status: 202,
    body: { store, operation },
    headers: {
      Location: `/api/v1/operations/${operation.id}`,
      ...(replayed && { "Idempotency-Replayed": "true" }),
    },
  };
}

function changingRoutes({ connection, config }: Services): readonly Route[] {
  return [
    route({
      method: "post",
      path: "/api/v1/stores",
      summary: "Create a store",
      tag,
      query: z.object({ organization: organizationQuery }),
      repeats: "itself",
      body: createStoreSchema,
      answers: accepted,
      problems: [404, 409, 422],
      handle: async (asked) => {
        const { cluster, ...spec } = asked.body;
        return acceptedReply(await createStore({ connection, target: config.target }, askerOf(asked), spec, cluster));
      },
    }),
    route({
      method: "delete",
      path: "/api/v1/stores/:name",
      summary: "Delete a store and everything in it",
      description: "What is under way is cancelled; the removal comes behind it.",
      ...change,
      handle: async (asked) => acceptedReply(await deleteStore(connection, askerOf(asked), asked.params.name)),
    }),
    route({
      method: "post",
      path: "/api/v1/stores/:name/retry",
      summary: "Try once more what failed or was cancelled last",
      ...change,
      handle: async (asked) => acceptedReply(await retryStore(connection, askerOf(asked), asked.params.name)),
    }),
    route({
      method: "post",
      path: "/api/v1/stores/:name/rotate",
      summary: "Make a store's passwords, keys and salts anew",
      description: "The store sells meanwhile; whoever is signed in to it signs in again. The ones before are refused.",
      ...change,
      handle: async (asked) => acceptedReply(await rotateSecrets(connection, askerOf(asked), asked.params.name)),
    }),
  ];
}

function exportRoute({ connection, config, exportState }: Services): Route {
  return route({
    method: "get",
    path: "/api/v1/stores/:name/export",
    summary: "Take a store along: program, chart, configuration and state",
    description:
      "A gzipped tar archive; secrets in it are encrypted as they are in Pulumi's state. It is written down.",
    tag,
    params,
    answers: { 200: { description: "The archive." } },
    problems: [404, 409],
    handle: async (asked) => ({
      status: 200,
      lines: await exportStore({ connection, config, exportState }, reachedBy(asked), asked.params.name),
      headers: {
        "Content-Type": "application/gzip",
        "Content-Disposition": `attachment; filename="${asked.params.name}.tar.gz"`,
        "Cache-Control": "no-store",
      },
    }),
  });
}

function readingRoutes(services: Services): readonly Route[] {
  const { connection, config, readCredentials } = services;
  return [
    route({
      method: "get",
      path: "/api/v1/stores",
      summary: "List stores",
      tag,
      query: storeQuerySchema,
      answers: { 200: { description: "One page.", schema: storeListSchema } },
      problems: [404],
      handle: async ({ query, caller }) => ({ status: 200, body: await readStores(connection, caller.reach, query) }),
    }),
    route({
      method: "get",
      path: "/api/v1/stores/:name",
      summary: "Everything about a store",
      tag,
      params,
      answers: { 200: { description: "The store.", schema: storeSchema, headers: etagDescription } },
      problems: [404],
      handle: async ({ params: { name }, caller }) => {
        const body = await readStore(connection, caller.reach, name, (...store) => inspectCommands(config, ...store));
        return { status: 200, body, headers: etagOf(versionOfStore(body)) };
      },
    }),
    route({
      method: "get",
      path: "/api/v1/stores/:name/credentials",
      summary: "Reveal a store's credentials",
      description: "They are read from the cluster and kept nowhere else; who has seen them is written down.",
      tag,
      params,
      answers: { 200: { description: "The credentials.", schema: credentialsAnswerSchema } },
      problems: [404, 409],
      handle: async (asked) => ({
        status: 200,
        body: await revealCredentials({ connection, readCredentials }, reachedBy(asked), asked.params.name),
        headers: { "Cache-Control": "no-store" },
      }),
    }),
    exportRoute(services),
    route({
      method: "get",
      path: "/api/v1/names/:name",
      summary: "Whether a new store can have a name",
      tag,
      params,
      answers: { 200: { description: "Whether it can, and why not.", schema: nameCheckSchema } },
      problems: [],
      handle: async ({ params: { name }, caller: { principal } }) => {
        const reach = principal?.memberships.map(({ organization }) => organization) ?? [];
        return { status: 200, body: await checkName(connection, reach, name) };
      },
    }),
  ];
}

export function storeRoutes(services: Services): readonly Route[] {
  return [...changingRoutes(services), ...readingRoutes(services)];
}
