import type { Stop, StopReason } from "./stop.ts";

/** The operations that this worker works on now. */
export interface ActiveOperations {
  /** One more. When the worker is being stopped already, it is told so at once. */
  add(id: string, stop: Stop): void;
  remove(id: string): void;
  ids(): string[];
  /** Asks one of them to stop; nothing happens when it is not ours. */
  request(id: string, reason: StopReason): void;
  /** Asks all of them to stop, and those that are still to come. */
  requestAll(reason: StopReason): void;
}

export function createActiveOperations(): ActiveOperations {
  const active = new Map<string, Stop>();
  let forAll: StopReason | undefined;
  return {
    add(id, stop) {
      active.set(id, stop);
      if (forAll !== undefined) stop.request(forAll);
    },
    remove: (id) => void active.delete(id),
    ids: () => [...active.keys()],
    request: (id, reason) => active.get(id)?.request(reason),
    requestAll(reason) {
      forAll = reason;
      for (const stop of active.values()) stop.request(reason);
    },
  };
}
