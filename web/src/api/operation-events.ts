import { type QueryClient, queryOptions } from "@tanstack/react-query";
import { type ProgressEvent, progressEventListSchema } from "../../../automation-api/contract/operation.ts";
import { call } from "./client.ts";

/** Everything that was said about an operation so far, oldest first. The stream of a live one adds to it. */
export const operationEventsQuery = (id: string) =>
  queryOptions({
    queryKey: ["operation", id, "events"],
    queryFn: async ({ signal }) =>
      (await call(`/operations/${id}/events?after=0`, progressEventListSchema, { signal })).items,
    staleTime: Number.POSITIVE_INFINITY,
  });

/** Adds an event where it belongs; one that is there already changes nothing. */
export function withEvent(events: readonly ProgressEvent[], event: ProgressEvent): ProgressEvent[] {
  const last = events.at(-1);
  if (last === undefined || event.sequence > last.sequence) return [...events, event];
  if (events.some(({ sequence }) => sequence === event.sequence)) return [...events];
  return [...events, event].sort((one, other) => one.sequence - other.sequence);
}

export function addEvent(client: QueryClient, id: string, event: ProgressEvent): void {
  client.setQueryData(operationEventsQuery(id).queryKey, (events) => withEvent(events ?? [], event));
}
