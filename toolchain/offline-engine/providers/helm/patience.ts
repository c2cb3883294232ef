import type { Properties } from "../../values.ts";
import { ApiError } from "../kubernetes/api-error.ts";
import type { KubernetesClient } from "../kubernetes/client.ts";
import { creationTroubles, podsOf, podTroubles, sentenceOf, type Trouble } from "../kubernetes/pod-problems.ts";
import { isOwnedBy, newestReplicaSet } from "../kubernetes/workload.ts";

/**
 * How many seconds a trouble may last before waiting on is in vain. A registry can be away for a moment, a Secret can come
 * late, and old pods can have to go before there is quota for new ones; the kubelet tries three or four times in a minute.
 * Reasons not named here can pass at any time.
 */
const PATIENCE: Readonly<Record<string, number>> = {
  InvalidImageName: 0,
  ErrImageNeverPull: 0,
  Refused: 0,
  ErrImagePull: 60,
  ImagePullBackOff: 60,
  ImageInspectError: 60,
  CreateContainerConfigError: 60,
  CreateContainerError: 60,
  FailedCreate: 60,
};

/** A container that was started again as often as this, over some three minutes, will not do better. */
const RESTARTS = 5;

/** Waiting on is in vain. */
export class Hopeless extends Error {
  /** What is in the way, one sentence each, the most telling first. */
  readonly problems: readonly string[];

  constructor(problems: readonly string[]) {
    super(problems[0] ?? "");
    this.name = "Hopeless";
    this.problems = problems;
  }
}

/** Watches one workload while it is waited for. Helm itself has no such thing: it waits until time is up. */
export interface Patience {
  /** Throws {@link Hopeless} when the workload, as it is now, has been in a trouble for too long. */
  check(workload: Properties): Promise<void>;
}

export function createPatience(client: KubernetesClient, now: () => number = Date.now): Patience {
  /** Since when which objects have been in trouble. */
  const since = new Map<string, number>();
  return {
    async check(workload) {
      const troubles = await currentTroubles(workload, client);
      const serious = troubles.filter((trouble) => allowedSeconds(trouble) !== undefined);
      const names = new Set(serious.map(({ about }) => about));
      for (const name of since.keys()) if (!names.has(name)) since.delete(name);
      for (const trouble of serious) {
        const began = since.get(trouble.about) ?? now();
        since.set(trouble.about, began);
        if (now() - began < (allowedSeconds(trouble) ?? 0) * 1000) continue;
        const others = troubles.filter((other) => other.about === trouble.about && other !== trouble);
        throw new Hopeless([trouble, ...others].map(sentenceOf));
      }
    },
  };
}

function allowedSeconds({ reason, restarts }: Trouble): number | undefined {
  if (reason === "CrashLoopBackOff") return restarts < RESTARTS ? undefined : 0;
  return PATIENCE[reason];
}

/** Without those of pods that are about to be replaced: an upgrade mends what the last one broke. */
async function currentTroubles(workload: Properties, client: KubernetesClient): Promise<Trouble[]> {
  try {
    const pods = await podsOf(workload, client);
    const creation = await creationTroubles(workload, client);
    const troubled = pods.filter((pod) => podTroubles(pod).length > 0);
    if (troubled.length === 0 || workload.kind !== "Deployment") return [...creation, ...troubled.flatMap(podTroubles)];
    const newest = await newestReplicaSet(workload, client);
    const current = troubled.filter((pod) => newest !== undefined && isOwnedBy(pod, newest));
    return [...creation, ...current.flatMap(podTroubles)];
  } catch (error) {
    // Whoever may not look at pods and events waits until time is up.
    if (error instanceof ApiError) return [];
    throw error;
  }
}
