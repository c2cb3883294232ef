import { setTimeout as sleep } from "node:timers/promises";
import { z } from "zod";
import type { Paths } from "../../lib/paths.ts";
import { ToolchainProblem } from "../../lib/problem.ts";
import { daemonLog, daemonPid } from "../../lib/processes.ts";
import type { Api } from "./api.ts";
import { type DaemonName, daemonNames, ingress, nodeName } from "./settings.ts";

const nodeSchema = z.object({
  status: z.object({
    conditions: z.array(z.object({ type: z.string(), status: z.string(), lastHeartbeatTime: z.string() })).default([]),
  }),
});

const podsSchema = z.object({
  items: z.array(
    z.object({
      metadata: z.object({ name: z.string(), deletionTimestamp: z.string().optional() }),
      status: z.object({
        containerStatuses: z
          .array(
            z.object({
              ready: z.boolean(),
              state: z.object({
                running: z.object({ startedAt: z.string() }).optional(),
                waiting: z.object({ reason: z.string().optional() }).optional(),
              }),
            }),
          )
          .default([]),
      }),
    }),
  ),
});

/** Pods without which no store works, as namespace and label value. Metrics come later by themselves. */
const essentialPods = [
  { namespace: "kube-system", name: "coredns" },
  { namespace: "local-path-storage", name: "local-path-provisioner" },
  { namespace: ingress.namespace, name: "traefik" },
] as const;

export async function apiIsReady(api: Api): Promise<boolean> {
  return (await api.get("/readyz"))?.status === 200;
}

/** Whether the kubelet has reported, since `since`, that the node is ready. */
export async function nodeIsReady(api: Api, since: Date): Promise<boolean> {
  const node = nodeSchema.safeParse(await api.getJson(`/api/v1/nodes/${nodeName}`));
  const ready = node.data?.status.conditions.find(({ type }) => type === "Ready");
  return ready?.status === "True" && Date.parse(ready.lastHeartbeatTime) >= since.getTime();
}

/** Names of the essential pods that are not running and ready in a container started since `since`. */
export async function pendingPods(api: Api, since: Date): Promise<string[]> {
  const pending = await Promise.all(
    essentialPods.map(async ({ namespace, name }) => {
      const path = `/api/v1/namespaces/${namespace}/pods?labelSelector=app.kubernetes.io%2Fname%3D${name}`;
      const pods = podsSchema.safeParse(await api.getJson(path));
      const good = pods.data?.items.some(({ metadata, status }) => {
        if (metadata.deletionTimestamp !== undefined || status.containerStatuses.length === 0) return false;
        return status.containerStatuses.every(({ ready, state }) => {
          return ready && state.running !== undefined && Date.parse(state.running.startedAt) >= since.getTime();
        });
      });
      return good === true ? [] : [name];
    }),
  );
  return pending.flat();
}

/** The daemons that should run and do not. */
export function deadDaemons(paths: Paths): DaemonName[] {
  return daemonNames.filter((name) => daemonPid(paths, name) === undefined);
}

/**
 * Waits until `check` says true, while the daemons it depends on live.
 * @param what for the message: "the API server answers"
 */
export async function waitFor(
  paths: Paths,
  options: { what: string; daemons: readonly DaemonName[]; seconds: number; signal: AbortSignal },
  check: () => Promise<boolean>,
): Promise<void> {
  const deadline = Date.now() + options.seconds * 1000;
  const remedy = (name: DaemonName) => `Read ${daemonLog(paths, name)}, then run the command again.`;
  while (!(await check())) {
    options.signal.throwIfAborted();
    const dead = options.daemons.find((name) => daemonPid(paths, name) === undefined);
    if (dead !== undefined) {
      throw new ToolchainProblem(
        `${dead} ended by itself while the cluster waited until ${options.what}.`,
        remedy(dead),
      );
    }
    if (Date.now() > deadline) {
      const suspect = options.daemons.at(-1) ?? "kubelet";
      throw new ToolchainProblem(
        `After ${options.seconds} s it is still not so that ${options.what}.`,
        remedy(suspect),
      );
    }
    await sleep(100);
  }
}
