import { isObject, type Properties, type Value } from "../../values.ts";
import type { KubernetesClient } from "./client.ts";
import { identityOf, listAt, nameOf, namespaceOf, numberAt, objectAt, textAt } from "./objects.ts";
import { conditionOf, wishedReplicas } from "./workload.ts";

const POD = { apiVersion: "v1", kind: "Pod" };
const EVENT = { apiVersion: "v1", kind: "Event" };

/** Something that keeps a workload from being ready. */
export interface Trouble {
  /** Kind, namespace and name of the object that has it, as in `Pod demo/web-1`. */
  readonly about: string;
  /** The word of the kubelet or a controller for it, such as `ErrImagePull`; empty when it has none. */
  readonly reason: string;
  readonly message: string;
  /** How often its container was started again. */
  readonly restarts: number;
}

/** What keeps the pods of a workload (or one pod itself) from being ready, one sentence each. */
export async function podProblems(object: Properties, client: KubernetesClient): Promise<string[]> {
  const pods = object.kind === "Pod" ? [object] : await podsOf(object, client);
  const troubles = [...(await creationTroubles(object, client)), ...pods.flatMap(podTroubles)];
  return troubles.map(sentenceOf);
}

export function sentenceOf({ about, reason, message }: Trouble): string {
  return `[${about}]: ${reason === "" ? "" : `[${reason}] `}${message}`.trim();
}

/** The pods a workload selects. */
export async function podsOf(workload: Properties, client: KubernetesClient): Promise<Properties[]> {
  const labels = objectAt(workload, "spec", "selector", "matchLabels") ?? {};
  const labelSelector = Object.entries(labels)
    .map(([key, value]) => `${key}=${String(value)}`)
    .join(",");
  return labelSelector === "" ? [] : client.list(POD, namespaceOf(workload), { labelSelector });
}

/** Why a workload's pods are not even made: the quota is used up, or they are not allowed. */
export async function creationTroubles(workload: Properties, client: KubernetesClient): Promise<Trouble[]> {
  const trouble = (message: string | undefined): Trouble[] =>
    message === undefined ? [] : [{ about: labelOf(workload), reason: "FailedCreate", message, restarts: 0 }];
  if (workload.kind === "Deployment") {
    const failure = conditionOf(workload, "ReplicaFailure");
    return failure?.status === "True" ? trouble(textAt(failure, "message")) : [];
  }
  // A StatefulSet says it in events only, which stay long after the trouble is over: the last word counts.
  const isComplete = numberAt(workload, "status", "replicas") >= wishedReplicas(workload);
  if (workload.kind !== "StatefulSet" || isComplete) return [];
  const last = (await eventsOf(workload, client)).findLast((event) => textAt(event, "reason")?.endsWith("Create"));
  return textAt(last, "reason") === "FailedCreate" ? trouble(textAt(last, "message")) : [];
}

/** Oldest first. */
async function eventsOf(object: Properties, client: KubernetesClient): Promise<Properties[]> {
  const about = { "involvedObject.kind": textAt(object, "kind") ?? "", "involvedObject.name": nameOf(object) };
  const fieldSelector = Object.entries(about)
    .map(([field, value]) => `${field}=${value}`)
    .join(",");
  const events = await client.list(EVENT, namespaceOf(object), { fieldSelector });
  const time = (event: Properties) => Date.parse(textAt(event, "lastTimestamp") ?? textAt(event, "eventTime") ?? "");
  return events.toSorted((left, right) => time(left) - time(right));
}

function labelOf(object: Properties): string {
  return `${textAt(object, "kind")} ${identityOf(object)}`;
}

/**
 * Exit code (EX_CONFIG of sysexits.h) with which a container says that it will not do what it was asked for, however
 * often it is started again, and why: in its termination message.
 */
const CONFIGURATION_ERROR = 78;

/** Reasons a waiting container gives on its way to a good end. */
const ON_THE_WAY: readonly string[] = ["ContainerCreating", "PodInitializing"];

export function podTroubles(pod: Properties): Trouble[] {
  const about = labelOf(pod);
  const statuses = [
    ...listAt(pod, "status", "initContainerStatuses"),
    ...listAt(pod, "status", "containerStatuses"),
  ].filter(isObject);
  const unscheduled = listAt(pod, "status", "conditions")
    .filter((condition) => textAt(condition, "type") === "PodScheduled" && textAt(condition, "status") === "False")
    .map((condition) => ({ about, reason: "", message: textAt(condition, "message") ?? "not scheduled", restarts: 0 }));
  const waiting = statuses
    .filter((status) => status.ready !== true)
    .flatMap((status) => containerTroubles(about, status));
  return [...unscheduled, ...waiting];
}

function containerTroubles(about: string, status: Value): Trouble[] {
  const restarts = numberAt(status, "restartCount");
  const waiting = objectAt(status, "state", "waiting");
  const reason = textAt(waiting, "reason");
  const troubles: Trouble[] = [];
  if (reason !== undefined && !ON_THE_WAY.includes(reason)) {
    troubles.push({ about, reason, message: textAt(waiting, "message") ?? "", restarts });
  }
  const ended = objectAt(status, "state", "terminated") ?? objectAt(status, "lastState", "terminated");
  const refusal = textAt(ended, "message");
  if (numberAt(ended, "exitCode") === CONFIGURATION_ERROR && refusal !== undefined) {
    return [{ about, reason: "Refused", message: refusal, restarts }];
  }
  if (ended !== undefined && textAt(ended, "reason") !== "Completed") {
    const how = `exit code ${numberAt(ended, "exitCode")} (${textAt(ended, "reason")})`;
    const message = `container "${textAt(status, "name")}" ended with ${how}`;
    troubles.push({ about, reason: "", message, restarts });
  }
  return troubles;
}
