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

const deploymentSchema = z.object({
  metadata: z.object({ generation: z.number() }),
  status: z.object({
    observedGeneration: z.number().default(0),
    replicas: z.number().default(0),
    updatedReplicas: z.number().default(0),
    availableReplicas: z.number().default(0),
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
              }),
            }),
          )
          .default([]),
      }),
    }),
  ),
});

/** Stands for "whenever": what the cluster says is taken as it is, however old. */
export const longAgo = new Date(0);

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

/** Names of the essential pods that are not what they should be and ready, in containers started since `since`. */
export async function pendingPods(api: Api, since: Date): Promise<string[]> {
  const pending = await Promise.all(
    essentialPods.map(async ({ namespace, name }) => {
      const ready = (await isRolledOut(api, namespace, name)) && (await hasReadyPod(api, namespace, name, since));
      return ready ? [] : [name];
    }),
  );
  return pending.flat();
}

/** Whether the Deployment's pod is of its latest version. Says nothing about now: after a stop it is yesterday's news. */
async function isRolledOut(api: Api, namespace: string, name: string): Promise<boolean> {
  const answer = await api.getJson(`/apis/apps/v1/namespaces/${namespace}/deployments/${name}`);
  const deployment = deploymentSchema.safeParse(answer).data;
  if (deployment === undefined) return false;
  const { observedGeneration, replicas, updatedReplicas, availableReplicas } = deployment.status;
  const isSeen = observedGeneration >= deployment.metadata.generation;
  return isSeen && replicas === 1 && updatedReplicas === 1 && availableReplicas === 1;
}

/** Whether a pod of that name is ready in containers that were started since `since`. */
async function hasReadyPod(api: Api, namespace: string, name: string, since: Date): Promise<boolean> {
  const path = `/api/v1/namespaces/${namespace}/pods?labelSelector=app.kubernetes.io%2Fname%3D${name}`;
  const pods = podsSchema.safeParse(await api.getJson(path)).data;
  return (pods?.items ?? []).some(({ metadata, status }) => {
    if (metadata.deletionTimestamp !== undefined || status.containerStatuses.length === 0) return false;
    return status.containerStatuses.every(({ ready, state }) => {
      return ready && state.running !== undefined && Date.parse(state.running.startedAt) >= since.getTime();
    });
  });
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
