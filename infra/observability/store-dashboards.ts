import { QueryVariableBuilder, VariableRefresh, VariableSort } from "@grafana/grafana-foundation-sdk/dashboard";
import { STORE_NAMESPACES, STOREFRONTS_JOB } from "./jobs.ts";
import { DATASOURCE, dashboardOf, type PanelOptions } from "./panels.ts";

// Measures of stores come from those that every cluster with Prometheus has: kubelet, kube-state-metrics, the blackbox
// exporter. Of the stores' own programs only their pods are known.

const containers = (namespace: string) => `{namespace=~"${namespace}", container!=""}`;
const probes = (more = "") => `{job="${STOREFRONTS_JOB}"${more}}`;
const used = (namespace: string) =>
  `1 - kubelet_volume_stats_available_bytes{namespace=~"${namespace}"} / kubelet_volume_stats_capacity_bytes{namespace=~"${namespace}"}`;
const restarts = (namespace: string, by: string) =>
  `sum by (${by}) (increase(kube_pod_container_status_restarts_total{namespace=~"${namespace}"}[1h]))`;

const all = containers(STORE_NAMESPACES);
const numbersOfAll: readonly PanelOptions[] = [
  { title: "Stores", unit: "short", queries: { stores: "sum(max by (status) (storefleet_stores))" } },
  { title: "Failed", unit: "short", queries: { failed: 'max(storefleet_stores{status="failed"})' } },
  {
    title: "Do not answer",
    unit: "short",
    queries: { down: `count(probe_success${probes()} == 0) or vector(0)` },
  },
  {
    title: "Next certificate runs out in",
    unit: "dtdurations",
    queries: { certificate: `min(probe_ssl_earliest_cert_expiry${probes()}) - time()` },
  },
];
const plotsOfAll: readonly PanelOptions[] = [
  {
    title: "Stores by status",
    unit: "short",
    queries: { "{{status}}": "max by (status) (storefleet_stores)" },
  },
  {
    title: "The slowest storefronts",
    unit: "s",
    queries: { "{{store}}": `topk(10, max by (store) (probe_duration_seconds${probes()}))` },
  },
  {
    title: "Most memory",
    unit: "bytes",
    queries: { "{{namespace}}": `topk(10, sum by (namespace) (container_memory_working_set_bytes${all}))` },
  },
  {
    title: "Most processor time",
    unit: "short",
    queries: {
      "{{namespace}}": `topk(10, sum by (namespace) (rate(container_cpu_usage_seconds_total${all}[$__rate_interval])))`,
    },
  },
  {
    title: "Fullest volumes",
    unit: "percentunit",
    queries: { "{{namespace}}/{{persistentvolumeclaim}}": `topk(10, ${used(STORE_NAMESPACES)})` },
  },
  {
    title: "Containers that began anew within an hour",
    unit: "short",
    queries: { "{{namespace}}": `${restarts(STORE_NAMESPACES, "namespace")} > 0` },
  },
];

/** All stores beside each other. */
export function storesDashboard() {
  return dashboardOf({
    uid: "storefleet-stores",
    title: "Storefleet: stores",
    description: "All stores: who answers, and what they use.",
    numbers: numbersOfAll,
    plots: plotsOfAll,
  });
}

/** Grafana puts the store in that its reader has chosen. */
const NAMESPACE = "store-$store";
const own = containers(NAMESPACE);
const ofStore = probes(', store="$store"');
const numbersOfOne: readonly PanelOptions[] = [
  { title: "Answers", unit: "short", queries: { answers: `max(probe_success${ofStore})` } },
  { title: "With status", unit: "short", queries: { status: `max(probe_http_status_code${ofStore})` } },
  {
    title: "Certificate runs out in",
    unit: "dtdurations",
    queries: { certificate: `min(probe_ssl_earliest_cert_expiry${ofStore}) - time()` },
  },
  {
    title: "Answered, last day",
    unit: "percentunit",
    queries: { share: `avg_over_time(max(probe_success${ofStore})[1d:1m])` },
  },
];
const plotsOfOne: readonly PanelOptions[] = [
  {
    title: "Time of an answer",
    unit: "s",
    queries: { "{{phase}}": `max by (phase) (probe_http_duration_seconds${ofStore})` },
  },
  {
    title: "Memory",
    unit: "bytes",
    queries: { "{{pod}}": `sum by (pod) (container_memory_working_set_bytes${own})` },
  },
  {
    title: "Processor time",
    unit: "short",
    queries: { "{{pod}}": `sum by (pod) (rate(container_cpu_usage_seconds_total${own}[$__rate_interval]))` },
  },
  { title: "Volumes", unit: "percentunit", queries: { "{{persistentvolumeclaim}}": used(NAMESPACE) } },
  {
    title: "Containers that began anew within an hour",
    unit: "short",
    queries: { "{{pod}}": restarts(NAMESPACE, "pod") },
  },
  {
    title: "Share of the store's quota",
    unit: "percentunit",
    queries: {
      "{{resource}}": `max by (resource) (kube_resourcequota{namespace=~"${NAMESPACE}", type="used"}) / max by (resource) (kube_resourcequota{namespace=~"${NAMESPACE}", type="hard"})`,
    },
  },
];

/** One store, which its reader chooses. */
export function storeDashboard() {
  const store = new QueryVariableBuilder("store")
    .label("Store")
    .datasource(DATASOURCE)
    .query(`label_values(kube_namespace_created{namespace=~"${STORE_NAMESPACES}"}, namespace)`)
    .regex("/^store-(.+)$/")
    .refresh(VariableRefresh.OnTimeRangeChanged)
    .sort(VariableSort.AlphabeticalAsc);
  return dashboardOf({
    uid: "storefleet-store",
    title: "Storefleet: one store",
    description: "Whether a store answers, and what its pods use.",
    variables: [store],
    numbers: numbersOfOne,
    plots: plotsOfOne,
  });
}
