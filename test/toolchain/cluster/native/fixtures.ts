import type { Programs } from "../../../../toolchain/cluster/native/programs.ts";
import { type Layout, layout } from "../../../../toolchain/cluster/native/settings.ts";

/** A layout in a folder that does not exist: for what only renders paths. */
export const at: Layout = layout({
  home: "/fleet",
  cache: "/cache",
  logs: "/fleet/logs",
  run: "/fleet/run",
  cluster: "/fleet/cluster",
  state: "/fleet/state",
  work: "/fleet/work",
});

export const programs: Programs = {
  system: {
    containerd: "/usr/bin/containerd",
    ctr: "/usr/bin/ctr",
    runc: "/usr/sbin/runc",
    iptables: "/usr/sbin/iptables",
    ipset: "/usr/sbin/ipset",
    ip: "/usr/sbin/ip",
    openssl: "/usr/bin/openssl",
    clang: "/usr/bin/clang-19",
    loopback: "/usr/lib/cni/loopback",
    busybox: "/bin/busybox",
  },
  tools: {
    kubernetes: "/cache/tools/kubernetes",
    kubectl: "/cache/tools/kubectl",
    etcd: "/cache/tools/etcd",
    cilium: "/cache/tools/cilium",
    coredns: "/cache/tools/coredns",
    "local-path-provisioner": "/cache/tools/local-path-provisioner",
    traefik: "/cache/tools/traefik",
    "metrics-server": "/cache/tools/metrics-server",
  },
};
