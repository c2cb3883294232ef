import { existsSync } from "node:fs";
import { mkdir, rename, rm, stat } from "node:fs/promises";
import { join } from "node:path";
import type { ToolchainContext } from "../../lib/context.ts";
import { run } from "../../lib/exec.ts";
import type { Paths } from "../../lib/paths.ts";
import { daemonLog, daemonPid, startDaemon } from "../../lib/processes.ts";
import type { Step } from "../../lib/progress.ts";
import { addonManifests } from "./addons/addons.ts";
import { addonImages } from "./addons/images.ts";
import { type Api, openApi } from "./api.ts";
import { ensureCertificates } from "./certificates.ts";
import { ensureCgroups } from "./cgroups.ts";
import { ciliumManifests, prepareCilium } from "./cilium.ts";
import { writeContainerdConfiguration } from "./containerd.ts";
import { clusterDaemons, daemonsFingerprint } from "./daemons.ts";
import { ensureFirewall } from "./firewall.ts";
import { clearForeignNetworks } from "./foreign.ts";
import { apiIsReady, longAgo, nodeIsReady, pendingPods, waitFor } from "./health.ts";
import { pruneIdentities } from "./identities.ts";
import { ensureScratchImages, imageNames } from "./images.ts";
import { writeKubeconfigs } from "./kubeconfig.ts";
import { writeKubeletConfiguration } from "./kubelet.ts";
import { ensureDevice, requireHttpPort, requireOwnPorts } from "./machine.ts";
import { ensureClusterPrograms, type Programs } from "./programs.ts";
import { fingerprint, readRecord, type StartRecord, writeOwner, writeRecord } from "./record.ts";
import { type DaemonName, daemonNames, type Layout, layout } from "./settings.ts";
import { findShims } from "./shims.ts";
import { stopEverything } from "./stop.ts";

const longestLogBytes = 20 * 1024 ** 2;

/**
 * Starts whatever part of the native cluster does not run. Each daemon is started only if it is dead, so the same steps
 * bring up a new cluster, continue a half-finished start, and mend one whose processes were killed.
 */
export async function startNative(context: ToolchainContext): Promise<void> {
  const programs = await ensureClusterPrograms(context);
  await context.reporter.step("Starting the cluster", 15, (step) => start(context, programs, step));
}

