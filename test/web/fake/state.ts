import {
  isFinal,
  type Operation,
  type OperationStatus,
  type ProgressEvent,
} from "../../../automation-api/contract/operation.ts";
import type { Store } from "../../../automation-api/contract/store.ts";
import { beatsOf, eventOf, progressAt } from "./story.ts";
import { idOf } from "./things.ts";

/** What a made-up service holds, and how its operations go on. */
export interface FakeState {
  readonly stores: Map<string, Store>;
  readonly operations: Map<string, Operation>;
  readonly events: Map<string, ProgressEvent[]>;
  /** Takes up a new operation of a store. */
  begin(name: string, kind: Operation["kind"]): Operation;
  /** The next thing that happens to an operation; its end after the last. */
  advance(id: string): void;
  /** Ends an operation at once. */
  finish(id: string, status: OperationStatus, reason?: string): void;
  /** Told of every event from now on. Returns how to stop. */
  listen(id: string, listener: (event: ProgressEvent) => void): () => void;
}

export function createState(given: readonly Store[]): FakeState {
  const stores = new Map(given.map((store) => [store.name, store]));
  const operations = new Map(given.map(({ operation }) => [operation.id, operation]));
  const events = new Map<string, ProgressEvent[]>();
  const listeners = new Map<string, Set<(event: ProgressEvent) => void>>();
  let count = 100;

  const eventsOf = (id: string) => events.get(id) ?? [];

  function say(operation: Operation, event: ProgressEvent): void {
    events.set(operation.id, [...eventsOf(operation.id), event]);
    operations.set(operation.id, operation);
    const store = stores.get(operation.store);
    if (store !== undefined) stores.set(store.name, { ...store, operation });
    for (const listener of listeners.get(operation.id) ?? []) listener(event);
  }

  function begin(name: string, kind: Operation["kind"]): Operation {
    count += 1;
    const at = new Date().toISOString();
    const progress = progressAt(kind, 0);
    const operation: Operation = {
      id: idOf(count),
      store: name,
      kind,
      status: "queued",
      attempt: 0,
      askedBy: "owner",
      queuedAt: at,
      cancelRequested: false,
      progress,
    };
    say(operation, { sequence: 1, at, kind: "status", severity: "info", text: "Queued", status: "queued", progress });
    return operation;
  }

  function advance(id: string): void {
    const operation = operations.get(id);
    if (operation === undefined || isFinal(operation.status)) return;
    const beat = eventsOf(id).length - 1;
    if (beat >= beatsOf(operation.kind)) {
      finish(id, "succeeded");
      return;
    }
    const at = new Date().toISOString();
    const event = eventOf(operation.kind, beat, beat + 2, at);
    say(
      { ...operation, status: "running", attempt: 1, startedAt: operation.startedAt ?? at, progress: event.progress },
      event,
    );
  }

  function finish(id: string, status: OperationStatus, reason?: string): void {
    const operation = operations.get(id)!;
    const done = Math.max(0, eventsOf(id).length - 1);
    const progress = progressAt(operation.kind, done, status);
    const at = new Date().toISOString();
    settle(operation, status, reason);
    say(
      { ...operation, status, progress, finishedAt: at, ...(reason === undefined ? {} : { reason }) },
      {
        sequence: done + 2,
        at,
        kind: "status",
        severity: status === "failed" ? "error" : "info",
        text: reason ?? (status === "succeeded" ? "Done" : "Ended"),
        status,
        progress,
      },
    );
  }

  /** What the end of an operation makes of its store. */
  function settle({ store: name, kind }: Operation, status: OperationStatus, reason: string | undefined): void {
    const store = stores.get(name)!;
    if (kind === "delete" && status === "succeeded") {
      stores.delete(name);
      return;
    }
    const ready = status === "succeeded";
    const url = `http://${name}.localhost:8080`;
    stores.set(name, {
      ...store,
      status: ready ? "ready" : "failed",
      ...(ready ? { url, adminUrl: `${url}/app`, outputs: { url, adminUrl: `${url}/app` } } : {}),
      ...(reason === undefined ? {} : { reason }),
      can: { delete: true, rotate: ready, retry: !ready, cancel: false, credentials: ready },
    });
  }

  function listen(id: string, listener: (event: ProgressEvent) => void): () => void {
    const known = listeners.get(id) ?? new Set();
    listeners.set(id, known.add(listener));
    return () => known.delete(listener);
  }

  return { stores, operations, events, begin, advance, finish, listen };
}
