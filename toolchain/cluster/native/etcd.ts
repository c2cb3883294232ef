import { join } from "node:path";
import type { Daemon } from "../../lib/processes.ts";
import type { ToolsOf } from "./programs.ts";
import type { Layout } from "./settings.ts";

/**
 * The database of Kubernetes. It listens on a Unix socket in a folder of ours (0700), so that it needs neither a port
 * nor certificates, and it syncs every write to the disk: stores must survive a crash of the machine.
 */
export function etcdDaemon(at: Layout, programs: ToolsOf<"etcd">): Daemon {
  // What etcd tells others about itself must look like host:port, which it takes for a socket's name in its working
  // folder. There are no others.
  const peer = "unix://localhost:1";
  return {
    name: "etcd",
    command: join(programs.tools.etcd, "etcd"),
    cwd: at.etcd,
    args: [
      "--name=storefleet",
      `--data-dir=${join(at.etcd, "data")}`,
      `--listen-client-urls=unix://${at.etcdSocket}`,
      "--advertise-client-urls=unix://localhost:2",
      `--listen-peer-urls=${peer}`,
      `--initial-advertise-peer-urls=${peer}`,
      `--initial-cluster=storefleet=${peer}`,
      "--auto-compaction-retention=5m",
      // Small snapshots keep the memory small; the default of 10000 entries suits large clusters.
      "--snapshot-count=5000",
      "--log-level=warn",
    ],
  };
}
