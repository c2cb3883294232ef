import { equal, type Properties, type Value } from "../../values.ts";
import type { KubernetesClient } from "./client.ts";
import { type Kind, kindKey } from "./kinds.ts";
import { listAt, nameOf, namespaceOf, numberAt, objectAt, textAt, valueAt } from "./objects.ts";
import { podProblems } from "./pod-problems.ts";
import { conditionOf, isObserved, wishedReplicas } from "./workload.ts";

/** How an object is doing: ready, not yet, or never. */
export type Verdict =
  | { readonly state: "ready" }
  | { readonly state: "waiting"; readonly for: string }
  | { readonly state: "failed"; readonly why: string };

export interface ReadinessRule {
  /** How long to wait when neither the resource nor its annotation says. */
  readonly timeoutSeconds: number;
  /** True when the verdict depends on other objects, so that it must be asked for again from time to time. */
  readonly looksAround?: boolean;
  judge(object: Properties, client: KubernetesClient): Verdict | Promise<Verdict>;
  /** Why an object is not ready, for the person, when time is up. */
  problems?(object: Properties, client: KubernetesClient): Promise<string[]>;
}

const READY: Verdict = { state: "ready" };
const MINUTE = 60;

function waiting(what: string): Verdict {
  return { state: "waiting", for: what };
}

function readyWhen(condition: boolean, what: string): Verdict {
  return condition ? READY : waiting(what);
}

/** The kinds that are awaited, by the rules of the real provider. Kinds not named here are ready once they exist. */
const RULES: Readonly<Record<string, ReadinessRule>> = {
  "apps/v1/DaemonSet": { timeoutSeconds: 10 * MINUTE, judge: judgeDaemonSet, problems: podProblems },
  "apps/v1/Deployment": { timeoutSeconds: 10 * MINUTE, judge: judgeDeployment, problems: podProblems },
  "apps/v1/StatefulSet": { timeoutSeconds: 10 * MINUTE, judge: judgeStatefulSet, problems: podProblems },
  "batch/v1/Job": { timeoutSeconds: 10 * MINUTE, judge: judgeJob, problems: podProblems },
  "networking.k8s.io/v1/Ingress": { timeoutSeconds: 10 * MINUTE, looksAround: true, judge: judgeIngress },
  "v1/PersistentVolume": { timeoutSeconds: 5 * MINUTE, judge: judgePersistentVolume },
  "v1/PersistentVolumeClaim": { timeoutSeconds: 5 * MINUTE, judge: judgePersistentVolumeClaim },
  "v1/Pod": { timeoutSeconds: 10 * MINUTE, judge: judgePod, problems: podProblems },
  "v1/ResourceQuota": { timeoutSeconds: MINUTE, judge: judgeResourceQuota },
  "v1/Secret": { timeoutSeconds: 5, judge: judgeSecret },
  "v1/Service": { timeoutSeconds: 10 * MINUTE, looksAround: true, judge: judgeService },
};

export function readinessRule(kind: Kind): ReadinessRule | undefined {
  return RULES[kindKey(kind)];
}

function judgeDeployment(object: Properties): Verdict {
  const progressing = conditionOf(object, "Progressing");
  const available = conditionOf(object, "Available")?.status === "True";
  const replicas = wishedReplicas(object);
  const ready = numberAt(object, "status", "readyReplicas");
  if (!isObserved(object)) return waiting("the deployment controller");
  const rolledOut = progressing?.reason === "NewReplicaSetAvailable" && progressing.status === "True";
  const updated = numberAt(object, "status", "updatedReplicas") >= replicas;
  return readyWhen(available && rolledOut && updated && ready >= replicas, `pods (${ready}/${replicas} ready)`);
}

function judgeStatefulSet(object: Properties): Verdict {
  const replicas = wishedReplicas(object);
  const count = (field: string) => numberAt(object, "status", field);
  if (!isObserved(object)) return waiting("the StatefulSet controller");
  const onDelete = textAt(object, "spec", "updateStrategy", "type") === "OnDelete";
  const settled =
    onDelete || textAt(object, "status", "currentRevision") === textAt(object, "status", "updateRevision");
  const pods = replicas === count("replicas") && replicas === count("readyReplicas");
  const current = onDelete || replicas === count("currentReplicas");
  return readyWhen(settled && pods && current, `pods (${count("readyReplicas")}/${replicas} ready)`);
}

function judgeDaemonSet(object: Properties): Verdict {
  const wished = numberAt(object, "status", "desiredNumberScheduled");
  const available = numberAt(object, "status", "numberAvailable");
  const updated = numberAt(object, "status", "updatedNumberScheduled");
  if (!isObserved(object)) return waiting("the DaemonSet controller");
  return readyWhen(available >= wished && updated >= wished, `pods (${available}/${wished} available)`);
}

