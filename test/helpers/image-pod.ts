import type { ImageName } from "../../stores/images.ts";
import { type TestCluster, takeCluster } from "./cluster.ts";
import { kubectl, kubectlWith } from "./kubectl.ts";
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
export interface ImageTrial extends TestCluster {
  readonly namespace: string;
  /** Removes the namespace with everything in it. */
  release(): Promise<void>;
}

/**
 * Makes sure of the cluster and one image, and of a namespace that refuses pods that break Pod Security "restricted".
 * @param others images that run beside it
 */
export async function tryImage(image: ImageName, ...others: ImageName[]): Promise<ImageTrial> {
  const taken = await takeCluster([image, ...others]);
  const namespace = testStoreName(image);
  await kubectl(taken, "create", "namespace", namespace);
  await kubectl(taken, "label", "namespace", namespace, "pod-security.kubernetes.io/enforce=restricted");
  const trial: ImageTrial = {
    ...taken,
    namespace,
    release: async () => void (await kubectl(taken, "delete", "namespace", namespace, "--ignore-not-found")),
  };
  await apply(trial, {
    apiVersion: "v1",
    kind: "PersistentVolumeClaim",
    metadata: { name: "data" },
    spec: { accessModes: ["ReadWriteOnce"], resources: { requests: { storage: "1Gi" } } },
  });
  return trial;
}

async function apply(trial: ImageTrial, object: object): Promise<void> {
  await kubectlWith(trial, object, "apply", "--namespace", trial.namespace);
}

/** On which port each image answers. */
const ports: Readonly<Record<ImageName, number>> = {
  postgres: 5432,
  redis: 6379,
  medusa: 9000,
  storefront: 8000,
  mariadb: 3306,
  woocommerce: 8080,
};

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
          image: trial.image(pod.image),
          env: Object.entries(pod.env).map(([name, value]) => ({ name, value })),
          securityContext: {
            readOnlyRootFilesystem: true,
            allowPrivilegeEscalation: false,
            capabilities: { drop: ["ALL"] },
          },
          readinessProbe: {
            tcpSocket: { port: ports[pod.image] },
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
