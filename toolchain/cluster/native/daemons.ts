import type { ToolchainContext } from "../../lib/context.ts";
import type { Daemon } from "../../lib/processes.ts";
import { ciliumDaemon } from "./cilium.ts";
import { containerdDaemon, renderContainerdConfiguration } from "./containerd.ts";
import { apiServerDaemon, controllerManagerDaemon, schedulerDaemon } from "./control-plane.ts";
import { etcdDaemon } from "./etcd.ts";
import { kubeletDaemon, renderKubeletConfiguration } from "./kubelet.ts";
import type { Programs } from "./programs.ts";
import { fingerprint } from "./record.ts";
import { type DaemonName, layout } from "./settings.ts";

/**
 * The daemons talk to each other on this machine only; a proxy meant for the outside would catch their calls.
 * containerd is left out: it may have to pull images through that proxy.
 */
const withoutProxy = Object.fromEntries(
  ["http_proxy", "https_proxy", "all_proxy", "HTTP_PROXY", "HTTPS_PROXY", "ALL_PROXY"].map((name) => [name, undefined]),
);

/** How each daemon of the cluster is run. */
export function clusterDaemons(context: ToolchainContext, programs: Programs): Readonly<Record<DaemonName, Daemon>> {
  const at = layout(context.paths);
  const direct = (daemon: Daemon): Daemon => ({ ...daemon, env: { ...withoutProxy, ...daemon.env } });
  return {
    etcd: direct(etcdDaemon(at, programs)),
    containerd: containerdDaemon(at, programs),
    "kube-apiserver": direct(apiServerDaemon(at, programs)),
    "kube-controller-manager": direct(controllerManagerDaemon(at, programs)),
    "kube-scheduler": direct(schedulerDaemon(at, programs)),
    "cilium-agent": direct(ciliumDaemon(at, programs, context.environment.PATH)),
    kubelet: direct(kubeletDaemon(at, programs)),
  };
}

/** Changes when a running cluster would have to be restarted to be what this version of the toolchain starts. */
export function daemonsFingerprint(context: ToolchainContext, programs: Programs): string {
  const at = layout(context.paths);
  const daemons = Object.values(clusterDaemons(context, programs)).map(({ name, command, args }) => ({
    name,
    command,
    args,
  }));
  return fingerprint([
    daemons,
    renderContainerdConfiguration(at, programs.system.runc),
    renderKubeletConfiguration(at),
  ]);
}
