import { z } from "zod";
import {
  eventFilterSchema,
  eventListSchema,
  operationListSchema,
  operationSchema,
  operationsOfStoreQuerySchema,
  type ProgressEvent,
  type SparseEvent,
} from "../../contract/operation.ts";
import { organizationQuery } from "../../contract/store.ts";
import { eventsAfter } from "../../database/event-reads-repository.ts";
import { statusOfOperation } from "../../database/operation-reads-repository.ts";
import { cancelOperation } from "../../use-cases/cancel-operation.ts";
import { readEvents, readOperation, readOperations, readOperationsOfStore } from "../../use-cases/read-operation.ts";
import { versionOfOperation } from "../../use-cases/versions.ts";
import { reachedBy } from "../caller.ts";
import { streamEvents } from "../event-stream.ts";
import { etagDescription, etagOf, ifMatchHeaders, seenTag } from "../if-match.ts";
import { type Asked, type Reply, type Route, route } from "../route.ts";
import type { Services } from "./services.ts";

const tag = "Operations";
const params = z.object({ id: z.string().meta({ description: "Id of the operation.", format: "uuid" }) });

/** PostgreSQL's largest `integer`. */
const sequence = z.coerce
  .number({ error: "must be a whole number: that of the last event seen" })
  .int()
  .min(0)
  .max(2_147_483_647);

const eventsQuery = eventFilterSchema.extend({
  after: sequence.default(0).meta({ description: "Only events with a larger number." }),
});

const eventHeaders = z.object({
  "Last-Event-ID": sequence
    .optional()
    .meta({ description: "Number of the last event seen; sent by browsers that connect again. Wins over `after`." }),
});

const cancelledHeaders = { Location: "Address of the operation.", ...etagDescription };

type EventsAsked = Asked<{ id: string }, z.output<typeof eventsQuery>>;

async function events({ connection, hub, onTrouble }: Services, asked: EventsAsked): Promise<Reply> {
  const { params: asks, query, caller } = asked;
  const last = asked.header("last-event-id");
  const after = last === undefined ? query.after : Number(last);
  // First of all, so that an unknown operation is a 404 for a stream, too.
  const { items } = await readEvents(connection, caller.reach, asks.id, after, query);
  if (!asked.wantsStream) return { status: 200, body: { items: query.sparse ? items.map(withoutProgress) : items } };
  const dependencies = {
    hub,
    onTrouble,
    statusOf: (id: string) => statusOfOperation(connection.database, id),
    eventsAfter: async (id: string, number: number, limit: number) => {
      const found = await eventsAfter(connection.database, id, number, limit, query);
      return query.sparse ? found.map(withoutProgress) : found;
    },
    isStillAllowed: () => caller.isStillAllowed(),
  };
  return { stream: (response) => streamEvents(dependencies, asks.id, after, response) };
}

function withoutProgress({ progress: _, ...event }: ProgressEvent): SparseEvent {
  return event;
}

function eventsRoute(services: Services): Route {
  return route({
    method: "get",
    path: "/api/v1/operations/:id/events",
    summary: "What has happened, and what happens now",
    description:
      "Asked for as `text/event-stream`, it goes on until the operation is over: `id` is the event's number, `event` is " +
      "`progress`, `data` is a ProgressEvent; an event named `end` is the last. Asked for as JSON, it is what is there " +
      "now, at most 1000 events; go on with `after`.",
    tag,
    params,
    query: eventsQuery,
    headers: eventHeaders,
    answers: {
      200: { description: "Events in order, without gaps.", schema: eventListSchema, streams: true },
    },
    problems: [404],
    handle: (asked) => events(services, asked),
  });
}

export function operationRoutes(services: Services): readonly Route[] {
  const { connection } = services;
  return [
    route({
      method: "get",
      path: "/api/v1/operations",
      summary: "List operations of all stores",
      description: "Those of deleted stores included.",
      tag,
      query: operationsOfStoreQuerySchema.extend({ organization: organizationQuery }),
      answers: { 200: { description: "One page.", schema: operationListSchema } },
      problems: [404],
      handle: async ({ query, caller }) => ({
        status: 200,
        body: await readOperations(connection, caller.reach, query),
      }),
    }),
    route({
      method: "get",
      path: "/api/v1/operations/:id",
      summary: "How far an operation is",
      tag,
      params,
      answers: { 200: { description: "The operation.", schema: operationSchema, headers: etagDescription } },
      problems: [404],
      handle: async (asked) => {
        const body = await readOperation(connection, asked.caller.reach, asked.params.id);
        return { status: 200, body, headers: etagOf(versionOfOperation(body)) };
      },
    }),
    route({
      method: "post",
      path: "/api/v1/operations/:id/cancel",
      summary: "Cancel an operation",
      description: "One that waits is cancelled at once, one that runs as soon as it can stop. Asking twice is fine.",
      tag,
      params,
      headers: ifMatchHeaders,
      answers: {
        202: { description: "The operation as it is now.", schema: operationSchema, headers: cancelledHeaders },
      },
      problems: [404, 409, 412],
      handle: async (asked) => {
        const { id } = asked.params;
        const body = await cancelOperation(connection, reachedBy(asked), { id, seen: seenTag(asked) });
        const headers = { Location: `/api/v1/operations/${id}`, ...etagOf(versionOfOperation(body)) };
        return { status: 202, body, headers };
      },
    }),
    eventsRoute(services),
    route({
      method: "get",
      path: "/api/v1/stores/:name/operations",
      summary: "List the operations of a store",
      tag,
      params: z.object({ name: z.string().meta({ description: "Name of the store." }) }),
      query: operationsOfStoreQuerySchema,
      answers: { 200: { description: "One page.", schema: operationListSchema } },
      problems: [404],
      handle: async ({ params: { name }, query, caller }) => ({
        status: 200,
        body: await readOperationsOfStore(connection, caller.reach, name, query),
      }),
    }),
  ];
}
