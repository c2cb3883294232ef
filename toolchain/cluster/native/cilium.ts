import { existsSync } from "node:fs";
import { cp, mkdir, readFile, rm, writeFile } from "node:fs/promises";
import { join } from "node:path";
import { parse } from "yaml";
import type { Daemon } from "../../lib/processes.ts";
import { componentKubeconfig } from "./kubeconfig.ts";
import { ensureMounted } from "./mounts.ts";
import type { Programs } from "./programs.ts";
import { type Layout, network, nodeName } from "./settings.ts";

/**
 * The network of the pods. Cilium enforces NetworkPolicies and, in the place of kube-proxy, serves Services, NodePorts
 * and hostPorts from BPF programs. It runs without its operator: the controller manager gives the node its range of
 * addresses, and the custom resources it insists on are applied by us.
 */
export function ciliumDaemon(at: Layout, programs: Programs, path: string): Daemon {
  return {
    name: "cilium-agent",
    command: join(programs.tools.cilium, "cilium-agent"),
    env: { K8S_NODE_NAME: nodeName, PATH: `${at.bin}:${path}`, CILIUM_SOCK: at.ciliumSocket },
    args: [
      `--k8s-kubeconfig-path=${componentKubeconfig(at, "cilium")}`,
      `--lib-dir=${join(at.cilium, "lib")}`,
      `--state-dir=${at.cilium}`,
      `--socket-path=${at.ciliumSocket}`,
      `--bpf-root=${at.bpf}`,
      `--cgroup-root=${at.cgroup}`,
      `--cni-log-file=${join(at.cilium, "cni.log")}`,
      // Our own device only: the programs stay off the machine's outer interfaces.
      `--devices=${network.device}`,
      `--direct-routing-device=${network.device}`,
      `--ipv4-native-routing-cidr=${network.pods}`,
      "--ipam=kubernetes",
      "--routing-mode=native",
      "--identity-allocation-mode=crd",
      "--kube-proxy-replacement=true",
      "--enable-ipv4-masquerade=true",
      "--enable-ipv6=false",
      // What a single node of small stores does not need; each costs memory, a port or a custom resource.
      "--enable-cilium-network-policy=false",
      "--enable-cilium-clusterwide-network-policy=false",
      "--enable-l7-proxy=false",
      "--enable-envoy-config=false",
      "--enable-hubble=false",
      "--enable-health-checking=false",
      "--enable-endpoint-health-checking=false",
      "--enable-health-check-nodeport=false",
      "--enable-gops=false",
      "--enable-dynamic-config=false",
      "--enable-drift-checker=false",
      "--enable-monitor=false",
      "--enable-bpf-clock-probe=false",
      "--agent-health-port=0",
      "--bpf-ct-global-tcp-max=65536",
      "--bpf-ct-global-any-max=32768",
      "--bpf-nat-global-max=65536",
      "--bpf-neigh-global-max=65536",
      "--bpf-lb-map-max=16384",
      "--bpf-policy-map-max=4096",
      // A new store brings a dozen objects at once; the default of 10 a second would make its pods wait.
      "--k8s-client-qps=100",
      "--k8s-client-burst=200",
      "--log-opt=level=warn",
    ],
  };
}

/** Puts the sources of Cilium's BPF programs where the agent may write beside them, and configures containerd to ask the agent. */
export async function prepareCilium(at: Layout, programs: Programs): Promise<void> {
  const sources = join(at.cilium, "lib", "bpf");
  const stamp = join(at.cilium, "lib", `sources-of-${programs.tools.cilium.replaceAll("/", "-")}`);
  if (!existsSync(stamp)) {
    await rm(join(at.cilium, "lib"), { recursive: true, force: true });
    await mkdir(sources, { recursive: true });
    await cp(join(programs.tools.cilium, "bpf"), sources, { recursive: true });
    await mkdir(stamp);
  }
  for (const folder of [at.bpf, at.cgroup]) await mkdir(folder, { recursive: true });
  await ensureMounted("bpf", at.bpf);
  await ensureMounted("cgroup2", at.cgroup);
  // Written by us and from the start, because containerd 1.6 does not notice a file that is renamed into place, as the
  // agent does it. A pod that comes before the agent waits for it: the plugin tries to connect for 30 s.
  await mkdir(at.cniConfiguration, { recursive: true });
  await writeFile(join(at.cniConfiguration, "05-cilium.conflist"), cniConfiguration(at));
}

function cniConfiguration(at: Layout): string {
  const plugin = { type: "cilium-cni", "log-file": join(at.cilium, "cni.log") };
  return JSON.stringify({ cniVersion: "1.0.0", name: "cilium", plugins: [plugin] });
}

/** The custom resources without which the agent does not start. */
const neededResources = [
  "v2/ciliumidentities",
  "v2/ciliumendpoints",
  "v2/ciliumnodes",
  "v2/ciliumloadbalancerippools",
  "v2alpha1/ciliumpodippools",
  "v2alpha1/ciliuml2announcementpolicies",
];

export async function ciliumManifests(programs: Programs): Promise<unknown[]> {
  const definitions = await Promise.all(
    neededResources.map(async (name): Promise<unknown> => {
      return parse(await readFile(join(programs.tools.cilium, "crds", `${name}.yaml`), "utf8"));
    }),
  );
  return [...definitions, ...permissions];
}

const permissions = [
  {
    apiVersion: "rbac.authorization.k8s.io/v1",
    kind: "ClusterRole",
    metadata: { name: "storefleet:cilium" },
    rules: [
      {
        apiGroups: ["", "discovery.k8s.io", "networking.k8s.io", "apiextensions.k8s.io"],
        resources: [
          "namespaces",
          "services",
          "pods",
          "nodes",
          "endpoints",
          "endpointslices",
          "networkpolicies",
          "customresourcedefinitions",
        ],
        verbs: ["get", "list", "watch"],
      },
      { apiGroups: [""], resources: ["nodes/status"], verbs: ["patch"] },
      { apiGroups: ["cilium.io"], resources: ["*"], verbs: ["*"] },
    ],
  },
  {
    apiVersion: "rbac.authorization.k8s.io/v1",
    kind: "ClusterRoleBinding",
    metadata: { name: "storefleet:cilium" },
    roleRef: { apiGroup: "rbac.authorization.k8s.io", kind: "ClusterRole", name: "storefleet:cilium" },
    subjects: [{ apiGroup: "rbac.authorization.k8s.io", kind: "User", name: "storefleet:cilium" }],
  },
];
