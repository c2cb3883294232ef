import { storeQuerySchema } from "../../../automation-api/contract/store.ts";
import type { StoreFilter } from "../api/list-stores.ts";

// What the list of stores shows stands in the address, so that it can be kept, shared and gone back to.

/** `sort` is left out for newest first. */
export type StoresSearch = StoreFilter;

/** Takes from an address what the contract knows, and forgets the rest. */
export function parseStoresSearch(given: Record<string, unknown>): StoresSearch {
  const { status, engine, plan, search, sort } = storeQuerySchema.shape;
  const known = <Value>(schema: { safeParse(value: unknown): { success: boolean; data?: Value } }, key: string) => {
    const parsed = given[key] === undefined ? undefined : schema.safeParse(given[key]);
    return parsed?.success ? parsed.data : undefined;
  };
  return withoutNothing({
    status: known(status, "status")?.join(","),
    engine: known(engine, "engine"),
    plan: known(plan, "plan"),
    search: known(search, "search") || undefined,
    sort: given.sort === "-createdAt" ? undefined : given.sort === undefined ? undefined : known(sort, "sort"),
  });
}

/** The same without the entries that are `undefined`. */
export function withoutNothing<Value extends object>(value: { [Key in keyof Value]: Value[Key] | undefined }) {
  return Object.fromEntries(Object.entries(value).filter(([, entry]) => entry !== undefined));
}

export function filterOf(search: StoresSearch): StoreFilter {
  return { sort: "-createdAt", ...search };
}
