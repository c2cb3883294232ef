import { API_JOB, STORE_NAMESPACES, STOREFRONTS_JOB } from "./jobs.ts";

// What people are woken for. Every API pod tells the same of the fleet, so the maximum of them is taken, never the sum.

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

const ofOperations: readonly Alert[] = [
  {
    name: "StorefleetOperationsFail",
    expression: 'max by (kind) (increase(storefleet_operations_total{outcome="failed"}[30m])) > 2',
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
    expression: "sum(max by (kind) (increase(storefleet_take_overs_total[30m]))) > 2",
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
    expression: "min(storefleet_database_up) < 1",
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
    expression: `min by (store, instance) (probe_ssl_earliest_cert_expiry${storefronts}) - time() < 14 * 86400`,
    lasting: "1h",
    severity: "warning",
    summary: "The certificate at {{ $labels.instance }} runs out in {{ $value | humanizeDuration }}.",
    runbook: "A certificate is missing, or ends",
  },
];

/** Alerts by the name of their group, for a platform in `namespace`. */
export function alertsOf(namespace: string): Readonly<Record<string, readonly Alert[]>> {
  const namespaces = `=~"${namespace}|${STORE_NAMESPACES}"`;
  const left = `kubelet_volume_stats_available_bytes{namespace${namespaces}} / kubelet_volume_stats_capacity_bytes{namespace${namespaces}}`;
  const volume = { lasting: "15m", runbook: "A volume fills" };
  const expiry = "certmanager_certificate_expiration_timestamp_seconds";
  const ofCluster: readonly Alert[] = [
    {
      name: "StorefleetCertificateExpires",
      // cert-manager's own label gives way to that of its pod, unless Prometheus is told to honour it.
      expression: `(${expiry}{exported_namespace${namespaces}} or ${expiry}{namespace${namespaces}}) - time() < 14 * 86400`,
      lasting: "1h",
      severity: "warning",
      summary: "The certificate {{ $labels.name }} runs out in {{ $value | humanizeDuration }} and was not renewed.",
      runbook: "A certificate is missing, or ends",
    },
    {
      name: "StorefleetVolumeFills",
      expression: `${left} < 0.15`,
      severity: "warning",
      summary:
        "{{ $value | humanizePercentage }} of {{ $labels.namespace }}/{{ $labels.persistentvolumeclaim }} are left.",
      ...volume,
    },
    {
      name: "StorefleetVolumeFull",
      expression: `${left} < 0.05`,
      severity: "critical",
      summary:
        "{{ $value | humanizePercentage }} of {{ $labels.namespace }}/{{ $labels.persistentvolumeclaim }} are left.",
      ...volume,
    },
  ];
  return {
    "storefleet-operations": ofOperations,
    "storefleet-control-plane": ofControlPlane,
    "storefleet-stores": ofStores,
    "storefleet-cluster": ofCluster,
  };
}

/** Where a heading of infra/RUNBOOKS.md leads, as pages that show Markdown make it. */
export function anchorOf(heading: string): string {
  return heading
    .toLowerCase()
    .replace(/[^a-z0-9 -]/g, "")
    .replaceAll(" ", "-");
}

/** As a PrometheusRule has it. `runbooks`: address of a page that shows infra/RUNBOOKS.md; empty when there is none. */
export function rulesOf(namespace: string, runbooks: string) {
  return Object.entries(alertsOf(namespace)).map(([name, alerts]) => ({
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
