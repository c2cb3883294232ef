import { existsSync } from "node:fs";
import { mkdir, writeFile } from "node:fs/promises";
import { join } from "node:path";
import { stringify } from "yaml";
import type { Daemon } from "../../lib/processes.ts";
import { cgroupRoot } from "./cgroups.ts";
import { componentKubeconfig } from "./kubeconfig.ts";
import type { Programs } from "./programs.ts";
import { type Layout, network, nodeName } from "./settings.ts";

/**
 * The resolver file handed to pods that ask outside names.
 * systemd-resolved's stub on 127.0.0.53 cannot be reached from a pod; the file behind it can.
 */
export function resolverFile(exists: (file: string) => boolean = existsSync): string {
  const behindStub = "/run/systemd/resolve/resolv.conf";
  return exists(behindStub) ? behindStub : "/etc/resolv.conf";
}

export function renderKubeletConfiguration(at: Layout): string {
  return stringify({
    apiVersion: "kubelet.config.k8s.io/v1beta1",
    kind: "KubeletConfiguration",
    address: network.nodeAddress,
    port: network.kubeletPort,
    readOnlyPort: 0,
    healthzPort: 0,
    authentication: {
      anonymous: { enabled: false },
      webhook: { enabled: true },
      x509: { clientCAFile: join(at.pki, "ca.crt") },
    },
    authorization: { mode: "Webhook" },
    tlsCertFile: join(at.pki, "kubelet.crt"),
    tlsPrivateKeyFile: join(at.pki, "kubelet.key"),
    clusterDomain: "cluster.local",
    clusterDNS: [network.dnsService],
    resolvConf: resolverFile(),
    containerRuntimeEndpoint: `unix://${at.containerdSocket}`,
    cgroupDriver: "cgroupfs",
    cgroupRoot,
    // Machines with the older cgroup hierarchy are fine for us.
    failCgroupV1: false,
    failSwapOn: false,
    // Lowering the score needs CAP_SYS_RESOURCE, which not every machine grants.
    oomScoreAdj: 0,
    makeIPTablesUtilChains: false,
    maxPods: 200,
    podLogsDir: at.podLogs,
    volumePluginDir: join(at.kubelet, "volume-plugins"),
    containerLogMaxSize: "5Mi",
    containerLogMaxFiles: 2,
    serializeImagePulls: false,
    // Images that were built here cannot be pulled again, so they are never collected, and a full disk evicts late.
    imageGCHighThresholdPercent: 100,
    imageGCLowThresholdPercent: 99,
    evictionHard: {
      "memory.available": "100Mi",
      "nodefs.available": "1%",
      "nodefs.inodesFree": "1%",
      "imagefs.available": "1%",
    },
    kubeAPIQPS: 100,
    kubeAPIBurst: 200,
  });
}

function configurationFile(at: Layout): string {
  return join(at.kubelet, "config.yaml");
}

export async function writeKubeletConfiguration(at: Layout): Promise<void> {
  await mkdir(at.kubelet, { recursive: true });
  await mkdir(at.podLogs, { recursive: true });
  await writeFile(configurationFile(at), renderKubeletConfiguration(at));
}

export function kubeletDaemon(at: Layout, programs: Programs): Daemon {
  return {
    name: "kubelet",
    command: join(programs.tools.kubernetes, "kubelet"),
    args: [
      `--config=${configurationFile(at)}`,
      `--kubeconfig=${componentKubeconfig(at, "kubelet")}`,
      `--root-dir=${at.kubelet}`,
      `--cert-dir=${join(at.kubelet, "pki")}`,
      `--hostname-override=${nodeName}`,
      `--node-ip=${network.nodeAddress}`,
      "-v=0",
    ],
  };
}
