import { execFileSync } from "node:child_process";
import { join } from "node:path";
import { parse } from "yaml";
import type { ProgramRun } from "../helpers/store-program.ts";

// What Prometheus would be told by its operator of what the program declares, by the operator's own generator. Changed are
// only addresses, because there is no cluster to ask for them, and times: it scrapes and asks every second or two, and an
// alert's "for" is a sixtieth of what is declared. That times are right is for alert-rules.proof.test.ts.

/** What is declared, with each `for` in seconds instead of minutes and in minutes instead of hours. */
export function quickRules(run: ProgramRun) {
  const quicker = { m: "s", h: "m" } as const;
  const { groups } = run.find("kubernetes:monitoring.coreos.com/v1:PrometheusRule").plain.spec as {
    groups: { rules: { for: string }[] }[];
  };
  return {
    groups: groups.map(({ rules, ...group }) => ({
      ...group,
      rules: rules.map((rule) => ({ ...rule, for: rule.for.replace(/[mh]$/, (unit) => quicker[unit as "m" | "h"]) })),
    })),
  };
}

interface ScrapeConfig {
  job_name: string;
  static_configs?: object[];
  kubernetes_sd_configs?: object[];
  http_sd_configs?: { url: string; refresh_interval: string }[];
  [more: string]: unknown;
}

/** What the operator would make of the declared monitors, for an API that listens on a port of this machine. `generator`: its folder. */
export function configurationFor(run: ProgramRun, generator: string, apiPort: number) {
  const declared = run.resources.filter(({ type }) => /:(ServiceMonitor|ScrapeConfig|Secret)$/.test(type));
  const items = declared.map(({ shown }) => ({ ...shown, ...encoded(shown.stringData as object | undefined) }));
  const text = execFileSync(join(generator, "scrape-configuration"), { input: JSON.stringify({ items }) }).toString();
  // The operator's sidecar puts these in.
  const written = text.replaceAll("$(SHARD)", "0").replaceAll("$(POD_NAME)", "prometheus-0");
  const { global, scrape_configs } = parse(written) as { global: object; scrape_configs: ScrapeConfig[] };
  const api = "http://api.storefleet-system.svc/";
  return {
    global: { ...global, scrape_interval: "1s", scrape_timeout: "1s", evaluation_interval: "1s" },
    scrape_configs: scrape_configs.map(({ kubernetes_sd_configs, http_sd_configs, ...job }) => {
      const isProbe = http_sd_configs !== undefined;
      return {
        ...job,
        ...{ scrape_interval: isProbe ? "2s" : "1s", scrape_timeout: isProbe ? "2s" : "1s" },
        ...(kubernetes_sd_configs && { static_configs: [targetOf(run, apiPort)] }),
        ...(http_sd_configs && {
          http_sd_configs: http_sd_configs.map((found) => {
            if (!found.url.startsWith(api)) throw new Error(`${found.url} is not at ${api}.`);
            return { ...found, url: found.url.replace(api, `http://127.0.0.1:${apiPort}/`), refresh_interval: "1s" };
          }),
        }),
      };
    }) as ScrapeConfig[],
  };
}

const encoded = (data: object | undefined) =>
  data && {
    data: Object.fromEntries(
      Object.entries(data).map(([key, value]) => [key, Buffer.from(String(value)).toString("base64")]),
    ),
  };

/** The API's pod, with what Prometheus would find out about it from the declared Service. */
function targetOf(run: ProgramRun, port: number) {
  const { metadata, spec } = run.find("kubernetes:core/v1:Service", "api").plain as unknown as {
    metadata: { name: string; namespace: string; labels: Record<string, string> };
    spec: { ports: { name: string }[] };
  };
  const of = (prefix: string, values: Record<string, string>) =>
    Object.fromEntries(
      Object.entries(values).map(([key, value]) => [`__meta_kubernetes_${prefix}_${key.replace(/\W/g, "_")}`, value]),
    );
  const pod = "api-0123456789-abcde";
  return {
    targets: [`127.0.0.1:${port}`],
    labels: {
      ...of("service_label", metadata.labels),
      ...of("service_labelpresent", Object.fromEntries(Object.keys(metadata.labels).map((key) => [key, "true"]))),
      __meta_kubernetes_service_name: metadata.name,
      __meta_kubernetes_namespace: metadata.namespace,
      __meta_kubernetes_endpoint_port_name: spec.ports[0]?.name ?? "",
      __meta_kubernetes_endpoint_address_target_kind: "Pod",
      __meta_kubernetes_endpoint_address_target_name: pod,
      __meta_kubernetes_pod_name: pod,
      __meta_kubernetes_pod_container_name: "api",
    },
  };
}
