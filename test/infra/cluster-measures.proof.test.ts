import { join } from "node:path";
import { afterAll, beforeAll, describe, expect, it } from "vitest";
import { alertsOf } from "../../infra/observability/alerts.ts";
import { storeDashboard, storesDashboard } from "../../infra/observability/store-dashboards.ts";
import { type TestCluster, takeCluster } from "../helpers/cluster.ts";
import { type Daemon, eventually, startDaemon } from "../helpers/daemon.ts";
import { freePort } from "../helpers/free-port.ts";
import { kubectl, kubectlWith } from "../helpers/kubectl.ts";
import { testStoreName } from "../helpers/names.ts";
import { readPromql } from "../helpers/promql.ts";
import { proofTool } from "../helpers/proof-tool.ts";

// What alerts and dashboards ask of a cluster, asked of one: a real kubelet, and a real kube-state-metrics.

const stateMetrics = await proofTool("kube-state-metrics");

/** Labels by which expressions and legends of ours take measures apart. */
const LABELS: Readonly<Record<string, readonly string[]>> = {
  kubelet_volume_stats_available_bytes: ["namespace", "persistentvolumeclaim"],
  kubelet_volume_stats_capacity_bytes: ["namespace", "persistentvolumeclaim"],
  container_cpu_usage_seconds_total: ["namespace", "pod", "container"],
  container_memory_working_set_bytes: ["namespace", "pod", "container"],
  kube_namespace_created: ["namespace"],
  kube_node_status_condition: ["node", "condition", "status"],
  kube_pod_container_status_restarts_total: ["namespace", "pod"],
  kube_resourcequota: ["namespace", "resource", "type"],
};
const expressions = [
  ...Object.values(alertsOf({ namespace: "storefleet-system", blackboxExporter: "any:9115" })).flatMap((alerts) =>
    alerts.map(({ expression }) => expression),
  ),
  ...[storesDashboard(), storeDashboard()].flatMap(({ panels = [] }) =>
    (panels as { targets?: { expr: string }[] }[]).flatMap(({ targets = [] }) => targets.map(({ expr }) => expr)),
  ),
];

describe.skipIf(stateMetrics === undefined)("a cluster", () => {
  const namespace = `store-${testStoreName("measured")}`;
  let machine: TestCluster;
  let daemon: Daemon;
  let told = "";

  const ofKubelet = async (path: string) => {
    const node = (await kubectl(machine, "get", "nodes", "--output", "jsonpath={.items[0].metadata.name}")).trim();
    return kubectl(machine, "get", "--raw", `/api/v1/nodes/${node}/proxy/metrics${path}`);
  };
  /** Lines of a measure that hold a text. */
  const lines = (measure: string, holds = "") =>
    told.split("\n").filter((line) => line.startsWith(`${measure}{`) && line.includes(holds));

  beforeAll(async () => {
    machine = await takeCluster(["redis"]);
    await kubectlWith(machine, { apiVersion: "v1", kind: "List", items: objects(namespace, machine) }, "apply");
    await kubectl(machine, "wait", "pod/measured", "--namespace", namespace, "--for=condition=Ready", "--timeout=110s");
    const port = await freePort();
    const options = {
      ...{ kubeconfig: machine.cluster.kubeconfig, host: "127.0.0.1", port, "telemetry-host": "127.0.0.1" },
      ...{ "telemetry-port": await freePort(), resources: "namespaces,nodes,pods,resourcequotas" },
    };
    daemon = startDaemon(
      join(stateMetrics!, "kube-state-metrics"),
      Object.entries(options).map(([name, value]) => `--${name}=${value}`),
    );
    told = await eventually(
      150,
      "measures of the pod's volume",
      async () => {
        const state = await (await fetch(`http://127.0.0.1:${port}/metrics`)).text();
        const all = [await ofKubelet(""), await ofKubelet("/cadvisor"), state].join("\n");
        const ofPod = [
          /^kubelet_volume_stats_.*"measured-local"/m,
          new RegExp(`^kube_resourcequota.*${namespace}.*used`, "m"),
        ];
        return ofPod.every((sought) => sought.test(all)) ? all : undefined;
      },
      daemon.said,
    );
  });
  afterAll(async () => {
    await daemon?.stop();
    if (machine) await kubectl(machine, "delete", "namespace", namespace, "--ignore-not-found");
  });

  it("tells everything that is asked of it, with the labels that take it apart", () => {
    const asked = new Set(expressions.flatMap((expression) => readPromql(expression).measures));
    const ofCluster = [...asked].filter((measure) => /^(kubelet|container|kube)_/.test(measure));

    // What can be chosen is asked for beside the panels.
    expect([...ofCluster, "kube_namespace_created"].sort()).toEqual(Object.keys(LABELS).sort());
    for (const [measure, labels] of Object.entries(LABELS)) {
      const [first = ""] = lines(measure);
      expect(first, measure).not.toBe("");
      for (const label of labels) expect(first, measure).toContain(`${label}="`);
    }
  });

  it("tells them of a store's pods, quota and node under the names that expressions choose by", () => {
    expect(lines("container_memory_working_set_bytes", `namespace="${namespace}",pod="measured"`)).not.toEqual([]);
    expect(lines("kube_pod_container_status_restarts_total", `namespace="${namespace}",pod="measured"`)).toHaveLength(
      1,
    );
    const quota = lines("kube_resourcequota", `namespace="${namespace}"`).map((line) => /type="(\w+)"/.exec(line)?.[1]);
    expect(quota.sort()).toEqual(["hard", "used"]);
    const pressure = lines("kube_node_status_condition", 'condition="DiskPressure"');
    expect(pressure.filter((line) => /status="true"\} [01]$/.test(line))).toHaveLength(1);
  });

  it("measures volumes, but not those that are folders of a node", () => {
    for (const which of ["available", "capacity"]) {
      const found = lines(`kubelet_volume_stats_${which}_bytes`, `namespace="${namespace}"`);
      expect(found.map((line) => /persistentvolumeclaim="([\w-]+)"/.exec(line)?.[1])).toEqual(["measured-local"]);
    }
  });
});

/** A pod that does nothing, with a volume of either kind that Rancher's local-path makes. */
function objects(namespace: string, machine: TestCluster): object[] {
  const claim = (name: string, annotations = {}) => ({
    apiVersion: "v1",
    kind: "PersistentVolumeClaim",
    metadata: { name, namespace, annotations },
    spec: { accessModes: ["ReadWriteOnce"], resources: { requests: { storage: "1Gi" } } },
  });
  const volumes = ["measured-local", "measured-folder"];
  return [
    { apiVersion: "v1", kind: "Namespace", metadata: { name: namespace } },
    claim("measured-local", { volumeType: "local" }),
    claim("measured-folder"),
    {
      apiVersion: "v1",
      kind: "ResourceQuota",
      metadata: { name: "quota", namespace },
      spec: { hard: { "limits.memory": "1Gi" } },
    },
    {
      apiVersion: "v1",
      kind: "Pod",
      metadata: { name: "measured", namespace },
      spec: {
        terminationGracePeriodSeconds: 0,
        containers: [
          {
            name: "measured",
            image: machine.image("redis"),
            command: ["sleep", "3600"],
            resources: { limits: { memory: "64Mi" } },
            volumeMounts: volumes.map((name) => ({ name, mountPath: `/${name}` })),
          },
        ],
        volumes: volumes.map((name) => ({ name, persistentVolumeClaim: { claimName: name } })),
      },
    },
  ];
}
