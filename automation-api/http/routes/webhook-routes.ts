import { z } from "zod";
import { pageQuerySchema } from "../../contract/page.ts";
import {
  changeWebhookSchema,
  createWebhookSchema,
  deliveryListSchema,
  deliveryQuerySchema,
  deliverySchema,
  newWebhookSchema,
  type Webhook,
  webhookListSchema,
  webhookSchema,
} from "../../contract/webhook.ts";
import { readDeliveries, sendAgain, testWebhook } from "../../use-cases/deliveries.ts";
import {
  changeWebhook,
  createWebhook,
  readWebhook,
  readWebhooks,
  removeWebhook,
  renewSecret,
  type SeenWebhook,
  type WebhookAndSecret,
} from "../../use-cases/webhooks.ts";
import { managerOf } from "../caller.ts";
import { etagDescription, etagOf, ifMatchHeaders, seenTag } from "../if-match.ts";
import { type Asked, type Reply, type Route, route } from "../route.ts";
import { organizationParams } from "./organization-routes.ts";
import type { Services } from "./services.ts";

const tag = "Webhooks";
const path = "/api/v1/organizations/:organization/webhooks";
const onePath = `${path}/:id`;
const oneParams = organizationParams.extend({ id: z.string().meta({ description: "Id of the webhook." }) });
const deliveryParams = oneParams.extend({ delivery: z.string().meta({ description: "Id of the delivery." }) });

const one = { 200: { description: "The webhook.", schema: webhookSchema, headers: etagDescription } };
const secretOnce = {
  201: { description: "The webhook and its secret, shown once.", schema: newWebhookSchema, headers: etagDescription },
};
const asked202 = { 202: { description: "The delivery; it is sent at once.", schema: deliverySchema } };

function reply(body: Webhook): Reply {
  return { status: 200, body, headers: etagOf(body.version) };
}

function secretReply(body: WebhookAndSecret): Reply {
  return { status: 201, body, headers: { ...etagOf(body.webhook.version), "Cache-Control": "no-store" } };
}

/** The webhook that is meant, and the version of it that was seen. */
function seenOf(asked: Asked<{ id: string }>): SeenWebhook {
  return { id: asked.params.id, seen: seenTag(asked) };
}

function collectionRoutes({ connection, webhookSecrets }: Services): readonly Route[] {
  return [
    route({
      method: "get",
      path,
      summary: "List the webhooks of an organization",
      tag,
      params: organizationParams,
      query: pageQuerySchema,
      answers: { 200: { description: "One page, oldest first.", schema: webhookListSchema } },
      problems: [404],
      handle: async (asked) => ({
        status: 200,
        body: await readWebhooks(connection, managerOf(asked).organization, asked.query),
      }),
    }),
    route({
      method: "post",
      path,
      summary: "Let an address be told what happens",
      description:
        "Requests are signed as in the Standard Webhooks specification: `webhook-id`, `webhook-timestamp` and " +
        "`webhook-signature`, verified with the secret. What is not answered with 2xx within 15 seconds is sent again " +
        "for about a day, under the same id.",
      tag,
      params: organizationParams,
      body: createWebhookSchema,
      answers: secretOnce,
      problems: [404, 409],
      handle: async (asked) =>
        secretReply(await createWebhook(connection, managerOf(asked), webhookSecrets, asked.body)),
    }),
  ];
}

function oneRoutes({ connection, webhookSecrets }: Services): readonly Route[] {
  return [
    route({
      method: "get",
      path: onePath,
      summary: "One webhook",
      tag,
      params: oneParams,
      answers: one,
      problems: [404],
      handle: async (asked) => reply(await readWebhook(connection, managerOf(asked).organization, asked.params.id)),
    }),
    route({
      method: "patch",
      path: onePath,
      summary: "Change a webhook, or turn it on or off",
      tag,
      params: oneParams,
      headers: ifMatchHeaders,
      body: changeWebhookSchema,
      answers: one,
      problems: [404, 412],
      handle: async (asked) => {
        return reply(await changeWebhook(connection, managerOf(asked), seenOf(asked), asked.body));
      },
    }),
    route({
      method: "delete",
      path: onePath,
      summary: "Delete a webhook and its deliveries",
      tag,
      params: oneParams,
      headers: ifMatchHeaders,
      answers: { 204: { description: "It is gone." } },
      problems: [404, 412],
      handle: async (asked) => {
        await removeWebhook(connection, managerOf(asked), seenOf(asked));
        return { status: 204 };
      },
    }),
    route({
      method: "post",
      path: `${onePath}/secret`,
      summary: "Make a new secret; the one before is used beside it for a day",
      tag,
      params: oneParams,
      headers: ifMatchHeaders,
      answers: secretOnce,
      problems: [404, 409, 412],
      handle: async (asked) =>
        secretReply(await renewSecret(connection, managerOf(asked), webhookSecrets, seenOf(asked))),
    }),
  ];
}

function deliveryRoutes({ connection }: Services): readonly Route[] {
  return [
    route({
      method: "post",
      path: `${onePath}/test`,
      summary: "Send a test to a webhook",
      tag,
      params: oneParams,
      answers: asked202,
      problems: [404, 409],
      handle: async (asked) => ({
        status: 202,
        body: await testWebhook(connection, managerOf(asked), asked.params.id),
      }),
    }),
    route({
      method: "get",
      path: `${onePath}/deliveries`,
      summary: "What was sent to a webhook, newest first",
      description: "Kept for 30 days.",
      tag,
      params: oneParams,
      query: deliveryQuerySchema,
      answers: { 200: { description: "One page.", schema: deliveryListSchema } },
      problems: [404],
      handle: async (asked) => ({
        status: 200,
        body: await readDeliveries(connection, managerOf(asked).organization, asked.params.id, asked.query),
      }),
    }),
    route({
      method: "post",
      path: `${onePath}/deliveries/:delivery/replay`,
      summary: "Send the same once more",
      tag,
      params: deliveryParams,
      answers: asked202,
      problems: [404, 409],
      handle: async (asked) => {
        const { id, delivery } = asked.params;
        return { status: 202, body: await sendAgain(connection, managerOf(asked), id, delivery) };
      },
    }),
  ];
}

/** Who is told what happens in an organization. */
export function webhookRoutes(services: Services): readonly Route[] {
  return [...collectionRoutes(services), ...oneRoutes(services), ...deliveryRoutes(services)];
}
