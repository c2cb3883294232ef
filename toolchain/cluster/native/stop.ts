import type { ToolchainContext } from "../../lib/context.ts";
import { withLock } from "../../lib/lock.ts";
import type { Paths } from "../../lib/paths.ts";
import { daemonPid, stopDaemon } from "../../lib/processes.ts";
import type { Step } from "../../lib/progress.ts";
import { killPodProcesses } from "./cgroups.ts";
import { clusterLock } from "./cluster-lock.ts";
import { connectRuntime } from "./cri.ts";
import { clearOwner, readOwner } from "./record.ts";
import { daemonNames, layout } from "./settings.ts";
import { findShims, killShims } from "./shims.ts";

/** Time a store's programs get to end by themselves. PostgreSQL needs about one second. */
const graceSeconds = 8;

/** Whether anything of the cluster of these folders runs. */
async function runsAnything(paths: Paths): Promise<boolean> {
  if (daemonNames.some((name) => daemonPid(paths, name) !== undefined)) return true;
  return (await findShims(paths)).length > 0;
}

/** Stops the cluster in the reverse order of its start. Volumes and objects stay; the next start brings the stores back. */
export async function stopNative(context: ToolchainContext): Promise<void> {
  if (!(await runsAnything(context.paths))) return;
  await withLock(
    clusterLock(context.paths),
    "stopping the cluster",
    () => context.reporter.step("Stopping the cluster", 10, (step) => stopEverything(context.paths, step)),
    { waitSeconds: 600, signal: context.signal },
  );
}

/** Stops pods and daemons. To be called under the cluster's lock. */
export async function stopEverything(paths: Paths, step: Step): Promise<void> {
  // First the kubelet, or it would start again what is being stopped.
  await stopDaemon(paths, "kubelet");
  step.say("stopping the stores");
  await stopPods(paths);
  step.say("stopping the daemons");
  for (const name of daemonNames.toReversed()) {
    if (name === "containerd") continue;
    await stopDaemon(paths, name);
  }
  await killPodProcesses();
  await stopDaemon(paths, "containerd");
  await killShims(paths);
  if ((await readOwner()) === paths.home) await clearOwner();
}

/** An orderly end of all pods, as far as containerd answers; what is left over is killed afterwards. */
async function stopPods(paths: Paths): Promise<void> {
  if (daemonPid(paths, "containerd") === undefined) return;
  const runtime = connectRuntime(layout(paths).containerdSocket);
  try {
    const containers = await runtime.listRunningContainers();
    await Promise.allSettled(containers.map((id) => runtime.stopContainer(id, graceSeconds)));
    const sandboxes = await runtime.listSandboxes();
    await Promise.allSettled(sandboxes.map((id) => runtime.removeSandbox(id)));
  } catch {
    // containerd does not answer: the processes are found by their control group.
  } finally {
    runtime.close();
  }
}
