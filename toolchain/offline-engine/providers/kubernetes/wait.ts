import type { Properties } from "../../values.ts";
import { ApiError } from "./api-error.ts";
import type { KubernetesClient, Reference } from "./client.ts";
import { textAt } from "./objects.ts";

export interface Wait {
  readonly client: KubernetesClient;
  /** The object to follow. */
  readonly reference: Reference;
  /** Aborted when the person interrupts. */
  readonly signal: AbortSignal;
  readonly timeoutSeconds: number;
  /** Ask again at least this often, for answers that depend on other objects too. Default: only when it changes. */
  readonly recheckSeconds?: number;
}

export type Outcome = "satisfied" | "timed out" | "interrupted";

/** A watch that nothing happens on is renewed after this long. */
const WATCH_SECONDS = 240;
const GONE = 410;

/**
 * Follows one object until `satisfied` says yes. It is asked at once, then on every change; it gets `undefined` when the
 * object is not there, and `changed` tells news of a watch from the first look. What it throws ends the wait.
 */
export async function waitUntil(
  wait: Wait,
  satisfied: (live: Properties | undefined, changed: boolean) => boolean | Promise<boolean>,
): Promise<Outcome> {
  const { client, reference, signal } = wait;
  const deadline = Date.now() + wait.timeoutSeconds * 1000;
  while (!signal.aborted) {
    const live = await client.find(reference);
    if (await satisfied(live, false)) return "satisfied";
    const left = deadline - Date.now();
    if (left <= 0) return "timed out";
    const pause = Math.min(left, (wait.recheckSeconds ?? WATCH_SECONDS) * 1000);
    if (await changesUntil(wait, textAt(live, "metadata", "resourceVersion"), pause, satisfied)) return "satisfied";
  }
  return "interrupted";
}

async function changesUntil(
  { client, reference, signal }: Wait,
  resourceVersion: string | undefined,
  milliseconds: number,
  satisfied: (live: Properties | undefined, changed: boolean) => boolean | Promise<boolean>,
): Promise<boolean> {
  const stop = AbortSignal.any([signal, AbortSignal.timeout(milliseconds)]);
  const query = { fieldSelector: `metadata.name=${reference.name}`, resourceVersion };
  try {
    for await (const event of client.watch(reference, reference.namespace, query, stop)) {
      if (event.type === "ERROR") return false;
      if (await satisfied(event.type === "DELETED" ? undefined : event.object, true)) return true;
    }
  } catch (error) {
    // Aborted while connecting, or the version we know is too old: look again.
    if (!stop.aborted && !(error instanceof ApiError && error.status === GONE)) throw error;
  }
  return false;
}