async function start(context: ToolchainContext, programs: Programs, step: Step): Promise<void> {
  const { paths } = context;
  const at = layout(paths);
  const daemons = clusterDaemons(context, programs);
  const previous = await readRecord(at);
  const record: StartRecord = {
    daemons: daemonsFingerprint(context, programs),
    manifests: previous?.manifests ?? "",
    httpPort: context.environment.STOREFLEET_HTTP_PORT,
  };
  // Started by another version of the toolchain, or half-way: what runs may not fit together.
  if (previous?.daemons !== record.daemons) await stopEverything(paths, step);
  const alive = daemonNames.filter((name) => daemonPid(paths, name) !== undefined);
  // Kubernetes counts in whole seconds.
  const now = new Date(Math.floor(Date.now() / 1000) * 1000);
  const nodeSince = alive.includes("kubelet") ? longAgo : now;
  // Pods survive the death of every daemon; only where none is left must each have been started since.
  const podsSince = (await findShims(paths)).length > 0 ? longAgo : now;
  const wait = (what: string, needed: readonly DaemonName[], check: () => Promise<boolean>) =>
    waitFor(paths, { what, daemons: needed, seconds: 120, signal: context.signal }, check);

  step.say("preparing certificates and configuration");
  if (alive.length === 0 || previous?.httpPort !== record.httpPort) await requireHttpPort(context);
  if (alive.length === 0) await clearForeignNetworks(paths, step);
  await prepare(programs, at, alive);
  await writeOwner(paths.home);
  // Before the daemons start: a start that ends half-way must know with what they were started.
  await writeRecord(at, record);

  await trimLogs(paths);
  step.say("starting the API server");
  startDaemon(paths, daemons.containerd);
  startDaemon(paths, daemons.etcd);
  await wait("etcd listens", ["etcd"], async () => existsSync(at.etcdSocket));
  startDaemon(paths, daemons["kube-apiserver"]);
  await wait("containerd answers", ["containerd"], () =>
    imageNames(context).then(
      () => true,
      () => false,
    ),
  );
  await ensureScratchImages(context, addonImages(programs));
  const api = await openApi(at);
  if (api === undefined) throw new Error("The certificates of the cluster vanished while it was started.");
  try {
    await wait("the API server answers", ["etcd", "kube-apiserver"], () => apiIsReady(api));
    startDaemon(paths, daemons["kube-controller-manager"]);
    startDaemon(paths, daemons["kube-scheduler"]);

    step.say("starting the node and its network");
    if (!alive.includes("cilium-agent")) await pruneIdentities(api);
    const network = await ciliumManifests(programs);
    const addons = addonManifests({ volumesFolder: at.volumes, httpPort: record.httpPort });
    record.manifests = fingerprint([network, addons]);
    const known = previous?.manifests === record.manifests;
    if (!known) await apply(context, programs, network);
    startDaemon(paths, daemons["cilium-agent"]);
    startDaemon(paths, daemons.kubelet);
    if (!known) await apply(context, programs, addons);
    await wait("the node is ready", daemonNames, () => nodeIsReady(api, nodeSince));
    await waitForPods(api, wait, step, podsSince);
  } finally {
    api.close();
  }
  await writeRecord(at, record);
}

/** Everything that must be there before the first daemon starts. */
async function prepare(programs: Programs, at: Layout, alive: readonly DaemonName[]): Promise<void> {
  await ensureDevice(programs);
  if (alive.length === 0) await requireOwnPorts();
  await ensureCertificates(programs.system.openssl, at.pki);
  await writeKubeconfigs(at);
  await writeContainerdConfiguration(at, programs);
  await writeKubeletConfiguration(at);
  await ensureFirewall(programs.system.iptables);
  await ensureCgroups();
  await mkdir(at.volumes, { recursive: true, mode: 0o711 });
  await mkdir(at.etcd, { recursive: true, mode: 0o700 });
  if (!alive.includes("etcd")) await rm(at.etcdSocket, { force: true });
  if (!alive.includes("cilium-agent")) await prepareCilium(at, programs);
}

/** Puts grown logs of the daemons aside before they are started again; one earlier log of each is kept. */
async function trimLogs(paths: Paths): Promise<void> {
  for (const name of daemonNames) {
    const log = daemonLog(paths, name);
    const size = await stat(log).then(
      (status) => status.size,
      () => 0,
    );
    if (size > longestLogBytes && daemonPid(paths, name) === undefined) await rename(log, `${log}.1`);
  }
}

async function apply(context: ToolchainContext, programs: Programs, items: readonly unknown[]): Promise<void> {
  const at = layout(context.paths);
  await run(
    join(programs.tools.kubectl, "kubectl"),
    [
      ...["--kubeconfig", at.kubeconfig, "--cache-dir", join(at.root, "kubectl-cache")],
      ...["apply", "--server-side", "--force-conflicts", "--filename", "-"],
    ],
    { input: JSON.stringify({ apiVersion: "v1", kind: "List", items }), signal: context.signal },
  );
}

async function waitForPods(
  api: Api,
  wait: (what: string, needed: readonly DaemonName[], check: () => Promise<boolean>) => Promise<void>,
  step: Step,
  since: Date,
): Promise<void> {
  await wait("DNS, volumes and ingress are ready", daemonNames, async () => {
    const pending = await pendingPods(api, since);
    step.say(`waiting for ${pending.join(", ")}`);
    return pending.length === 0;
  });
}
