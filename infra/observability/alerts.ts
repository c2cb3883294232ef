import type { Settings } from "../settings.ts";
import { API_JOB, STORE_NAMESPACES, STOREFRONTS_JOB } from "./jobs.ts";

// What people are woken for. Every API pod tells the same of the fleet, so the maximum of them is taken, never the sum. What an
// alert is about is named by labels that outlive pods: else its time would begin anew with each.

export interface Alert {
  readonly name: string;
  /** PromQL: the alert holds while it has a value. */
  readonly expression: string;
  /** How long it must hold before anybody is told, such as `5m`. */
  readonly lasting: string;
  /** `critical`: stores or the control plane are away, or will be within hours. */
  readonly severity: "warning" | "critical";
  /** One sentence; Prometheus fills in what stands in double braces. */
  readonly summary: string;
  /** Heading of its section in infra/RUNBOOKS.md. */
  readonly runbook: string;
}

const storefronts = `{job="${STOREFRONTS_JOB}"}`;

/**
 * By how much a counter of the fleet has grown within half an hour, as each pod has seen it. Not `increase`, which makes 2.03
 * of 2, and takes a database that has forgotten the last moments for one that counts anew from 0.
 */
const grownBy = (counter: string) => `max by (kind) (max_over_time(${counter}[30m]) - min_over_time(${counter}[30m]))`;
/** Seconds until a certificate ends, in words. */
const RUNS_OUT = "{{ if gt $value 0.0 }}runs out in {{ $value | humanizeDuration }}{{ else }}has run out{{ end }}";
const TWO_WEEKS = "14 * 86400";

const ofOperations: readonly Alert[] = [
  {
    name: "StorefleetOperationsFail",
    expression: `${grownBy('storefleet_operations_total{outcome="failed"}')} > 2`,
    lasting: "0m",
    severity: "warning",
    summary: "{{ $value | humanize }} operations ({{ $labels.kind }}) failed within half an hour.",
    runbook: "Operations fail",
  },
  {
    name: "StorefleetQueueGrowsOld",
    expression: "max(storefleet_queue_age_seconds) > 600",
    lasting: "5m",
    severity: "warning",
    summary: "The oldest operation has waited for {{ $value | humanizeDuration }}.",
    runbook: "Operations wait for long",
  },
  {
    name: "StorefleetTakeOvers",
    expression: `sum(${grownBy("storefleet_take_overs_total")}) > 2`,
    lasting: "0m",
    severity: "warning",
    summary: "{{ $value | humanize }} operations were taken over from workers that died, within half an hour.",
    runbook: "A worker hangs, or is gone",
  },
  {
    name: "StorefleetWorkerSilent",
    expression: "max by (worker) (storefleet_worker_silent_seconds) > 60",
    lasting: "1m",
    severity: "critical",
    summary:
      "The worker {{ $labels.worker }} was not heard of for {{ $value | humanizeDuration }}, and no other took over.",
    runbook: "A worker hangs, or is gone",
  },
  {
    name: "StorefleetNoWorker",
    expression: "max(storefleet_workers) < 1",
    lasting: "2m",
    severity: "critical",
    summary: "There is no worker: operations wait.",
    runbook: "A worker hangs, or is gone",
  },
];

const ofControlPlane: readonly Alert[] = [
  {
    name: "StorefleetDatabaseAway",
    // One pod that does not reach it is not asked any more; the others go on.
    expression: "max(storefleet_database_up) < 1",
    lasting: "1m",
    severity: "critical",
    summary: "The control plane's database does not answer. Stores go on selling.",
    runbook: "The database's primary is gone",
  },
  {
    name: "StorefleetApiAway",
    expression: `absent(up{job="${API_JOB}"} == 1)`,
    lasting: "2m",
    severity: "critical",
    summary: "No pod of the API answers Prometheus. Stores go on selling.",
    runbook: "The API does not answer",
  },
];

