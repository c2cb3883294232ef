import { mutationOptions, type QueryClient } from "@tanstack/react-query";
import { operationSchema } from "../../../automation-api/contract/operation.ts";
import { acceptedSchema, type CreateStore } from "../../../automation-api/contract/store.ts";
import { call } from "./client.ts";
import { credentialsQuery } from "./get-credentials.ts";
import { storeQuery } from "./get-store.ts";
import { storesKey } from "./list-stores.ts";
import { forNew } from "./organizations.ts";
import { overviewQuery } from "./overview.ts";

/** Everything that tells of a store is asked for again. */
export async function refreshStore(client: QueryClient, name: string): Promise<void> {
  const keys = [storeQuery(name).queryKey, storesKey, overviewQuery.queryKey];
  await Promise.all(keys.map((queryKey) => client.invalidateQueries({ queryKey })));
}

export const createStoreMutation = (client: QueryClient) =>
  mutationOptions({
    mutationFn: ({ request, key }: { request: CreateStore; key: string }) =>
      call(`/stores${forNew(client)}`, acceptedSchema, { method: "POST", body: request, idempotencyKey: key }),
    onSuccess: ({ store }) => {
      // Not awaited: the page of the store opens at once and loads by itself.
      void refreshStore(client, store.name);
    },
  });

export const retryStoreMutation = (client: QueryClient, name: string) =>
  mutationOptions({
    mutationFn: (key: string) =>
      call(`/stores/${encodeURIComponent(name)}/retry`, acceptedSchema, { method: "POST", idempotencyKey: key }),
    onSettled: () => refreshStore(client, name),
  });

export const rotateSecretsMutation = (client: QueryClient, name: string) =>
  mutationOptions({
    mutationFn: (key: string) =>
      call(`/stores/${encodeURIComponent(name)}/rotate`, acceptedSchema, { method: "POST", idempotencyKey: key }),
    onSuccess: () => client.resetQueries({ queryKey: credentialsQuery(name).queryKey }),
    onSettled: () => refreshStore(client, name),
  });

export const deleteStoreMutation = (client: QueryClient, name: string) =>
  mutationOptions({
    mutationFn: (key: string) =>
      call(`/stores/${encodeURIComponent(name)}`, acceptedSchema, { method: "DELETE", idempotencyKey: key }),
    onSettled: () => refreshStore(client, name),
  });

export const cancelOperationMutation = (client: QueryClient, store: string) =>
  mutationOptions({
    mutationFn: (id: string) => call(`/operations/${id}/cancel`, operationSchema, { method: "POST" }),
    onSettled: () => refreshStore(client, store),
  });
