import type * as k8s from "@pulumi/kubernetes";
import type * as pulumi from "@pulumi/pulumi";
import { labelsOf } from "../names.ts";
import { restrictedContainer, restrictedPod, scratch } from "../pods.ts";
import type { ControlPlaneArgs } from "./control-plane-args.ts";

// What pods that run Pulumi have in common, and those of operations, which run nothing else.

const ACCESS_FOLDER = "/etc/storefleet/cluster";
const PASSPHRASE_FOLDER = "/etc/storefleet/passphrase";
/** The way to the API server, as a file. */
export const access = {
  volume: (configMap: pulumi.Output<string>) => ({ name: "cluster-access", configMap: { name: configMap } }),
  mount: { name: "cluster-access", mountPath: ACCESS_FOLDER, readOnly: true },
};

/** Variables with plain values. */
export const variables = (values: Record<string, string>): k8s.types.input.core.v1.EnvVar[] =>
  Object.entries(values).map(([name, value]) => ({ name, value }));

/** What every process that runs Pulumi is told. */
export function pulumiEnvironment({ settings, state }: ControlPlaneArgs): Record<string, string> {
  return {
    STOREFLEET_NAMESPACE: settings.namespace,
    STOREFLEET_STORE_PROGRAM: "/storefleet/stores",
    STOREFLEET_WORK: state.workFolder,
    PULUMI_BACKEND_URL: state.url,
    PULUMI_HOME: "/tmp/pulumi-home",
    PULUMI_CONFIG_PASSPHRASE_FILE: `${PASSPHRASE_FOLDER}/passphrase`,
    KUBECONFIG: `${ACCESS_FOLDER}/kubeconfig`,
    STOREFLEET_KUBE_CONTEXT: "cluster",
    STOREFLEET_SECRETS_PROVIDER: settings.secretsProvider,
    // A pod begins without the files in which the CLI keeps what a stack is encrypted with; its state knows.
    PULUMI_FALLBACK_TO_STATE_SECRETS_MANAGER: "true",
    // One run at a time per stack is the service's to keep, so a release in the middle of an operation belongs to a dead run.
    STOREFLEET_HELM_UNLOCK: "true",
  };
}

/** Ways to the backend and the key that are not to be read in a pod's description. */
export function credentials({ settings, vault }: ControlPlaneArgs) {
  const { credentialsSecret } = settings;
  return {
    env: vault?.environment ?? [],
    ...(credentialsSecret !== "" && { envFrom: [{ secretRef: { name: credentialsSecret } }] }),
  };
}

/** Memory of one Pulumi with its programs, in MiB. */
export const PULUMI_MEMORY = 384;

/** What a pod that runs Pulumi mounts. */
export function pulumiVolumes({ secrets, state }: ControlPlaneArgs, clusterAccess: pulumi.Output<string>) {
  return {
    mounts: [
      scratch.mount,
      access.mount,
      state.mount,
      { name: "passphrase", mountPath: PASSPHRASE_FOLDER, readOnly: true },
    ],
    volumes: [
      scratch.volume,
      access.volume(clusterAccess),
      state.volume,
      { name: "passphrase", secret: { secretName: secrets.passphraseSecret } },
    ],
  };
}

/** The Job of one operation, to which a worker adds its name and what is to be run. */
export function operationJob(
  args: ControlPlaneArgs,
  clusterAccess: pulumi.Output<string>,
): k8s.types.input.batch.v1.Job {
  const { settings, system, permissions } = args;
  const { mounts, volumes } = pulumiVolumes(args, clusterAccess);
  const { env, ...envFrom } = credentials(args);
  const pod: k8s.types.input.core.v1.PodSpec = {
    ...restrictedPod,
    serviceAccountName: permissions.accounts.operation,
    automountServiceAccountToken: true,
    restartPolicy: "Never",
    // Pulumi finishes what it is doing with a resource and saves its state.
    terminationGracePeriodSeconds: 60,
    containers: [
      {
        ...restrictedContainer,
        name: "pulumi",
        image: settings.workerImage,
        command: ["tini", "--", "node", "automation-api/run-in-pod.ts"],
        ...envFrom,
        env: [...variables(pulumiEnvironment(args)), ...env],
        resources: { requests: { cpu: "100m", memory: "192Mi" }, limits: { memory: `${256 + PULUMI_MEMORY}Mi` } },
        volumeMounts: mounts,
      },
    ],
    volumes,
  };
  return {
    apiVersion: "batch/v1",
    kind: "Job",
    metadata: { namespace: system.namespace.metadata.name, labels: labelsOf("operation") },
    spec: {
      // A pod that died is followed by a worker that knows why; Kubernetes would begin again without asking.
      backoffLimit: 0,
      ttlSecondsAfterFinished: 600,
      template: { metadata: { labels: labelsOf("operation") }, spec: pod },
    },
  };
}