const ofStores: readonly Alert[] = [
  {
    name: "StorefleetStoreDown",
    expression: `max by (store, instance) (probe_success${storefronts}) < 1`,
    lasting: "5m",
    severity: "critical",
    summary: "The store {{ $labels.store }} does not answer at {{ $labels.instance }}.",
    runbook: "A store does not answer",
  },
  {
    name: "StorefleetStoreCertificateExpires",
    expression: `min by (store, instance) (probe_ssl_earliest_cert_expiry${storefronts}) - time() < ${TWO_WEEKS}`,
    lasting: "1h",
    severity: "warning",
    summary: `The certificate at {{ $labels.instance }} ${RUNS_OUT}.`,
    runbook: "A certificate is missing, or ends",
  },
  {
    name: "StorefleetStoresNotProbed",
    // A probe whose store is away has worked; without an exporter, or without targets, no store would be missed.
    expression: `max(storefleet_stores{status="ready"}) > 0 unless on () (up${storefronts} == 1)`,
    lasting: "10m",
    severity: "warning",
    summary: "No storefront is probed, and {{ $value | humanize }} stores sell: nobody would be told that one is down.",
    runbook: "A store does not answer",
  },
];

function ofCluster(namespace: string): readonly Alert[] {
  const namespaces = `=~"${namespace}|${STORE_NAMESPACES}"`;
  const bytes = (which: string) => `kubelet_volume_stats_${which}_bytes{namespace${namespaces}}`;
  const left = `min by (namespace, persistentvolumeclaim) (${bytes("available")} / ${bytes("capacity")})`;
  const volume = {
    lasting: "15m",
    summary:
      "{{ $value | humanizePercentage }} of {{ $labels.namespace }}/{{ $labels.persistentvolumeclaim }} are left.",
    runbook: "A volume fills",
  };
  const expiry = "certmanager_certificate_expiration_timestamp_seconds";
  // cert-manager's own label gives way to that of its pod, unless Prometheus is told to honour it.
  const ends = `max by (name, exported_namespace, namespace) (${expiry}{exported_namespace${namespaces}} or ${expiry}{namespace${namespaces}})`;
  return [
    {
      name: "StorefleetCertificateExpires",
      expression: `${ends} - time() < ${TWO_WEEKS}`,
      lasting: "1h",
      severity: "warning",
      // cert-manager tells 0 of one that it has never had: it would have ended in 1970.
      summary: `The certificate {{ $labels.name }} in {{ or $labels.exported_namespace $labels.namespace }} {{ if lt $value -1e9 }}was never issued{{ else }}${RUNS_OUT} and was not renewed{{ end }}.`,
      runbook: "A certificate is missing, or ends",
    },
    { name: "StorefleetVolumeFills", expression: `${left} < 0.15`, severity: "warning", ...volume },
    { name: "StorefleetVolumeFull", expression: `${left} < 0.05`, severity: "critical", ...volume },
    {
      name: "StorefleetDiskPressure",
      // Volumes that are folders of a node are measured by nobody: it is the node's disk that fills.
      expression: 'max by (node) (kube_node_status_condition{condition="DiskPressure", status="true"}) > 0',
      lasting: "1m",
      severity: "critical",
      summary: "The disk of the node {{ $labels.node }} is almost full: its pods are being evicted.",
      runbook: "A disk is full",
    },
  ];
}

/** Which alerts there are depends on these. */
export type AlertSettings = Pick<Settings, "namespace" | "blackboxExporter">;

/** Alerts by the name of their group. */
export function alertsOf({ namespace, blackboxExporter }: AlertSettings): Readonly<Record<string, readonly Alert[]>> {
  return {
    "storefleet-operations": ofOperations,
    "storefleet-control-plane": ofControlPlane,
    ...(blackboxExporter !== "" && { "storefleet-stores": ofStores }),
    "storefleet-cluster": ofCluster(namespace),
  };
}

/** Where a heading of infra/RUNBOOKS.md leads, as pages that show Markdown make it. */
export function anchorOf(heading: string): string {
  return heading
    .toLowerCase()
    .replace(/[^a-z0-9 -]/g, "")
    .replaceAll(" ", "-");
}

/** As a PrometheusRule has it. */
export function rulesOf({ runbooks, ...settings }: AlertSettings & Pick<Settings, "runbooks">) {
  return Object.entries(alertsOf(settings)).map(([name, alerts]) => ({
    name,
    rules: alerts.map(({ name: alert, expression, lasting, severity, summary, runbook }) => ({
      alert,
      expr: expression,
      for: lasting,
      labels: { severity, product: "storefleet" },
      annotations: {
        summary,
        runbook: `infra/RUNBOOKS.md#${anchorOf(runbook)}`,
        ...(runbooks !== "" && { runbook_url: `${runbooks}#${anchorOf(runbook)}` }),
      },
    })),
  }));
}
