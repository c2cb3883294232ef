import type { Connection } from "../database/connection.ts";
import { listen } from "../database/notifications-repository.ts";

/** Tells the streams of this process that there is something new about their operation. */
export interface ProgressHub {
  /** Calls `onNews` whenever there may be new events of an operation. Returns how to stop that. */
  watch(operationId: string, onNews: () => void): () => void;
  close(): Promise<void>;
}

/** One connection listens for all streams of the process. After a gap every stream looks for itself. */
export async function createProgressHub(connection: Connection): Promise<ProgressHub> {
  const watchers = new Map<string, Set<() => void>>();
  const tell = (operationId: string) => {
    for (const onNews of watchers.get(operationId) ?? []) onNews();
  };
  const notifications = await listen(connection, "progress", {
    onNotification: tell,
    onGap: () => {
      for (const operationId of watchers.keys()) tell(operationId);
    },
  });
  return {
    watch: (operationId, onNews) => {
      const these = watchers.get(operationId) ?? new Set();
      watchers.set(operationId, these.add(onNews));
      return () => {
        these.delete(onNews);
        if (these.size === 0 && watchers.get(operationId) === these) watchers.delete(operationId);
      };
    },
    close: () => notifications.close(),
  };
}
