import { z } from "zod";
import type { InstalledPlatform } from "./installed-platform.ts";
import { readObject } from "./installed-platform.ts";

/** How many workers there were before they were stopped, in case nobody started them again. */
const REPLICAS = "storefleet.dev/replicas-before";
const POD = "maintenance";

const containerSchema = z.looseObject({ livenessProbe: z.unknown().optional(), startupProbe: z.unknown().optional() });
const workersSchema = z.looseObject({
  metadata: z.looseObject({ annotations: z.record(z.string(), z.string()).default({}) }),
  spec: z.looseObject({
    replicas: z.number(),
    template: z.looseObject({
      spec: z.looseObject({ containers: z.array(containerSchema) }),
    }),
  }),
});

async function readWorkers(platform: InstalledPlatform) {
  return workersSchema.parse(await readObject(platform, "statefulset/worker"));
}

/** Scales a part and waits until that is so. */
export async function scale({ kubectl }: InstalledPlatform, target: string, replicas: number): Promise<void> {
  await kubectl(["scale", target, `--replicas=${replicas}`]);
  if (replicas > 0) {
    await kubectl(["rollout", "status", target, "--timeout=180s"]);
    return;
  }
  const component = target.split("/")[1] ?? "";
  const pods = ["pods", "--selector", `app.kubernetes.io/component=${component}`];
  if ((await kubectl(["get", ...pods, "--output", "name"])).trim() === "") return;
  await kubectl(["wait", ...pods, "--for=delete", "--timeout=120s"]);
}

/**
 * Does something while no worker and no operation runs. Requests are taken meanwhile, stores go on selling, and operations
 * that were under way are gone on with afterwards, as after a kill.
 */
export async function withWorkersStopped<T>(platform: InstalledPlatform, work: () => Promise<T>): Promise<T> {
  const { kubectl } = platform;
  const { metadata, spec } = await readWorkers(platform);
  const replicas = spec.replicas > 0 ? spec.replicas : Number(metadata.annotations[REPLICAS] ?? 1);
  await kubectl(["annotate", "--overwrite", "statefulset/worker", `${REPLICAS}=${replicas}`]);
  await scale(platform, "statefulset/worker", 0);
  const operations = ["--selector", "app.kubernetes.io/component=operation"];
  await kubectl(["delete", "jobs", ...operations, "--cascade=foreground", "--timeout=120s"]);
  try {
    return await work();
  } finally {
    await scale(platform, "statefulset/worker", replicas);
  }
}

/** A pod like a worker's, with the state's volume and Pulumi, that waits for commands; removed afterwards. */
export async function withMaintenancePod<T>(
  platform: InstalledPlatform,
  work: (exec: readonly string[]) => Promise<T>,
): Promise<T> {
  const { kubectl } = platform;
  const { template } = (await readWorkers(platform)).spec;
  const containers = template.spec.containers.map(({ livenessProbe: _alive, startupProbe: _started, ...rest }) => ({
    ...rest,
    name: POD,
    command: ["sleep", "7200"],
  }));
  const pod = {
    apiVersion: "v1",
    kind: "Pod",
    // No label of a part: the network lets it reach nothing.
    metadata: { name: POD, labels: { "app.kubernetes.io/part-of": "storefleet-platform" } },
    spec: {
      ...template.spec,
      automountServiceAccountToken: false,
      restartPolicy: "Never",
      terminationGracePeriodSeconds: 0,
      containers,
    },
  };
  const remove = () => kubectl(["delete", "pod", POD, "--ignore-not-found", "--grace-period=0", "--wait=true"]);
  await remove();
  await kubectl(["create", "--filename", "-"], { input: JSON.stringify(pod) });
  try {
    await kubectl(["wait", `pod/${POD}`, "--for=condition=Ready", "--timeout=120s"]);
    return await work(["exec", "--stdin", POD, "--"]);
  } finally {
    await remove();
  }
}
