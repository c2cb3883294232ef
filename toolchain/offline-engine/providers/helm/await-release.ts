import type { Call } from "../../provider.ts";
import type { Properties } from "../../values.ts";
import type { KubernetesClient, Reference } from "../kubernetes/client.ts";
import { kindOf } from "../kubernetes/kinds.ts";
import { nameOf, namespaceOf } from "../kubernetes/objects.ts";
import { podProblems } from "../kubernetes/pod-problems.ts";
import { waitUntil } from "../kubernetes/wait.ts";
import { createPatience, Hopeless } from "./patience.ts";
import { releaseRule } from "./release-readiness.ts";
import type { ReleaseRecord } from "./release-record.ts";

/** Helm's words for the two ends that are not good. */
const ENDS = { "timed out": "context deadline exceeded", interrupted: "context canceled" } as const;

/** A verdict can hang on ReplicaSets and pods, whose changes are not followed: ask again at least this often. */
const RECHECK_SECONDS = 5;

/**
 * Waits until all objects of a release are ready. Helm looks every two seconds; this follows the objects, which is over a
 * second faster on average. Throws in Helm's words when time is up, the person interrupts, or a job fails.
 */
export async function awaitRelease(
  call: Call,
  client: KubernetesClient,
  record: ReleaseRecord,
  options: { timeoutSeconds: number; waitForJobs: boolean },
): Promise<void> {
  const waited = record.objects.filter((object) => releaseRule(kindOf(object), options.waitForJobs) !== undefined);
  const missing = new Set(waited.map(label));
  const tell = () => {
    if (missing.size > 0) call.log("info", `Waiting for ${[...missing].join(", ")}`, true);
  };
  // The first failure ends the other waits, and is the one that counts.
  const failure = new AbortController();
  const signal = AbortSignal.any([call.signal, failure.signal]);
  const awaitOne = async (object: Properties) => {
    try {
      await awaitObject(client, object, record.namespace, { ...options, signal });
      missing.delete(label(object));
      tell();
    } catch (error) {
      failure.abort(error);
    }
  };
  tell();
  await Promise.all(waited.map(awaitOne));
  if (!failure.signal.aborted) return;
  const notReady = waited.filter((object) => missing.has(label(object)));
  await tellProblems(call, client, record, notReady, failure.signal.reason);
  throw call.signal.aborted ? new Error(ENDS.interrupted) : failure.signal.reason;
}

/** What keeps pods from being ready; Helm itself only says that time is up. */
async function tellProblems(
  call: Call,
  client: KubernetesClient,
  { namespace }: ReleaseRecord,
  notReady: readonly Properties[],
  reason: unknown,
): Promise<void> {
  const tell = (problem: string) => call.log("warning", problem, true);
  // The others may only be waiting for the one that will not come.
  if (reason instanceof Hopeless) return reason.problems.forEach(tell);
  for (const object of notReady) {
    // A cluster that does not even answer this has been complained about already.
    const live = await client.find(placed(object, namespace)).catch(() => undefined);
    const problems = live === undefined ? [] : await podProblems(live, client).catch(() => []);
    problems.forEach(tell);
  }
}

function placed(object: Properties, releaseNamespace: string): Reference {
  return { ...kindOf(object), namespace: namespaceOf(object) || releaseNamespace, name: nameOf(object) };
}

function label(object: Properties): string {
  return `${kindOf(object).kind} ${nameOf(object)}`;
}

async function awaitObject(
  client: KubernetesClient,
  object: Properties,
  releaseNamespace: string,
  options: { timeoutSeconds: number; waitForJobs: boolean; signal: AbortSignal },
): Promise<void> {
  const rule = releaseRule(kindOf(object), options.waitForJobs);
  if (rule === undefined) return;
  const reference = placed(object, releaseNamespace);
  const { signal, timeoutSeconds } = options;
  const patience = createPatience(client);
  const outcome = await waitUntil(
    { client, reference, signal, timeoutSeconds, recheckSeconds: RECHECK_SECONDS },
    async (live, changed) => {
      if (live !== undefined && (await rule(live, client))) return true;
      if (live !== undefined && !changed) await patience.check(live);
      return false;
    },
  );
  if (outcome !== "satisfied") throw new Error(ENDS[outcome]);
}
