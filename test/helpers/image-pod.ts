import { mkdtempSync, rmSync, writeFileSync } from "node:fs";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { type ImageName, imageReference } from "../../stores/images.ts";
import { ensureCluster } from "../../toolchain/cluster/cluster.ts";
import { ensureImages } from "../../toolchain/images/images.ts";
import { createContext } from "../../toolchain/lib/context.ts";
import { createSilentReporter } from "../../toolchain/lib/progress.ts";
import { ensureTool } from "../../toolchain/tools/tools.ts";
import { kubectl } from "./kubectl.ts";
import type { Machine } from "./machine.ts";
import { testStoreName } from "./names.ts";

/** One container of an image of ours, under the restrictions that every store is run with. */
export interface ImagePod {
  readonly name: string;
  readonly image: ImageName;
  readonly env: Readonly<Record<string, string>>;
  /** Where a volume is mounted that outlives the pod; the same one for every pod of the namespace. */
  readonly volumeAt?: string;
}

/** A namespace of this machine's cluster for trying an image in. */
export interface ImageTrial extends Pick<Machine, "cluster" | "kubectl"> {
  readonly namespace: string;
  readonly registry: string | undefined;
  /** Removes the namespace with everything in it. */
  release(): Promise<void>;
}

/** Makes sure of the cluster and one image, and of a namespace that refuses pods that break Pod Security "restricted". */
export async function tryImage(image: ImageName): Promise<ImageTrial> {
  const base = createContext();
  const context = { ...base, reporter: createSilentReporter(base.paths.logs) };
  const cluster = await ensureCluster(context);
  await ensureImages(context, cluster, [image]);
  const namespace = testStoreName(image);
  const trial: ImageTrial = {
    ...{ cluster, namespace, kubectl: await ensureTool(context, "kubectl") },
    registry: context.environment.STOREFLEET_REGISTRY,
    release: async () => void (await kubectl(trial, "delete", "namespace", namespace, "--ignore-not-found")),
  };
  await kubectl(trial, "create", "namespace", namespace);
  await kubectl(trial, "label", "namespace", namespace, "pod-security.kubernetes.io/enforce=restricted");
  await apply(trial, {
    apiVersion: "v1",
    kind: "PersistentVolumeClaim",
    metadata: { name: "data" },
    spec: { accessModes: ["ReadWriteOnce"], resources: { requests: { storage: "1Gi" } } },
  });
  return trial;
}

async function apply(trial: ImageTrial, object: object): Promise<void> {
  const folder = mkdtempSync(join(tmpdir(), "storefleet-image-"));
  const file = join(folder, "object.json");
  writeFileSync(file, JSON.stringify(object));
  await kubectl(trial, "apply", "--namespace", trial.namespace, "--filename", file);
  rmSync(folder, { recursive: true });
}

/** Starts a pod and waits for `condition`, such as `condition=Ready` or `jsonpath={.status.phase}=Failed`. */
export async function startImagePod(trial: ImageTrial, pod: ImagePod, condition = "condition=Ready"): Promise<void> {
  const data = pod.volumeAt === undefined ? [] : [{ name: "data", mountPath: pod.volumeAt }];
  await apply(trial, {
    apiVersion: "v1",
    kind: "Pod",
    metadata: { name: pod.name },
    spec: {
      restartPolicy: "Never",
      automountServiceAccountToken: false,
      securityContext: { runAsNonRoot: true, fsGroup: 10001, seccompProfile: { type: "RuntimeDefault" } },
      containers: [
        {
          name: pod.image,
          image: imageReference(pod.image, trial.registry),
          env: Object.entries(pod.env).map(([name, value]) => ({ name, value })),
          securityContext: {
            readOnlyRootFilesystem: true,
            allowPrivilegeEscalation: false,
            capabilities: { drop: ["ALL"] },
          },
          readinessProbe: {
            tcpSocket: { port: pod.image === "postgres" ? 5432 : 6379 },
            periodSeconds: 1,
          },
          volumeMounts: [{ name: "tmp", mountPath: "/tmp" }, ...data],
        },
      ],
      volumes: [
        { name: "tmp", emptyDir: {} },
        ...(data.length === 0 ? [] : [{ name: "data", persistentVolumeClaim: { claimName: "data" } }]),
      ],
    },
  });
  await kubectl(
    trial,
    "wait",
    "--namespace",
    trial.namespace,
    `--for=${condition}`,
    `pod/${pod.name}`,
    "--timeout=90s",
  );
}
