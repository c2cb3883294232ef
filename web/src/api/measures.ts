import { keepPreviousData, queryOptions } from "@tanstack/react-query";
import { measuresSchema, type Span } from "../../../automation-api/contract/measures.ts";
import { call } from "./client.ts";

/** How the platform has been doing; for administrators. The last plots stand until those of another span are there. */
export const measuresQuery = (span: Span) =>
  queryOptions({
    queryKey: ["measures", span],
    queryFn: ({ signal }) => call(`/platform/measures?span=${span}`, measuresSchema, { signal }),
    placeholderData: keepPreviousData,
    refetchInterval: 30_000,
  });
