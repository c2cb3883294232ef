import { join } from "node:path";
import type { Daemon } from "../../lib/processes.ts";
import { componentKubeconfig } from "./kubeconfig.ts";
import type { ToolsOf } from "./programs.ts";
import { type Layout, network } from "./settings.ts";

export function apiServerDaemon(at: Layout, programs: ToolsOf<"kubernetes">): Daemon {
  const pki = (file: string) => join(at.pki, file);
  return {
    name: "kube-apiserver",
    command: join(programs.tools.kubernetes, "kube-apiserver"),
    args: [
      `--bind-address=${network.nodeAddress}`,
      `--advertise-address=${network.nodeAddress}`,
      `--secure-port=${network.apiPort}`,
      `--etcd-servers=unix://${at.etcdSocket}`,
      `--service-cluster-ip-range=${network.services}`,
      "--authorization-mode=Node,RBAC",
      "--enable-admission-plugins=NodeRestriction",
      `--client-ca-file=${pki("ca.crt")}`,
      `--tls-cert-file=${pki("apiserver.crt")}`,
      `--tls-private-key-file=${pki("apiserver.key")}`,
      `--cert-dir=${at.pki}`,
      `--kubelet-certificate-authority=${pki("ca.crt")}`,
      `--kubelet-client-certificate=${pki("apiserver-kubelet-client.crt")}`,
      `--kubelet-client-key=${pki("apiserver-kubelet-client.key")}`,
      "--kubelet-preferred-address-types=InternalIP",
      "--service-account-issuer=https://kubernetes.default.svc.cluster.local",
      `--service-account-key-file=${pki("service-accounts.pub")}`,
      `--service-account-signing-key-file=${pki("service-accounts.key")}`,
      // One authority for everybody is safe here because only this name may speak for others.
      "--requestheader-allowed-names=front-proxy-client",
      `--requestheader-client-ca-file=${pki("ca.crt")}`,
      "--requestheader-username-headers=X-Remote-User",
      "--requestheader-group-headers=X-Remote-Group",
      "--requestheader-extra-headers-prefix=X-Remote-Extra-",
      `--proxy-client-cert-file=${pki("front-proxy-client.crt")}`,
      `--proxy-client-key-file=${pki("front-proxy-client.key")}`,
      "--profiling=false",
      "-v=0",
    ],
  };
}

export function controllerManagerDaemon(at: Layout, programs: ToolsOf<"kubernetes">): Daemon {
  return {
    name: "kube-controller-manager",
    command: join(programs.tools.kubernetes, "kube-controller-manager"),
    args: [
      `--kubeconfig=${componentKubeconfig(at, "controller-manager")}`,
      // Nobody to elect; no port of its own either.
      "--leader-elect=false",
      "--secure-port=0",
      "--allocate-node-cidrs=true",
      `--cluster-cidr=${network.pods}`,
      "--node-cidr-mask-size=24",
      `--service-cluster-ip-range=${network.services}`,
      `--root-ca-file=${join(at.pki, "ca.crt")}`,
      `--service-account-private-key-file=${join(at.pki, "service-accounts.key")}`,
      // The roles Kubernetes defines are those of the single controllers.
      "--use-service-account-credentials=true",
      "--kube-api-qps=100",
      "--kube-api-burst=200",
      "--terminated-pod-gc-threshold=100",
      "--profiling=false",
    ],
  };
}

export function schedulerDaemon(at: Layout, programs: ToolsOf<"kubernetes">): Daemon {
  return {
    name: "kube-scheduler",
    command: join(programs.tools.kubernetes, "kube-scheduler"),
    args: [
      `--kubeconfig=${componentKubeconfig(at, "scheduler")}`,
      "--leader-elect=false",
      "--secure-port=0",
      "--kube-api-qps=100",
      "--kube-api-burst=200",
      "--profiling=false",
    ],
  };
}
