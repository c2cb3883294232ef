import { API_JOB } from "./jobs.ts";
import { dashboardOf, type PanelOptions } from "./panels.ts";

const percentile = (share: number, measure: string) =>
  `histogram_quantile(${share}, sum by (le) (max by (kind, outcome, le) (increase(storefleet_${measure}_seconds_bucket[1h]))))`;
const api = `{job="${API_JOB}"}`;

const numbers: readonly PanelOptions[] = [
  { title: "API pods", unit: "short", queries: { up: `sum(up${api})` } },
  {
    title: "Database",
    description: "1 while it answers.",
    unit: "short",
    queries: { up: "min(storefleet_database_up)" },
  },
  { title: "Workers", unit: "short", queries: { workers: "max(storefleet_workers)" } },
  { title: "Waiting", unit: "short", queries: { waiting: "sum(max by (kind) (storefleet_queue_depth))" } },
  {
    title: "Under way",
    unit: "short",
    queries: { "under way": "sum(max by (kind, status) (storefleet_operations_under_way)) or vector(0)" },
  },
  {
    title: "Findings",
    description: "What the last comparison with the cluster has found.",
    unit: "short",
    queries: { findings: "sum(max by (kind) (storefleet_findings)) or vector(0)" },
  },
];

const plots: readonly PanelOptions[] = [
  {
    title: "Operations that ended",
    unit: "short",
    queries: {
      "{{outcome}}":
        "sum by (outcome) (max by (kind, outcome) (increase(storefleet_operations_total[$__rate_interval])))",
    },
  },
  {
    title: "How long they took",
    unit: "s",
    queries: {
      "half of them": percentile(0.5, "operation_duration"),
      "nineteen of twenty": percentile(0.95, "operation_duration"),
    },
  },
  {
    title: "Operations that wait",
    unit: "short",
    queries: { "{{kind}}": "max by (kind) (storefleet_queue_depth)" },
  },
  {
    title: "Waiting for a turn",
    unit: "s",
    queries: {
      "the oldest now": "max(storefleet_queue_age_seconds)",
      "nineteen of twenty that began": percentile(0.95, "operation_wait"),
    },
  },
  {
    title: "Leases and take-overs",
    unit: "short",
    queries: {
      "{{state}} leases": "max by (state) (storefleet_leases)",
      "take-overs": "sum(max by (kind) (increase(storefleet_take_overs_total[$__rate_interval])))",
      "workers that began within an hour": "max(storefleet_worker_starts_last_hour)",
    },
  },
  {
    title: "Silence of workers",
    unit: "s",
    queries: { "{{worker}}": "max by (worker) (storefleet_worker_silent_seconds)" },
  },
  {
    title: "Operations of workers",
    unit: "short",
    queries: { "{{worker}}": "max by (worker) (storefleet_worker_operations)" },
  },
  {
    title: "Memory",
    unit: "bytes",
    queries: {
      "worker {{worker}}": "max by (worker) (storefleet_worker_resident_memory_bytes)",
      "API {{pod}}": `process_resident_memory_bytes${api}`,
    },
  },
  {
    title: "Requests",
    unit: "reqps",
    queries: {
      "{{status}}": "sum by (status) (rate(storefleet_http_request_duration_seconds_count[$__rate_interval]))",
    },
  },
  {
    title: "Answers within",
    unit: "s",
    queries: {
      "half of them":
        "histogram_quantile(0.5, sum by (le) (rate(storefleet_http_request_duration_seconds_bucket[$__rate_interval])))",
      "99 of 100":
        "histogram_quantile(0.99, sum by (le) (rate(storefleet_http_request_duration_seconds_bucket[$__rate_interval])))",
    },
  },
];

/** How the control plane is doing. */
export function platformDashboard() {
  return dashboardOf({
    uid: "storefleet-platform",
    title: "Storefleet: the platform",
    description: "Operations, the queue, workers and the API.",
    numbers,
    plots,
  });
}
