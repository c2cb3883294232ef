import { queryOptions } from "@tanstack/react-query";
import { isFinal } from "../../../automation-api/contract/operation.ts";
import { storeSchema } from "../../../automation-api/contract/store.ts";
import { call } from "./client.ts";
import { isNotFound } from "./errors.ts";
import { pollingInterval } from "./polling.ts";

export const storeQuery = (name: string) =>
  queryOptions({
    queryKey: ["store", name],
    queryFn: ({ signal }) => call(`/stores/${encodeURIComponent(name)}`, storeSchema, { signal }),
    refetchInterval: ({ state: { data, error } }) =>
      isNotFound(error) ? false : pollingInterval(data !== undefined && !isFinal(data.operation.status)),
  });
