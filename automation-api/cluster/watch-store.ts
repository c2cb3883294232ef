import { setTimeout as sleep } from "node:timers/promises";
import { z } from "zod";
import { namespaceOf } from "../../stores/names.ts";
import type { ApiServer } from "./api-server.ts";
import { clusterEventSchema, isBefore, newsOfClusterEvent } from "./cluster-event-news.ts";
import { type KnownPod, knownPod, newsOfPod, type PodNews, podSchema } from "./pod-news.ts";

/** A watch ends after so many seconds and begins anew: a connection that silently died is noticed then. */
const WATCH_SECONDS = 120;
/** Pause before a watch that ended begins anew, in milliseconds. */
const PAUSE = 500;

/** By how much the cluster's clock may be behind ours, in milliseconds. Its times have whole seconds. */
const CLOCK_TOLERANCE = 3000;

const changeSchema = z.object({ type: z.string(), object: z.unknown() });

export interface StoreWatch {
  /** Name of the store. */
  readonly store: string;
  readonly onNews: (news: PodNews) => void;
  /** Ends the watch when it is aborted. */
  readonly signal: AbortSignal;
}

/** Takes what a watch says, one change after the other, whether it is new or said again. */
type Listener = (change: z.infer<typeof changeSchema>) => void;

/**
 * Follows the pods of a store and the events of its namespace until the signal is aborted. A watch that starts tells
 * everything there is and then what changes; so when one breaks, it is simply started again. A cluster that does not
 * answer costs news, nothing else.
 */
export async function watchStore(connect: () => Promise<ApiServer>, watch: StoreWatch): Promise<void> {
  const path = `/api/v1/namespaces/${namespaceOf(watch.store)}`;
  const follow = (what: string, listener: Listener) => followAgain(connect, `${path}/${what}`, listener, watch.signal);
  await Promise.all([follow("pods", podListener(watch.onNews)), follow("events", eventListener(watch.onNews))]);
}

async function followAgain(
  connect: () => Promise<ApiServer>,
  path: string,
  listener: Listener,
  signal: AbortSignal,
): Promise<void> {
  while (!signal.aborted) {
    try {
      const server = await connect();
      for await (const change of server.follow(`${path}?watch=true&timeoutSeconds=${WATCH_SECONDS}`, signal)) {
        listener(changeSchema.parse(change));
      }
    } catch {
      // Aborted, broken or unreadable: the next one starts with everything there is.
    }
    await sleep(PAUSE, undefined, { signal }).catch(() => {});
  }
}

function podListener(onNews: (news: PodNews) => void): Listener {
  const known = new Map<string, KnownPod>();
  return ({ type, object }) => {
    if (type === "BOOKMARK" || type === "ERROR") return;
    const pod = podSchema.parse(object);
    const { uid } = pod.metadata;
    if (type === "DELETED") {
      known.delete(uid);
      return;
    }
    for (const news of newsOfPod(pod, known.get(uid))) onNews(news);
    known.set(uid, knownPod(pod));
  };
}

function eventListener(onNews: (news: PodNews) => void): Listener {
  const said = new Set<string>();
  const begin = new Date(Date.now() - CLOCK_TOLERANCE);
  return ({ type, object }) => {
    if (type !== "ADDED" && type !== "MODIFIED") return;
    const event = clusterEventSchema.parse(object);
    const news = isBefore(event, begin) ? undefined : newsOfClusterEvent(event);
    if (news === undefined || said.has(news.text)) return;
    said.add(news.text);
    onNews(news);
  };
}
