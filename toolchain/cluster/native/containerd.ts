import { mkdir, writeFile } from "node:fs/promises";
import { join } from "node:path";
import type { Daemon } from "../../lib/processes.ts";
import { scratchImages } from "./addons/images.ts";
import type { Programs } from "./programs.ts";
import type { Layout } from "./settings.ts";

/** containerd's configuration: everything in folders of ours, only the parts a single node needs. */
export function renderContainerdConfiguration(at: Layout, runc: string): string {
  const text = (value: string) => JSON.stringify(value);
  return `version = 2
root = ${text(join(at.containerd, "root"))}
state = ${text(at.containerdState)}
disabled_plugins = [
  "io.containerd.snapshotter.v1.aufs",
  "io.containerd.snapshotter.v1.btrfs",
  "io.containerd.snapshotter.v1.devmapper",
  "io.containerd.snapshotter.v1.zfs",
]

[grpc]
  address = ${text(at.containerdSocket)}

[debug]
  level = "warn"

[plugins."io.containerd.internal.v1.opt"]
  path = ${text(join(at.containerd, "opt"))}

[plugins."io.containerd.grpc.v1.cri"]
  sandbox_image = ${text(scratchImages.pause)}
  # Without CAP_SYS_RESOURCE no process may lower its score; pods would fail to start with "can't get final child's PID".
  restrict_oom_score_adj = true
  netns_mounts_under_state_dir = true

  [plugins."io.containerd.grpc.v1.cri".cni]
    bin_dir = ${text(at.cniBinaries)}
    conf_dir = ${text(at.cniConfiguration)}
    max_conf_num = 1

  [plugins."io.containerd.grpc.v1.cri".containerd]
    snapshotter = "overlayfs"

    [plugins."io.containerd.grpc.v1.cri".containerd.runtimes.runc]
      runtime_type = "io.containerd.runc.v2"

      [plugins."io.containerd.grpc.v1.cri".containerd.runtimes.runc.options]
        BinaryName = ${text(runc)}
        Root = ${text(join(at.containerd, "runc"))}
        SystemdCgroup = false
`;
}

export async function writeContainerdConfiguration(at: Layout, programs: Programs): Promise<void> {
  await mkdir(at.containerd, { recursive: true });
  await writeFile(configurationFile(at), renderContainerdConfiguration(at, programs.system.runc));
}

function configurationFile(at: Layout): string {
  return join(at.containerd, "config.toml");
}

/** A containerd of our own, apart from any other on the machine. */
export function containerdDaemon(at: Layout, programs: Programs): Daemon {
  return {
    name: "containerd",
    command: programs.system.containerd,
    args: ["--config", configurationFile(at)],
    // The network plugin runs as a child of containerd and finds Cilium by this.
    env: { CILIUM_SOCK: at.ciliumSocket },
  };
}
