import { mkdirSync, mkdtempSync, readFileSync, rmSync } from "node:fs";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { ensureCertificates } from "../../toolchain/cluster/native/certificates.ts";
import {
  apiServerDaemon,
  controllerManagerDaemon,
  schedulerDaemon,
} from "../../toolchain/cluster/native/control-plane.ts";
import { etcdDaemon } from "../../toolchain/cluster/native/etcd.ts";
import { writeKubeconfigs } from "../../toolchain/cluster/native/kubeconfig.ts";
import { contextName, layout } from "../../toolchain/cluster/native/settings.ts";
import type { Daemon as Described } from "../../toolchain/lib/processes.ts";
import { ensureToolFolder } from "../../toolchain/tools/tools.ts";
import type { TestCluster } from "./cluster.ts";
import { type Daemon, eventually, startDaemon } from "./daemon.ts";
import { freePort } from "./free-port.ts";
import { kubectl, kubectlWith } from "./kubectl.ts";

/**
 * A control plane beside that of this machine, in a folder of its own, with nodes on which nothing runs: pods
 * that are put there are said to be ready.
 */
export interface SecondCluster {
  /** As {@link kubectl} takes it. */
  readonly place: { readonly cluster: TestCluster["cluster"]; readonly kubectl: string };
  /** The administrator's. */
  readonly kubeconfig: string;
  readonly port: number;
  readonly folder: string;
  /** Lets pods wait, and go on; those of one node, which is not heard of meanwhile, or of all. */
  holdPods(node?: string): void;
  letPodsGo(node?: string): void;
  /** Ends its servers by force, in the midst of what they do, as when their machine is lost. What is written down stays. */
  kill(): Promise<void>;
  /** Starts its servers; resolves when the API server answers. */
  start(): Promise<void>;
  stop(): Promise<void>;
}

export interface SecondClusterOptions {
  /** Where its API server listens. Default: a free port of loopback, which pods of this machine's cluster do not reach. */
  readonly where?: { readonly address: string; readonly port: number };
  /** Names. Default: one node. */
  readonly nodes?: readonly string[];
  /** Until a node that says nothing is not ready, and from then until its pods are evicted. Default: Kubernetes' own, 50 and 300. */
  readonly lostAfter?: { readonly silentSeconds: number; readonly evictedSeconds: number };
}

/** @param kwok folder of the program that makes nodes and pods up */
export async function startSecondCluster(
  machine: TestCluster,
  kwok: string,
  { where, nodes = ["made-up"], lostAfter }: SecondClusterOptions = {},
): Promise<SecondCluster> {
  const { context } = machine;
  const folder = mkdtempSync(join(tmpdir(), "storefleet-second-"));
  const at = layout({ ...context.paths, cluster: folder });
  const { address, port } = where ?? { address: "127.0.0.1", port: await freePort() };
  const tools = {
    etcd: await ensureToolFolder(context, "etcd"),
    kubernetes: await ensureToolFolder(context, "kubernetes"),
  };
  mkdirSync(at.etcd, { mode: 0o700 });
  await ensureCertificates("openssl", at.pki);
  await writeKubeconfigs(at, `https://${address}:${port}`);
  const cluster = { ...machine.cluster, kubeconfig: at.kubeconfig, context: contextName };
  const place = { cluster, kubectl: machine.kubectl };
  const running: Daemon[] = [];
  const start = ({ command, args, cwd }: Described, ...more: string[]) => {
    const daemon = startDaemon(command, [...args, ...more], { HOME: folder }, cwd);
    running.unshift(daemon);
    return daemon;
  };
  let servers: Daemon[] = [];
  async function startServers(): Promise<void> {
    // Of several flags of a name the last one counts. The address is announced to no pods: there are none.
    const api = start(
      apiServerDaemon(at, { tools }),
      ...[`--bind-address=${address}`, `--advertise-address=${address}`, `--secure-port=${port}`],
      "--endpoint-reconciler-type=none",
      ...(lostAfter === undefined ? [] : evictedAfter(lostAfter.evictedSeconds)),
    );
    servers = [api];
    const ready = async () => (await kubectl(place, "get", "--raw", "/readyz")) === "ok" || undefined;
    await eventually(60, "an API server", ready, api.said);
    const silent = lostAfter === undefined ? [] : [`--node-monitor-grace-period=${lostAfter.silentSeconds}s`];
    servers.push(start(controllerManagerDaemon(at, { tools }), ...silent), start(schedulerDaemon(at, { tools })));
  }
  async function stop(): Promise<void> {
    for (const daemon of running) await daemon.stop();
    rmSync(folder, { recursive: true, force: true });
  }
  try {
    start(etcdDaemon(at, { tools }));
    await startServers();
    const makers = new Map<string, Daemon>();
    for (const node of nodes) {
      const which = nodes.length === 1 ? "--manage-all-nodes=true" : `--manage-single-node=${node}`;
      const heard = lostAfter === undefined ? [] : [`--node-lease-duration-seconds=${lostAfter.silentSeconds}`];
      const args = [`--kubeconfig=${at.kubeconfig}`, which, ...heard];
      makers.set(node, start({ name: "kwok", command: join(kwok, "kwok"), args }));
      await makeNode(place, node);
    }
    const tell = (signal: NodeJS.Signals, node: string | undefined) => {
      for (const [name, maker] of makers) if (node === undefined || node === name) maker.signal(signal);
    };
    return {
      ...{ place, port, folder, stop },
      start: startServers,
      kubeconfig: readFileSync(at.kubeconfig, "utf8"),
      holdPods: (node) => tell("SIGSTOP", node),
      letPodsGo: (node) => tell("SIGCONT", node),
      async kill() {
        for (const server of servers) server.signal("SIGKILL");
        for (const server of servers) await server.stop();
      },
    };
  } catch (error) {
    await stop();
    throw error;
  }
}

const evictedAfter = (seconds: number) =>
  ["not-ready", "unreachable"].map((taint) => `--default-${taint}-toleration-seconds=${seconds}`);

async function makeNode(place: SecondCluster["place"], name: string): Promise<void> {
  const room = { cpu: "32", memory: "256Gi", pods: "2000" };
  const node = {
    apiVersion: "v1",
    kind: "Node",
    metadata: { name, labels: { "kubernetes.io/hostname": name, "kubernetes.io/os": "linux" } },
    status: { allocatable: room, capacity: room },
  };
  await kubectlWith(place, node, "create");
  await kubectl(place, "wait", `node/${name}`, "--for=condition=Ready", "--timeout=60s");
}
