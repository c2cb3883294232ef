import { queryOptions } from "@tanstack/react-query";
import { credentialsAnswerSchema } from "../../../automation-api/contract/store.ts";
import { call } from "./client.ts";

/** Asked for only when a person wants to see them (each reading is audited), and forgotten when the page is left. */
export const credentialsQuery = (store: string) =>
  queryOptions({
    queryKey: ["store", store, "credentials"],
    queryFn: ({ signal }) =>
      call(`/stores/${encodeURIComponent(store)}/credentials`, credentialsAnswerSchema, { signal }),
    enabled: false,
    gcTime: 0,
    staleTime: Number.POSITIVE_INFINITY,
    retry: false,
  });
