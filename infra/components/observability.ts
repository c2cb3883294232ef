import * as k8s from "@pulumi/kubernetes";
import * as pulumi from "@pulumi/pulumi";
import { PLATFORM_LABELS } from "../names.ts";
import { platformDashboard } from "../observability/platform-dashboard.ts";
import { storeDashboard, storesDashboard } from "../observability/store-dashboards.ts";
import { LogCollection } from "./log-collection.ts";
import { Monitoring } from "./monitoring.ts";
import type { ObservabilityArgs } from "./observability-args.ts";
import type { System } from "./system.ts";

/**
 * What lets people see how the platform and its stores are: for Prometheus by its operator, for Grafana by its sidecar, for
 * Loki by Alloy. Each of them is the cluster's, and each is a choice.
 */
export class Observability extends pulumi.ComponentResource {
  constructor(name: string, args: ObservabilityArgs, opts?: pulumi.ComponentResourceOptions) {
    super("storefleet:platform:Observability", name, {}, opts);
    const { settings, system, secrets, controlPlane } = args;
    if (settings.monitoring === "prometheus-operator") {
      new Monitoring("monitoring", { settings, system, secrets, controlPlane }, { parent: this });
    }
    if (settings.dashboardLabel !== "") this.makeDashboards(settings.dashboardLabel, system);
    if (settings.lokiUrl !== "") new LogCollection("logs", { settings, system }, { parent: this });
    this.registerOutputs({});
  }

  /** One ConfigMap each, which Grafana's sidecar finds by its label in whatever namespaces it looks into. */
  private makeDashboards(label: string, system: System): void {
    for (const dashboard of [platformDashboard(), storesDashboard(), storeDashboard()]) {
      const name = `dashboard-${dashboard.uid}`;
      new k8s.core.v1.ConfigMap(
        name,
        {
          metadata: system.metadata(name, { ...PLATFORM_LABELS, [label]: "1" }),
          data: { [`${dashboard.uid}.json`]: JSON.stringify(dashboard) },
        },
        { parent: this, deletedWith: system.namespace },
      );
    }
  }
}
