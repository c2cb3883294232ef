import { equal, isObject, type Properties, type Value } from "../../values.ts";
import type { KubernetesClient } from "./client.ts";
import { listAt, namespaceOf, numberAt, objectAt, textAt, valueAt, withoutValueAt } from "./objects.ts";

// What controllers say about the workloads they look after.

export function conditionOf(object: Properties, type: string): Properties | undefined {
  return listAt(object, "status", "conditions")
    .filter(isObject)
    .find((condition) => condition.type === type);
}

/** Whether the controller has seen the latest wish; before that its status speaks of an older one. */
export function isObserved(object: Properties): boolean {
  return numberAt(object, "status", "observedGeneration") >= numberAt(object, "metadata", "generation");
}

/** The wished number of pods; the server fills in 1 where the program says nothing. */
export function wishedReplicas(object: Properties): number {
  return valueAt(object, "spec", "replicas") === undefined ? 1 : numberAt(object, "spec", "replicas");
}

/**
 * The ReplicaSet of a Deployment's newest template, or `undefined` when it is not made yet. The revision in the
 * annotations will not do: the controller is late with it when template and size change at once.
 */
export async function newestReplicaSet(
  deployment: Properties,
  client: KubernetesClient,
): Promise<Properties | undefined> {
  const template = valueAt(deployment, "spec", "template") ?? null;
  const sets = await client.list({ apiVersion: "apps/v1", kind: "ReplicaSet" }, namespaceOf(deployment));
  return sets.find((set) => isOwnedBy(set, deployment) && equal(templateOf(set), template));
}

/** Whether `owner` made the object, and takes it down when it goes. */
export function isOwnedBy(object: Properties, owner: Properties): boolean {
  const uid = textAt(owner, "metadata", "uid");
  return listAt(object, "metadata", "ownerReferences").some((reference) => textAt(reference, "uid") === uid);
}

/** A ReplicaSet's pods as its Deployment wishes them: without the label that tells its sets apart. */
function templateOf(set: Properties): Value {
  const template = objectAt(set, "spec", "template") ?? {};
  return withoutValueAt(template, ["metadata", "labels", "pod-template-hash"]);
}
