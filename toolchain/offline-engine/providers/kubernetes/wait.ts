import { setTimeout as pause } from "node:timers/promises";
import type { Properties } from "../../values.ts";
import { ApiError, ClusterUnreachable } from "./api-error.ts";
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

/** Answers whether the wait is over. Gets `undefined` when the object is not there; `changed` tells news from a first look. */
export type Satisfied = (live: Properties | undefined, changed: boolean) => boolean | Promise<boolean>;

/** A watch that nothing happens on is renewed after this long. */
const WATCH_SECONDS = 240;
/** Pause before looking again when the cluster did not answer or broke the watch off. */
const PAUSE_MILLISECONDS = 500;
const GONE = 410;

/**
 * Follows one object until `satisfied` says yes: it is asked at once, then on every change. What it throws ends the wait.
 * A cluster that is away for a while only makes it longer.
 */
export async function waitUntil(wait: Wait, satisfied: Satisfied): Promise<Outcome> {
  const deadline = Date.now() + wait.timeoutSeconds * 1000;
  while (!wait.signal.aborted) {
    const left = deadline - Date.now();
    if (left <= 0) return "timed out";
    const stop = AbortSignal.any([
      wait.signal,
      AbortSignal.timeout(Math.min(left, (wait.recheckSeconds ?? WATCH_SECONDS) * 1000)),
    ]);
    try {
      if (await satisfiedBefore(stop, wait, satisfied)) return "satisfied";
    } catch (error) {
      if (!(error instanceof ClusterUnreachable)) throw error;
    }
    await pause(PAUSE_MILLISECONDS, undefined, { signal: stop }).catch(() => undefined);
  }
  return "interrupted";
}

async function satisfiedBefore(stop: AbortSignal, { client, reference }: Wait, satisfied: Satisfied): Promise<boolean> {
  const live = await client.find(reference);
  if (await satisfied(live, false)) return true;
  for await (const next of changes(client, reference, textAt(live, "metadata", "resourceVersion"), stop)) {
    if (await satisfied(next, true)) return true;
  }
  return false;
}

/** The object after each change, until `stop`, or until the watch breaks: then it is time to look again. */
async function* changes(
  client: KubernetesClient,
  reference: Reference,
  resourceVersion: string | undefined,
  stop: AbortSignal,
): AsyncGenerator<Properties | undefined> {
  const query = { fieldSelector: `metadata.name=${reference.name}`, resourceVersion };
  try {
    for await (const event of client.watch(reference, reference.namespace, query, stop)) {
      if (event.type === "ERROR") return;
      yield event.type === "DELETED" ? undefined : event.object;
    }
  } catch (error) {
    const refused = error instanceof ApiError && error.status !== GONE;
    if (refused && !stop.aborted) throw error;
  }
}
