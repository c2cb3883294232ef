import type { Properties } from "../../values.ts";
import type { KubernetesClient } from "../kubernetes/client.ts";
import { type Kind, kindKey } from "../kubernetes/kinds.ts";
import { listAt, nameOf, namespaceOf, numberAt, objectAt, textAt, valueAt } from "../kubernetes/objects.ts";
import { conditionOf, isObserved, newestReplicaSet, wishedReplicas } from "../kubernetes/workload.ts";

/** When an object of a release counts as ready: Helm 3's rules, which differ from those for single resources. */
type Rule = (object: Properties, client: KubernetesClient) => boolean | Promise<boolean>;

/** The kinds Helm waits for; all others are ready once they exist. Jobs only when the release says so. */
const RULES: Readonly<Record<string, Rule>> = {
  "apiextensions.k8s.io/v1/CustomResourceDefinition": isDefined,
  "apps/v1/DaemonSet": isDaemonSetReady,
  "apps/v1/Deployment": isDeploymentReady,
  "apps/v1/ReplicaSet": isReplicaSetReady,
  "apps/v1/StatefulSet": isStatefulSetReady,
  "v1/PersistentVolumeClaim": (claim) => textAt(claim, "status", "phase") === "Bound",
  "v1/Pod": (pod) => conditionOf(pod, "Ready")?.status === "True",
  "v1/Service": isServiceReady,
};

/** The rule for a kind, or `undefined` when there is nothing to wait for. */
export function releaseRule(kind: Kind, waitForJobs: boolean): Rule | undefined {
  const key = kindKey(kind);
  return key === "batch/v1/Job" && waitForJobs ? isJobDone : RULES[key];
}

async function isDeploymentReady(deployment: Properties, client: KubernetesClient): Promise<boolean> {
  if (valueAt(deployment, "spec", "paused") === true) return true;
  if (!isObserved(deployment)) return false;
  return (await newPodsReady(deployment, client)) >= wishedReplicas(deployment) - maxUnavailable(deployment);
}

/** How many pods of the newest revision are ready. */
async function newPodsReady(deployment: Properties, client: KubernetesClient): Promise<number> {
  const count = (field: string) => numberAt(deployment, "status", field);
  if (count("replicas") === count("updatedReplicas")) return count("readyReplicas");
  // Pods of another revision are still there and are counted too.
  const newest = await newestReplicaSet(deployment, client);
  return newest !== undefined && isObserved(newest) ? numberAt(newest, "status", "readyReplicas") : 0;
}

/** How many pods may be missing while a deployment rolls out, as the controller computes it. */
export function maxUnavailable(deployment: Properties): number {
  const replicas = wishedReplicas(deployment);
  const rolling = objectAt(deployment, "spec", "strategy", "rollingUpdate");
  if (rolling === undefined || replicas === 0) return 0;
  const surge = scaled(rolling.maxSurge, replicas, Math.ceil);
  const unavailable = scaled(rolling.maxUnavailable, replicas, Math.floor);
  // One of the two has to move, or no rollout ever would.
  return Math.min(surge === 0 && unavailable === 0 ? 1 : unavailable, replicas);
}

/** A count, or a share such as `25%` of `total`. */
function scaled(value: unknown, total: number, round: (value: number) => number): number {
  if (typeof value === "number") return value;
  return typeof value === "string" ? round((Number.parseFloat(value) / 100) * total) : 0;
}

function isStatefulSetReady(set: Properties): boolean {
  if (!isObserved(set)) return false;
  if (textAt(set, "spec", "updateStrategy", "type") !== "RollingUpdate") return true;
  const partition = numberAt(set, "spec", "updateStrategy", "rollingUpdate", "partition");
  const replicas = wishedReplicas(set);
  const rolledOut = textAt(set, "status", "currentRevision") === textAt(set, "status", "updateRevision");
  return (
    numberAt(set, "status", "updatedReplicas") >= replicas - partition &&
    numberAt(set, "status", "readyReplicas") === replicas &&
    (partition > 0 || rolledOut)
  );
}

function isDaemonSetReady(set: Properties): boolean {
  if (!isObserved(set)) return false;
  if (textAt(set, "spec", "updateStrategy", "type") !== "RollingUpdate") return true;
  const wished = numberAt(set, "status", "desiredNumberScheduled");
  const missing = scaled(valueAt(set, "spec", "updateStrategy", "rollingUpdate", "maxUnavailable"), wished, Math.ceil);
  return (
    numberAt(set, "status", "updatedNumberScheduled") === wished &&
    numberAt(set, "status", "numberReady") >= wished - missing
  );
}

function isReplicaSetReady(set: Properties): boolean {
  return isObserved(set) && numberAt(set, "status", "readyReplicas") >= wishedReplicas(set);
}

function isServiceReady(service: Properties): boolean {
  const type = textAt(service, "spec", "type");
  if (type === "ExternalName") return true;
  if ((textAt(service, "spec", "clusterIP") ?? "") === "") return false;
  if (type !== "LoadBalancer" || listAt(service, "spec", "externalIPs").length > 0) return true;
  return listAt(service, "status", "loadBalancer", "ingress").length > 0;
}

/** A definition whose names clash with another's is not waited for: it would never be established. */
function isDefined(definition: Properties): boolean {
  const established = conditionOf(definition, "Established")?.status === "True";
  return established || conditionOf(definition, "NamesAccepted")?.status === "False";
}

/** Throws when the job has failed for good. */
function isJobDone(job: Properties): boolean {
  if (numberAt(job, "status", "failed") > numberAt(job, "spec", "backoffLimit")) {
    throw new Error(`job is failed: ${namespaceOf(job)}/${nameOf(job)}`);
  }
  return numberAt(job, "status", "succeeded") >= numberAt(job, "spec", "completions");
}
