import { infiniteQueryOptions, keepPreviousData } from "@tanstack/react-query";
import { isFinal } from "../../../automation-api/contract/operation.ts";
import { type StoreQuery, storeListSchema } from "../../../automation-api/contract/store.ts";
import { chosenOrganization } from "./organization-choice.ts";
import { itemsOf, pagesOf } from "./pages.ts";
import { pollingInterval } from "./polling.ts";

/** Key of every list of stores, whatever it is filtered by. */
export const storesKey = ["stores"] as const;

export type StoreFilter = Pick<StoreQuery, "status" | "engine" | "plan" | "search" | "sort">;

const PAGE = 25;

/** Pages of stores; the next one begins where the last ended. */
export const storesQuery = (filter: StoreFilter) =>
  infiniteQueryOptions({
    ...pagesOf(
      [...storesKey, filter],
      () => `/stores?${searchOf({ ...filter, organization: chosenOrganization(), limit: PAGE })}`,
      storeListSchema,
    ),
    placeholderData: keepPreviousData,
    refetchInterval: ({ state: { data } }) =>
      pollingInterval(data !== undefined && itemsOf(data).some(({ operation }) => !isFinal(operation.status))),
  });

function searchOf(query: Record<string, string | number | undefined>): string {
  const given = Object.entries(query).filter(([, value]) => value !== undefined && value !== "");
  return new URLSearchParams(given.map(([key, value]) => [key, String(value)])).toString();
}
