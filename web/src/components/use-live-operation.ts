import { useQuery, useQueryClient } from "@tanstack/react-query";
import { useContext, useEffect, useState } from "react";
import { isFinal, type Operation, type ProgressEvent } from "../../../automation-api/contract/operation.ts";
import { refreshStore } from "../api/change-store.ts";
import { followOperation, type StreamState } from "../api/event-stream.ts";
import { addEvent, operationEventsQuery } from "../api/operation-events.ts";
import { EventSourceContext } from "./event-source.ts";

export interface LiveOperation {
  /** As the newest event tells it. */
  readonly operation: Operation;
  readonly events: readonly ProgressEvent[];
  /** When the newest event arrived, in milliseconds. */
  readonly heardAt: number;
  readonly stream: StreamState;
  readonly isPending: boolean;
  readonly error: Error | null;
  readonly retry: () => void;
}

/** An operation with everything that was said about it, kept up to date while it goes on. */
export function useLiveOperation(known: Operation): LiveOperation {
  const { id, store, status } = known;
  const client = useQueryClient();
  const openEventSource = useContext(EventSourceContext);
  const { data, dataUpdatedAt, isPending, isSuccess, error, refetch } = useQuery(operationEventsQuery(id));
  const [stream, setStream] = useState<StreamState>("open");
  const live = !isFinal(status);

  useEffect(() => {
    if (!isSuccess) return;
    const { queryKey } = operationEventsQuery(id);
    const last = client.getQueryData(queryKey)?.at(-1);
    if (!live) {
      // It ended while the stream was away: its last events are still to be fetched.
      if (last !== undefined && !isFinal(last.status)) void client.invalidateQueries({ queryKey });
      return;
    }
    return followOperation({
      operation: id,
      after: last?.sequence ?? 0,
      openEventSource,
      onEvent: (event) => addEvent(client, id, event),
      onState: (state) => {
        setStream(state);
        if (state === "ended") void refreshStore(client, store);
      },
    });
  }, [id, store, live, isSuccess, client, openEventSource]);

  const events = data ?? [];
  const last = events.at(-1);
  const operation = !live || last === undefined ? known : { ...known, status: last.status, progress: last.progress };
  return { operation, events, heardAt: dataUpdatedAt, stream, isPending, error, retry: () => void refetch() };
}
