import { clusterDaemons } from "../../../toolchain/cluster/native/daemons.ts";
import { pathsOf } from "../../../toolchain/cluster/native/foreign.ts";
import { ensureClusterPrograms } from "../../../toolchain/cluster/native/programs.ts";
import { readOwner } from "../../../toolchain/cluster/native/record.ts";
import { startDaemon, stopDaemon } from "../../../toolchain/lib/processes.ts";
import type { TestCluster } from "../../helpers/cluster.ts";

/** The network agent of the native cluster, whoever has started that. */
export interface Agent {
  stop(): Promise<void>;
  start(): void;
}

export async function networkAgent({ context: ours }: TestCluster): Promise<Agent> {
  const paths = pathsOf((await readOwner()) ?? ours.paths.home, ours.paths);
  const context = { ...ours, paths };
  const daemon = clusterDaemons(context, await ensureClusterPrograms(context))["cilium-agent"];
  return {
    stop: () => stopDaemon(paths, daemon.name),
    start: () => void startDaemon(paths, daemon),
  };
}
