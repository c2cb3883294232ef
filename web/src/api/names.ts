import { queryOptions } from "@tanstack/react-query";
import { nameCheckSchema } from "../../../automation-api/contract/store.ts";
import { call } from "./client.ts";

/** Whether a well-formed name is free. */
export const nameCheckQuery = (name: string) =>
  queryOptions({
    queryKey: ["name", name],
    queryFn: ({ signal }) => call(`/names/${encodeURIComponent(name)}`, nameCheckSchema, { signal }),
    staleTime: 5_000,
    gcTime: 30_000,
  });
