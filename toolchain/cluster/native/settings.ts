import { join } from "node:path";
import type { Paths } from "../../lib/paths.ts";

/** Addresses of the cluster. Chosen from the middle of 10/8, where few private networks live. */
export const network = {
  /** Our own device on the machine; the node's address is on it, so no outer interface takes part. */
  device: "storefleet0",
  nodeAddress: "10.213.0.1",
  apiPort: 6443,
  kubeletPort: 10250,
  pods: "10.214.0.0/16",
  services: "10.215.0.0/16",
  /** First address of the services' range, by Kubernetes' own convention. */
  apiService: "10.215.0.1",
  dnsService: "10.215.0.10",
} as const;

export const nodeName = "storefleet";

/** Name of the context, cluster and user in the kubeconfig. */
export const contextName = "storefleet";

/** Namespace and class of the ingress controller. */
export const ingress = { namespace: "traefik", className: "traefik" } as const;

export const storageClass = "local-path";

/** There is one node, so whatever it can mount, every node can. */
export const sharedStorageClass = "local-path-shared";

/** Containerd's namespace of the images and containers of Kubernetes. */
export const containerNamespace = "k8s.io";

/** Names of the daemons, in the order they are started. */
export const daemonNames = [
  "etcd",
  "containerd",
  "kube-apiserver",
  "kube-controller-manager",
  "kube-scheduler",
  "cilium-agent",
  "kubelet",
] as const;
export type DaemonName = (typeof daemonNames)[number];

/** Where the cluster keeps what, all of it under `paths.cluster`. */
export interface Layout {
  readonly root: string;
  readonly pki: string;
  /** The administrator's kubeconfig. */
  readonly kubeconfig: string;
  readonly etcd: string;
  readonly etcdSocket: string;
  readonly containerd: string;
  readonly containerdSocket: string;
  readonly containerdState: string;
  readonly kubelet: string;
  readonly podLogs: string;
  readonly cni: string;
  readonly cniConfiguration: string;
  readonly cniBinaries: string;
  readonly cilium: string;
  readonly ciliumSocket: string;
  /** Mount point of a BPF file system of our own: unmounting it removes every pinned program and map. */
  readonly bpf: string;
  /** Mount point of the unified cgroup hierarchy, to which Cilium attaches its socket programs. */
  readonly cgroup: string;
  /** Links to programs under the names the daemons look for. */
  readonly bin: string;
  /** Data of the stores' volumes. */
  readonly volumes: string;
  /** What the running cluster was started with. */
  readonly record: string;
}

export function layout(paths: Paths): Layout {
  const at = (...names: string[]) => join(paths.cluster, ...names);
  return {
    root: paths.cluster,
    pki: at("pki"),
    kubeconfig: at("kubeconfig"),
    etcd: at("etcd"),
    etcdSocket: at("etcd", "client.sock"),
    containerd: at("containerd"),
    containerdSocket: at("containerd", "containerd.sock"),
    containerdState: at("containerd", "state"),
    kubelet: at("kubelet"),
    podLogs: at("pod-logs"),
    cni: at("cni"),
    cniConfiguration: at("cni", "net.d"),
    cniBinaries: at("cni", "bin"),
    cilium: at("cilium"),
    ciliumSocket: at("cilium", "cilium.sock"),
    bpf: at("bpf"),
    cgroup: at("cgroup2"),
    bin: at("bin"),
    volumes: at("volumes"),
    record: at("started.json"),
  };
}
