import { infiniteQueryOptions } from "@tanstack/react-query";
import { operationListSchema } from "../../../automation-api/contract/operation.ts";
import { call } from "./client.ts";

export const operationsQuery = (store: string) =>
  infiniteQueryOptions({
    queryKey: ["store", store, "operations"],
    queryFn: ({ signal, pageParam }) =>
      call(
        `/stores/${encodeURIComponent(store)}/operations${pageParam === "" ? "" : `?cursor=${encodeURIComponent(pageParam)}`}`,
        operationListSchema,
        { signal },
      ),
    initialPageParam: "",
    getNextPageParam: (page) => page.nextCursor,
  });
