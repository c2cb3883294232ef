import { proofTools } from "./proof-tools.ts";
import type { Tool } from "./tool.ts";

/**
 * The programs the toolchain uses, with the one version of each that was tried.
 * Cached under `<cache>/tools/<tool>/<version>/<binary>`, so changing a version here is all an upgrade takes.
 */

export type ToolName =
  | "helm"
  | "kubectl"
  | "kubernetes"
  | "etcd"
  | "cilium"
  | "coredns"
  | "local-path-provisioner"
  | "traefik"
  | "metrics-server"
  | "kubeconform"
  | keyof typeof proofTools;

const kubernetesVersion = "v1.36.3";
const kubernetesVariables = {
  "k8s.io/component-base/version.gitVersion": kubernetesVersion,
  "k8s.io/component-base/version.gitMajor": "1",
  "k8s.io/component-base/version.gitMinor": "36",
  "k8s.io/component-base/version.gitTreeState": "clean",
};
const kubernetesModule = { module: "k8s.io/kubernetes", version: kubernetesVersion, stagingVersion: "v0.36.3" };
const kubernetesDownload = {
  url: `https://dl.k8s.io/release/${kubernetesVersion}/bin/linux/amd64/{binary}`,
  sums: `https://dl.k8s.io/release/${kubernetesVersion}/bin/linux/amd64/{binary}.sha256`,
};

/** The control plane and the kubelet, in the order they are started. */
export const kubernetesBinaries = ["kube-apiserver", "kube-controller-manager", "kube-scheduler", "kubelet"] as const;

export const catalogue: Readonly<Record<ToolName, Tool>> = {
  helm: {
    version: "v3.18.6",
    buildSeconds: 75,
    go: {
      module: "helm.sh/helm/v3",
      version: "v3.18.6",
      packages: { helm: "helm.sh/helm/v3/cmd/helm" },
      variables: {
        "helm.sh/helm/v3/internal/version.version": "v3.18.6",
        // What `.Capabilities.KubeVersion` says when no cluster is asked: the client library Helm was built with.
        "helm.sh/helm/v3/pkg/chartutil.k8sVersionMajor": "1",
        "helm.sh/helm/v3/pkg/chartutil.k8sVersionMinor": "33",
        "helm.sh/helm/v3/pkg/lint/rules.k8sVersionMajor": "1",
        "helm.sh/helm/v3/pkg/lint/rules.k8sVersionMinor": "33",
      },
    },
    download: {
      url: "https://get.helm.sh/helm-v3.18.6-linux-amd64.tar.gz",
      sums: "https://get.helm.sh/helm-v3.18.6-linux-amd64.tar.gz.sha256sum",
      members: { helm: "linux-amd64/helm" },
    },
  },
  kubectl: {
    version: kubernetesVersion,
    buildSeconds: 60,
    go: { ...kubernetesModule, packages: { kubectl: "k8s.io/kubernetes/cmd/kubectl" }, variables: kubernetesVariables },
    download: kubernetesDownload,
  },
  kubernetes: {
    version: kubernetesVersion,
    buildSeconds: 240,
    go: {
      ...kubernetesModule,
      packages: Object.fromEntries(kubernetesBinaries.map((binary) => [binary, `k8s.io/kubernetes/cmd/${binary}`])),
      variables: kubernetesVariables,
    },
    download: kubernetesDownload,
  },
  etcd: {
    version: "v3.6.8",
    buildSeconds: 30,
    go: { module: "go.etcd.io/etcd/server/v3", version: "v3.6.8", packages: { etcd: "go.etcd.io/etcd/server/v3" } },
    download: {
      url: "https://github.com/etcd-io/etcd/releases/download/v3.6.8/etcd-v3.6.8-linux-amd64.tar.gz",
      sums: "https://github.com/etcd-io/etcd/releases/download/v3.6.8/SHA256SUMS",
      members: { etcd: "etcd-v3.6.8-linux-amd64/etcd" },
    },
  },
  cilium: {
    version: "v1.20.2",
    buildSeconds: 240,
    go: {
      module: "github.com/cilium/cilium",
      version: "v1.20.2",
      packages: {
        "cilium-agent": "github.com/cilium/cilium/daemon",
        "cilium-cni": "github.com/cilium/cilium/plugins/cilium-cni",
      },
      variables: { "github.com/cilium/cilium/pkg/version.ciliumVersion": "1.20.2" },
      // The commits its go.mod names are served by no module proxy; these releases contain them.
      replace: {
        "github.com/osrg/gobgp/v4": "github.com/osrg/gobgp/v4 v4.7.0",
        "github.com/cilium/statedb": "github.com/cilium/statedb v0.8.3",
      },
      folders: { bpf: "bpf", crds: "pkg/k8s/apis/cilium.io/client/crds" },
    },
  },
  coredns: {
    version: "v1.12.4",
    buildSeconds: 90,
    go: {
      module: "github.com/coredns/coredns",
      version: "v1.12.4",
      packages: { coredns: "github.com/coredns/coredns" },
    },
    download: {
      url: "https://github.com/coredns/coredns/releases/download/v1.12.4/coredns_1.12.4_linux_amd64.tgz",
      sums: "https://github.com/coredns/coredns/releases/download/v1.12.4/coredns_1.12.4_linux_amd64.tgz.sha256",
      members: { coredns: "coredns" },
    },
  },
  "local-path-provisioner": {
    version: "v0.0.30",
    buildSeconds: 60,
    go: {
      module: "github.com/rancher/local-path-provisioner",
      version: "v0.0.30",
      packages: { "local-path-provisioner": "github.com/rancher/local-path-provisioner" },
      variables: { "main.VERSION": "v0.0.30" },
    },
  },
  traefik: {
    version: "v3.6.12",
    buildSeconds: 240,
    go: {
      module: "github.com/traefik/traefik/v3",
      version: "v3.6.12",
      packages: { traefik: "github.com/traefik/traefik/v3/cmd/traefik" },
      variables: { "github.com/traefik/traefik/v3/pkg/version.Version": "3.6.12" },
    },
    download: {
      url: "https://github.com/traefik/traefik/releases/download/v3.6.12/traefik_v3.6.12_linux_amd64.tar.gz",
      sums: "https://github.com/traefik/traefik/releases/download/v3.6.12/traefik_v3.6.12_checksums.txt",
      members: { traefik: "traefik" },
    },
  },
  "metrics-server": {
    version: "v0.9.0",
    buildSeconds: 90,
    go: {
      module: "sigs.k8s.io/metrics-server",
      version: "v0.9.0",
      packages: { "metrics-server": "sigs.k8s.io/metrics-server/cmd/metrics-server" },
      variables: {
        "sigs.k8s.io/metrics-server/pkg/version.gitVersion": "v0.9.0",
        "k8s.io/client-go/pkg/version.gitVersion": "v0.9.0",
      },
    },
  },
  kubeconform: {
    version: "v0.7.0",
    buildSeconds: 5,
    go: {
      module: "github.com/yannh/kubeconform",
      version: "v0.7.0",
      packages: { kubeconform: "github.com/yannh/kubeconform/cmd/kubeconform" },
    },
    download: {
      url: "https://github.com/yannh/kubeconform/releases/download/v0.7.0/kubeconform-linux-amd64.tar.gz",
      sums: "https://github.com/yannh/kubeconform/releases/download/v0.7.0/CHECKSUMS",
      members: { kubeconform: "kubeconform" },
    },
  },
  ...proofTools,
};
