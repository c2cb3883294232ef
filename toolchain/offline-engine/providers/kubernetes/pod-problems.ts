import { isObject, type Properties, type Value } from "../../values.ts";
import type { KubernetesClient } from "./client.ts";
import { identityOf, listAt, namespaceOf, numberAt, objectAt, textAt } from "./objects.ts";

const POD = { apiVersion: "v1", kind: "Pod" };

/** What keeps the pods of a workload (or one pod itself) from being ready, one sentence each. */
export async function podProblems(object: Properties, client: KubernetesClient): Promise<string[]> {
  if (object.kind === "Pod") return problemsOf(object);
  const labels = objectAt(object, "spec", "selector", "matchLabels") ?? {};
  const labelSelector = Object.entries(labels)
    .map(([key, value]) => `${key}=${String(value)}`)
    .join(",");
  if (labelSelector === "") return [];
  const pods = await client.list(POD, namespaceOf(object), { labelSelector });
  return pods.flatMap(problemsOf);
}

/** Reasons a waiting container gives on its way to a good end. */
const ON_THE_WAY: readonly string[] = ["ContainerCreating", "PodInitializing"];

function problemsOf(pod: Properties): string[] {
  const statuses = [
    ...listAt(pod, "status", "initContainerStatuses"),
    ...listAt(pod, "status", "containerStatuses"),
  ].filter(isObject);
  const reasons = statuses.filter((status) => status.ready !== true).flatMap(containerProblem);
  const unscheduled = listAt(pod, "status", "conditions").filter(
    (condition) => textAt(condition, "type") === "PodScheduled" && textAt(condition, "status") === "False",
  );
  const all = [...unscheduled.map((condition) => textAt(condition, "message") ?? "not scheduled"), ...reasons];
  return all.map((reason) => `[Pod ${identityOf(pod)}]: ${reason}`);
}

function containerProblem(status: Value): string[] {
  const name = textAt(status, "name");
  const waiting = objectAt(status, "state", "waiting");
  const reason = textAt(waiting, "reason");
  const problems: string[] = [];
  if (reason !== undefined && !ON_THE_WAY.includes(reason)) {
    problems.push(`[${reason}] ${textAt(waiting, "message") ?? ""}`.trim());
  }
  const ended = objectAt(status, "state", "terminated") ?? objectAt(status, "lastState", "terminated");
  if (ended !== undefined && textAt(ended, "reason") !== "Completed") {
    problems.push(
      `container "${name}" ended with exit code ${numberAt(ended, "exitCode")} (${textAt(ended, "reason")})`,
    );
  }
  return problems;
}
