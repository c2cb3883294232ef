import { infiniteQueryOptions, mutationOptions, type QueryClient } from "@tanstack/react-query";
import { z } from "zod";
import {
  type CreateWebhook,
  deliveryListSchema,
  deliverySchema,
  newWebhookSchema,
  type Webhook,
  webhookListSchema,
  webhookSchema,
} from "../../../automation-api/contract/webhook.ts";
import { call } from "./client.ts";
import { itemsOf, pagesOf } from "./pages.ts";

const pathOf = (organization: string) => `/organizations/${encodeURIComponent(organization)}/webhooks`;
const keyOf = (organization: string) => ["webhooks", organization] as const;

/** How often deliveries are looked at while one waits, in milliseconds. */
const INTERVAL = 2000;

export const webhooksQuery = (organization: string) =>
  infiniteQueryOptions({
    ...pagesOf(keyOf(organization), () => pathOf(organization), webhookListSchema),
    refetchInterval: ({ state: { data } }) =>
      data !== undefined && itemsOf(data).some(({ lastDelivery }) => lastDelivery?.status === "waiting")
        ? INTERVAL
        : false,
  });

/** Pages of deliveries, newest first. */
export const deliveriesQuery = (organization: string, id: string) =>
  infiniteQueryOptions({
    ...pagesOf(
      [...keyOf(organization), id, "deliveries"],
      () => `${pathOf(organization)}/${id}/deliveries`,
      deliveryListSchema,
    ),
    refetchInterval: ({ state: { data } }) =>
      data?.pages[0]?.items.some(({ status }) => status === "waiting") ? INTERVAL : false,
  });

const refresh = (client: QueryClient, organization: string) => () =>
  client.invalidateQueries({ queryKey: keyOf(organization) });

export const createWebhookMutation = (client: QueryClient, organization: string) =>
  mutationOptions({
    mutationFn: (body: CreateWebhook) => call(pathOf(organization), newWebhookSchema, { method: "POST", body }),
    onSettled: refresh(client, organization),
  });

export const switchWebhookMutation = (client: QueryClient, organization: string) =>
  mutationOptions({
    mutationFn: ({ id, version, enabled }: Pick<Webhook, "id" | "version" | "enabled">) => {
      const path = `${pathOf(organization)}/${id}`;
      return call(path, webhookSchema, { method: "PATCH", body: { enabled }, ifMatch: `"${version}"` });
    },
    onSettled: refresh(client, organization),
  });

export const deleteWebhookMutation = (client: QueryClient, organization: string) =>
  mutationOptions({
    mutationFn: (id: string) => call(`${pathOf(organization)}/${id}`, z.unknown(), { method: "DELETE" }),
    onSettled: refresh(client, organization),
  });

export const renewSecretMutation = (client: QueryClient, organization: string) =>
  mutationOptions({
    mutationFn: (id: string) => call(`${pathOf(organization)}/${id}/secret`, newWebhookSchema, { method: "POST" }),
    onSettled: refresh(client, organization),
  });

/** A test, or, with the id of a delivery, the same once more. */
export const sendMutation = (client: QueryClient, organization: string, id: string) =>
  mutationOptions({
    mutationFn: (delivery: string | undefined) => {
      const what = delivery === undefined ? "test" : `deliveries/${delivery}/replay`;
      return call(`${pathOf(organization)}/${id}/${what}`, deliverySchema, { method: "POST" });
    },
    onSettled: refresh(client, organization),
  });
