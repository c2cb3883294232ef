import { mutationOptions, type QueryClient } from "@tanstack/react-query";
import { z } from "zod";
import {
  type CreateKey,
  keyListSchema,
  newKeySchema,
  openSessionListSchema,
} from "../../../automation-api/contract/keys.ts";
import { call } from "./client.ts";
import { pagesOf } from "./pages.ts";

export const keysQuery = pagesOf(["keys"], () => "/keys", keyListSchema);

export const createKeyMutation = (client: QueryClient) =>
  mutationOptions({
    mutationFn: (body: CreateKey) => call("/keys", newKeySchema, { method: "POST", body }),
    onSettled: () => client.invalidateQueries({ queryKey: keysQuery.queryKey }),
  });

export const revokeKeyMutation = (client: QueryClient) =>
  mutationOptions({
    mutationFn: (id: string) => call(`/keys/${id}`, z.unknown(), { method: "DELETE" }),
    onSettled: () => client.invalidateQueries({ queryKey: keysQuery.queryKey }),
  });

export const openSessionsQuery = pagesOf(["open-sessions"], () => "/sessions", openSessionListSchema);

/** Ends one session, or all but this one. */
export const endSessionMutation = (client: QueryClient) =>
  mutationOptions({
    mutationFn: (id: string | undefined) =>
      call(id === undefined ? "/sessions" : `/sessions/${id}`, z.unknown(), { method: "DELETE" }),
    onSettled: () => client.invalidateQueries({ queryKey: openSessionsQuery.queryKey }),
  });