function judgeJob(object: Properties): Verdict {
  const failed = conditionOf(object, "Failed");
  if (failed?.status === "True") {
    return { state: "failed", why: `[${textAt(failed, "reason")}] ${textAt(failed, "message")}` };
  }
  const active = numberAt(object, "status", "active");
  const complete = conditionOf(object, "Complete")?.status === "True";
  return readyWhen(complete, `Job "${nameOf(object)}" to succeed (active pods: ${active})`);
}

function judgePod(object: Properties): Verdict {
  const done = textAt(object, "status", "phase") === "Succeeded";
  const ready = conditionOf(object, "Ready")?.status === "True";
  return readyWhen(done || ready, `Pod "${nameOf(object)}" to be ready`);
}

function judgePersistentVolume(object: Properties): Verdict {
  const phase = textAt(object, "status", "phase");
  return readyWhen(phase === "Available" || phase === "Bound", "the volume to be available");
}

/** A claim whose class waits for the first pod that uses it stays pending until then, and that is fine. */
async function judgePersistentVolumeClaim(object: Properties, client: KubernetesClient): Promise<Verdict> {
  const phase = textAt(object, "status", "phase");
  if (phase === "Bound") return READY;
  const name = textAt(object, "spec", "storageClassName");
  if (phase !== "Pending" || name === undefined) return waiting("the claim to be bound");
  const storageClass = await client.find({
    apiVersion: "storage.k8s.io/v1",
    kind: "StorageClass",
    namespace: "",
    name,
  });
  const late = textAt(storageClass, "volumeBindingMode") === "WaitForFirstConsumer";
  return readyWhen(late, "the claim to be bound");
}

function judgeResourceQuota(object: Properties): Verdict {
  const enforced = equal(valueAt(object, "spec", "hard"), valueAt(object, "status", "hard"));
  return readyWhen(enforced, "the quota to be enforced");
}

/** Tokens are filled in by a controller; other secrets are complete when they are made. */
function judgeSecret(object: Properties): Verdict {
  const token = object.type === "kubernetes.io/service-account-token";
  return readyWhen(!token || Object.keys(objectAt(object, "data") ?? {}).length > 0, "the token to be issued");
}

/** How long a Service may be without any pod before that counts as meant so. */
const SETTLED_SECONDS = 10;

/** Services with a selector are ready when they lead to a pod and none of theirs is still starting. */
async function judgeService(object: Properties, client: KubernetesClient): Promise<Verdict> {
  const isBalancer = textAt(object, "spec", "type") === "LoadBalancer";
  if (isBalancer && !hasAddress(object)) return waiting("an IP address");
  const selects = Object.keys(objectAt(object, "spec", "selector") ?? {}).length > 0;
  const direct = textAt(object, "spec", "clusterIP") === "None" || textAt(object, "spec", "type") === "ExternalName";
  if (!selects || direct) return READY;
  const { ready, starting } = await endpointsOf(nameOf(object), namespaceOf(object), client);
  const age = (Date.now() - Date.parse(textAt(object, "metadata", "creationTimestamp") ?? "")) / 1000;
  return readyWhen(starting === 0 && (ready > 0 || age > SETTLED_SECONDS), "Pods to direct traffic to");
}

async function judgeIngress(object: Properties, client: KubernetesClient): Promise<Verdict> {
  if (!hasAddress(object)) return waiting("a hostname or IP address in .status.loadBalancer");
  const paths = listAt(object, "spec", "rules").flatMap((rule) => listAt(rule, "http", "paths"));
  const services = new Set(paths.flatMap((path) => textAt(path, "backend", "service", "name") ?? []));
  for (const service of services) {
    const { ready } = await endpointsOf(service, namespaceOf(object), client);
    if (ready === 0) return waiting(`Service "${service}" to have an endpoint`);
  }
  return READY;
}

function hasAddress(object: Properties): boolean {
  return listAt(object, "status", "loadBalancer", "ingress").length > 0;
}

async function endpointsOf(service: string, namespace: string, client: KubernetesClient) {
  const kind = { apiVersion: "discovery.k8s.io/v1", kind: "EndpointSlice" };
  const labelSelector = `kubernetes.io/service-name=${service}`;
  const slices = await client.list(kind, namespace, { labelSelector });
  const endpoints = slices.flatMap((slice) => listAt(slice, "endpoints"));
  const isReady = (endpoint: Value) => valueAt(endpoint, "conditions", "ready") !== false;
  const ready = endpoints.filter(isReady).length;
  return { ready, starting: endpoints.length - ready };
}
