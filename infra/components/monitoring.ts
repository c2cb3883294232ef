import * as k8s from "@pulumi/kubernetes";
import * as pulumi from "@pulumi/pulumi";
import { PLATFORM_LABELS, selectorOf } from "../names.ts";
import { rulesOf } from "../observability/alerts.ts";
import { API_JOB, STOREFRONTS_JOB } from "../observability/jobs.ts";
import type { ObservabilityArgs } from "./observability-args.ts";

/** Under which name a scraped measure is kept, whatever the object is called. */
const named = (replacement: string) => ({ targetLabel: "job", replacement });

/**
 * What the Prometheus operator turns into configuration. There is no PodMonitor: workers listen on no port, and the API tells
 * what each said last of itself.
 */
export class Monitoring extends pulumi.ComponentResource {
  constructor(name: string, args: ObservabilityArgs, opts?: pulumi.ComponentResourceOptions) {
    super("storefleet:platform:Monitoring", name, {}, opts);
    const { settings } = args;
    const authorization = { type: "Bearer", credentials: { name: args.secrets.metricsSecret, key: "token" } };
    this.make(args, "api", "v1", "ServiceMonitor", {
      selector: { matchLabels: selectorOf("api") },
      endpoints: [
        {
          port: "http",
          path: "/metrics",
          interval: "30s",
          scrapeTimeout: "10s",
          authorization,
          relabelings: [named(API_JOB)],
        },
      ],
    });
    this.make(args, "storefleet", "v1", "PrometheusRule", { groups: rulesOf(settings) });
    if (settings.blackboxExporter !== "")
      this.make(args, "storefronts", "v1alpha1", "ScrapeConfig", probes(args, authorization));
    this.registerOutputs({});
  }

  private make(args: ObservabilityArgs, name: string, version: string, kind: string, spec: object): void {
    const { settings, system } = args;
    new k8s.apiextensions.CustomResource(
      `${name}-${kind.toLowerCase()}`,
      {
        apiVersion: `monitoring.coreos.com/${version}`,
        kind,
        metadata: system.metadata(name, { ...PLATFORM_LABELS, ...settings.monitoringLabels }),
        spec,
      },
      { parent: this, deletedWith: system.namespace },
    );
  }
}

/**
 * Asks the API every minute which storefronts have to answer, and the exporter to look at each. A store that is created is
 * probed without a change of the platform; one that is deleted, or asleep, is not missed.
 */
function probes({ settings, system, controlPlane }: ObservabilityArgs, authorization: object) {
  const api = pulumi.interpolate`http://${controlPlane.apiService}.${system.namespace.metadata.name}.svc`;
  return {
    httpSDConfigs: [{ url: pulumi.interpolate`${api}/metrics/targets`, refreshInterval: "1m", authorization }],
    metricsPath: "/probe",
    params: { module: [settings.blackboxModule] },
    scrapeInterval: "1m",
    scrapeTimeout: "15s",
    relabelings: [
      { sourceLabels: ["__address__"], targetLabel: "__param_target" },
      { sourceLabels: ["__param_target"], targetLabel: "instance" },
      { targetLabel: "__address__", replacement: settings.blackboxExporter },
      named(STOREFRONTS_JOB),
    ],
  };
}
