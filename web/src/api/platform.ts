import { queryOptions } from "@tanstack/react-query";
import { platformSchema } from "../../../automation-api/contract/platform.ts";
import { call } from "./client.ts";

/** What is in use on this machine, and what can be created. */
export const platformQuery = queryOptions({
  queryKey: ["platform"],
  queryFn: ({ signal }) => call("/platform", platformSchema, { signal }),
  staleTime: 30_000,
  refetchInterval: 60_000,
});
