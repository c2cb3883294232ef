import { queryOptions } from "@tanstack/react-query";
import { findingListSchema } from "../../../automation-api/contract/finding.ts";
import { platformSchema } from "../../../automation-api/contract/platform.ts";
import { call } from "./client.ts";
import { pagesOf } from "./pages.ts";

/** What is in use on this machine, and what can be created. */
export const platformQuery = queryOptions({
  queryKey: ["platform"],
  queryFn: ({ signal }) => call("/platform", platformSchema, { signal }),
  staleTime: 30_000,
  refetchInterval: 60_000,
});

/** What is not as it should be; for administrators of the platform. */
export const findingsQuery = pagesOf(["findings"], () => "/platform/findings", findingListSchema);
