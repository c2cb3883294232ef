import { describe, expect, it } from "vitest";
import { KubernetesClient } from "../../../../../toolchain/offline-engine/providers/kubernetes/client.ts";
import { readinessRule } from "../../../../../toolchain/offline-engine/providers/kubernetes/readiness.ts";
import type { Properties } from "../../../../../toolchain/offline-engine/values.ts";

/** The rules tested here look at the object alone, so nothing is ever asked of it. */
const nobody = new KubernetesClient({ server: "http://127.0.0.1:1", options: async () => ({}) });

async function verdict(apiVersion: string, kind: string, object: Properties): Promise<string> {
  const rule = readinessRule({ apiVersion, kind });
  const answer = await rule?.judge(object, nobody);
  return answer?.state ?? "not awaited";
}

const available = [
  { type: "Available", status: "True" },
  { type: "Progressing", status: "True", reason: "NewReplicaSetAvailable" },
];

describe("readiness", () => {
  it.each<[string, string, string, Properties, string]>([
    ["a Namespace", "v1", "Namespace", {}, "not awaited"],
    [
      "a rolled out Deployment",
      "apps/v1",
      "Deployment",
      {
        metadata: { generation: 2 },
        spec: { replicas: 2 },
        status: { observedGeneration: 2, readyReplicas: 2, updatedReplicas: 2, conditions: available },
      },
      "ready",
    ],
    [
      "a Deployment whose last change nobody has looked at yet",
      "apps/v1",
      "Deployment",
      {
        metadata: { generation: 3 },
        spec: { replicas: 1 },
        status: { observedGeneration: 2, readyReplicas: 1, updatedReplicas: 1, conditions: available },
      },
      "waiting",
    ],
    [
      "a StatefulSet in the middle of a rollout",
      "apps/v1",
      "StatefulSet",
      {
        metadata: { generation: 1 },
        spec: { replicas: 1 },
        status: { observedGeneration: 1, replicas: 1, readyReplicas: 1, currentRevision: "a", updateRevision: "b" },
      },
      "waiting",
    ],
    [
      "a settled StatefulSet",
      "apps/v1",
      "StatefulSet",
      {
        metadata: { generation: 1 },
        spec: { replicas: 1 },
        status: {
          observedGeneration: 1,
          replicas: 1,
          readyReplicas: 1,
          currentReplicas: 1,
          currentRevision: "a",
          updateRevision: "a",
        },
      },
      "ready",
    ],
    ["a finished Job", "batch/v1", "Job", { status: { conditions: [{ type: "Complete", status: "True" }] } }, "ready"],
    ["a failed Job", "batch/v1", "Job", { status: { conditions: [{ type: "Failed", status: "True" }] } }, "failed"],
    ["a bound claim", "v1", "PersistentVolumeClaim", { status: { phase: "Bound" } }, "ready"],
    ["a Pod that is done", "v1", "Pod", { status: { phase: "Succeeded" } }, "ready"],
    [
      "a quota in force",
      "v1",
      "ResourceQuota",
      { spec: { hard: { pods: "1" } }, status: { hard: { pods: "1" } } },
      "ready",
    ],
    ["a quota not yet seen", "v1", "ResourceQuota", { spec: { hard: { pods: "1" } } }, "waiting"],
    ["an ordinary Secret", "v1", "Secret", { type: "Opaque" }, "ready"],
    ["a token not yet issued", "v1", "Secret", { type: "kubernetes.io/service-account-token" }, "waiting"],
    ["a headless Service", "v1", "Service", { spec: { clusterIP: "None", selector: { a: "b" } } }, "ready"],
    ["a Service without selector", "v1", "Service", { spec: { clusterIP: "10.0.0.1" } }, "ready"],
    ["a balancer without address", "v1", "Service", { spec: { type: "LoadBalancer" } }, "waiting"],
    ["an Ingress without address", "networking.k8s.io/v1", "Ingress", { spec: { rules: [] } }, "waiting"],
  ])("%s", async (_what, apiVersion, kind, object, expected) => {
    expect(await verdict(apiVersion, kind, object)).toBe(expected);
  });
});
