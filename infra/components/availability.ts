import * as k8s from "@pulumi/kubernetes";
import * as pulumi from "@pulumi/pulumi";
import { labelsOf, type Part, selectorOf } from "../names.ts";
import type { Settings } from "../settings.ts";
import type { ControlPlane } from "./control-plane.ts";
import type { System } from "./system.ts";

export interface AvailabilityArgs {
  readonly settings: Settings;
  readonly system: System;
  readonly controlPlane: ControlPlane;
}

type Metric = k8s.types.input.autoscaling.v2.MetricSpec;

/** Share of the CPU it asked for at which the API gets another pod, in percent. */
const CPU_TARGET = 70;

/** What keeps the control plane answering while nodes are emptied and load grows. Nothing where there is one pod of each. */
export class Availability extends pulumi.ComponentResource {
  constructor(
    name: string,
    { settings, system, controlPlane }: AvailabilityArgs,
    opts?: pulumi.ComponentResourceOptions,
  ) {
    super("storefleet:platform:Availability", name, {}, opts);
    const within = { parent: this, deletedWith: system.namespace };
    const replicas: Partial<Record<Part, number>> = { api: settings.apiReplicas, worker: settings.workerReplicas };
    for (const part of ["api", "worker"] as const) {
      // A budget over a single pod would forbid to ever empty its node.
      if ((replicas[part] ?? 1) < 2) continue;
      new k8s.policy.v1.PodDisruptionBudget(
        part,
        {
          metadata: system.metadata(part, labelsOf(part)),
          spec: { maxUnavailable: 1, selector: { matchLabels: selectorOf(part) } },
        },
        within,
      );
    }
    const { apiReplicas, apiMaxReplicas, workerReplicas, workerMaxReplicas, queueMetric, concurrency } = settings;
    const autoscaler = (part: Part, kind: string, target: pulumi.Output<string>, spec: AutoscalerSpec) =>
      new k8s.autoscaling.v2.HorizontalPodAutoscaler(
        part,
        {
          metadata: system.metadata(part, labelsOf(part)),
          spec: { scaleTargetRef: { apiVersion: "apps/v1", kind, name: target }, ...spec },
        },
        within,
      );
    if (apiMaxReplicas > apiReplicas) {
      const spec = { minReplicas: apiReplicas, maxReplicas: apiMaxReplicas, metrics: [busy] };
      autoscaler("api", "Deployment", controlPlane.apiDeployment, spec);
    }
    if (workerMaxReplicas > workerReplicas) {
      const metrics = queueMetric === "" ? [busy] : [busy, waiting(queueMetric, concurrency)];
      const spec = { minReplicas: workerReplicas, maxReplicas: workerMaxReplicas, metrics };
      autoscaler("worker", "StatefulSet", controlPlane.workers, spec);
    }
    this.registerOutputs({});
  }
}

interface AutoscalerSpec {
  readonly minReplicas: number;
  readonly maxReplicas: number;
  readonly metrics: Metric[];
}

const busy: Metric = {
  type: "Resource",
  resource: { name: "cpu", target: { type: "Utilization", averageUtilization: CPU_TARGET } },
};

/** A worker more for as many waiting operations as one runs. The metric comes by an adapter that the cluster has. */
function waiting(name: string, concurrency: number): Metric {
  return {
    type: "External",
    external: { metric: { name }, target: { type: "AverageValue", averageValue: String(concurrency) } },
  };
}
