import type * as k8s from "@pulumi/kubernetes";
import type * as pulumi from "@pulumi/pulumi";
import { labelsOf, selectorOf } from "../names.ts";
import { originOf } from "../origin.ts";
import { restrictedContainer, restrictedPod, scratch, spread } from "../pods.ts";
import { API_PORT } from "../ports.ts";
import type { ControlPlaneArgs } from "./control-plane-args.ts";

type PodSpec = k8s.types.input.core.v1.PodSpec;
type EnvVar = k8s.types.input.core.v1.EnvVar;

const ACCESS_FOLDER = "/etc/storefleet/cluster";
const PASSPHRASE_FOLDER = "/etc/storefleet/passphrase";
const OPERATION_FOLDER = "/etc/storefleet/operation";
const access = {
  volume: (configMap: pulumi.Output<string>) => ({ name: "cluster-access", configMap: { name: configMap } }),
  mount: { name: "cluster-access", mountPath: ACCESS_FOLDER, readOnly: true },
};

const variables = (values: Record<string, string>): EnvVar[] =>
  Object.entries(values).map(([name, value]) => ({ name, value }));

/** What every process that runs Pulumi is told. */
function pulumiEnvironment({ settings, state }: ControlPlaneArgs): Record<string, string> {
  return {
    STOREFLEET_NAMESPACE: settings.namespace,
    STOREFLEET_STORE_PROGRAM: "/storefleet/stores",
    STOREFLEET_WORK: state.workFolder,
    PULUMI_BACKEND_URL: state.url,
    PULUMI_HOME: "/tmp/pulumi-home",
    PULUMI_CONFIG_PASSPHRASE_FILE: `${PASSPHRASE_FOLDER}/passphrase`,
    KUBECONFIG: `${ACCESS_FOLDER}/kubeconfig`,
    STOREFLEET_KUBE_CONTEXT: "cluster",
    // One run at a time per stack is the service's to keep, so a release in the middle of an operation belongs to a dead run.
    STOREFLEET_HELM_UNLOCK: "true",
  };
}

/** What every process of the service is told; `automation-api/config.ts` reads it. */
function environmentOf(args: ControlPlaneArgs): EnvVar[] {
  const { settings, database } = args;
  const { ingressService, ingressNamespace } = settings;
  const [service, port] = ingressService.split(":");
  const target = {
    baseDomain: settings.baseDomain,
    ingressClass: settings.ingressClass,
    ingressNamespace,
    ingressPort: settings.ingressPort,
    storageClass: settings.storageClass,
    imageRegistry: settings.storeImageRegistry,
  };
  const plain: Record<string, string> = {
    ...pulumiEnvironment(args),
    STOREFLEET_PORT: String(API_PORT),
    STOREFLEET_PUBLIC_ORIGIN: originOf(settings),
    STOREFLEET_CONCURRENCY: String(settings.concurrency),
    STOREFLEET_PULUMI_DESCRIPTION: "the Pulumi of the workers' image",
    STOREFLEET_PULUMI_VERSION: "3.270.0",
    STOREFLEET_CLUSTER_DESCRIPTION: "the cluster in which the platform runs",
    STOREFLEET_DATABASE_DESCRIPTION: database.description,
    STOREFLEET_TARGET: JSON.stringify(target),
    ...(ingressService !== "" && { STOREFLEET_INGRESS_ADDRESS: `${service}.${ingressNamespace}.svc:${port}` }),
  };
  return [
    ...variables(plain),
    { name: "DATABASE_URL", valueFrom: { secretKeyRef: { name: database.secret, key: "url" } } },
    { name: "STOREFLEET_SIGNING_KEY", valueFrom: { secretKeyRef: { name: args.secrets.signingSecret, key: "key" } } },
  ];
}

/** Brings the database up to date, and ends. */
export function migrationPod(args: ControlPlaneArgs, clusterAccess: pulumi.Output<string>): PodSpec {
  return {
    ...restrictedPod,
    automountServiceAccountToken: false,
    restartPolicy: "Never",
    containers: [
      {
        ...restrictedContainer,
        name: "migration",
        image: args.settings.apiImage,
        env: [...environmentOf(args), { name: "STOREFLEET_ROLE", value: "migrate" }],
        resources: { requests: { cpu: "50m", memory: "128Mi" }, limits: { memory: "256Mi" } },
        volumeMounts: [scratch.mount, access.mount],
      },
    ],
    volumes: [scratch.volume, access.volume(clusterAccess)],
  };
}

export function apiPod(args: ControlPlaneArgs, clusterAccess: pulumi.Output<string>): PodSpec {
  const probe = (path: string) => ({ httpGet: { path, port: "http" }, timeoutSeconds: 3 });
  return {
    ...restrictedPod,
    serviceAccountName: args.permissions.accounts.api,
    automountServiceAccountToken: true,
    topologySpreadConstraints: spread(selectorOf("api")),
    terminationGracePeriodSeconds: 30,
    containers: [
      {
        ...restrictedContainer,
        name: "api",
        image: args.settings.apiImage,
        env: [
          ...environmentOf(args),
          // Nothing but the ingress controller can reach it; see the network rules.
          ...variables({ STOREFLEET_TRUSTED_PROXIES: args.settings.trustedProxies }),
          {
            name: "STOREFLEET_METRICS_TOKEN",
            valueFrom: { secretKeyRef: { name: args.secrets.metricsSecret, key: "token" } },
          },
        ],
        ports: [{ name: "http", containerPort: API_PORT }],
        startupProbe: { ...probe("/readyz"), periodSeconds: 1, failureThreshold: 60 },
        readinessProbe: { ...probe("/readyz"), periodSeconds: 2 },
        livenessProbe: { ...probe("/livez"), periodSeconds: 10, failureThreshold: 3 },
        // Requests keep coming until every ingress controller has heard that the pod goes.
        lifecycle: { preStop: { sleep: { seconds: 5 } } },
        resources: { requests: { cpu: "100m", memory: "192Mi" }, limits: { memory: "512Mi" } },
        volumeMounts: [scratch.mount, access.mount],
      },
    ],
    volumes: [scratch.volume, access.volume(clusterAccess)],
  };
}

/** Memory of one Pulumi with its programs, in MiB. */
const PULUMI_MEMORY = 384;

/** What a pod that runs Pulumi mounts. */
function pulumiVolumes({ secrets, state }: ControlPlaneArgs, clusterAccess: pulumi.Output<string>) {
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

/** File that a worker touches every few seconds. It listens on no port that could be asked. */
const SIGN_OF_LIFE = "/tmp/alive";
const isAlive = {
  exec: { command: ["sh", "-c", `test $(( $(date +%s) - $(date -r ${SIGN_OF_LIFE} +%s) )) -lt 45`] },
};

/** @param operationJob ConfigMap with the Job of an operation; `undefined` runs operations in the worker's own pod */
export function workerPod(
  args: ControlPlaneArgs,
  clusterAccess: pulumi.Output<string>,
  operationJob: pulumi.Output<string> | undefined,
): PodSpec {
  const { settings, permissions } = args;
  const { mounts, volumes } = pulumiVolumes(args, clusterAccess);
  const inPods = operationJob !== undefined;
  const told = inPods ? variables({ STOREFLEET_OPERATION_JOB: `${OPERATION_FOLDER}/job.json` }) : [];
  const template = { name: "operation", mountPath: OPERATION_FOLDER, readOnly: true };
  return {
    ...restrictedPod,
    serviceAccountName: permissions.accounts.worker,
    automountServiceAccountToken: true,
    topologySpreadConstraints: spread(selectorOf("worker")),
    // Operations are handed back, which takes seconds; what does not end by then is taken over by the next worker.
    terminationGracePeriodSeconds: 30,
    containers: [
      {
        ...restrictedContainer,
        name: "worker",
        image: settings.workerImage,
        env: [...environmentOf(args), ...told, ...variables({ STOREFLEET_SIGN_OF_LIFE: SIGN_OF_LIFE })],
        startupProbe: { ...isAlive, periodSeconds: 1, failureThreshold: 60 },
        livenessProbe: { ...isAlive, periodSeconds: 10, timeoutSeconds: 5, failureThreshold: 3 },
        resources: {
          requests: { cpu: "100m", memory: "192Mi" },
          // Itself with a question to Pulumi now and then, and a Pulumi for each operation that runs here.
          limits: { memory: `${256 + PULUMI_MEMORY * (inPods ? 1 : settings.concurrency)}Mi` },
        },
        volumeMounts: [...mounts, ...(inPods ? [template] : [])],
      },
    ],
    volumes: [...volumes, ...(inPods ? [{ name: "operation", configMap: { name: operationJob } }] : [])],
  };
}

/** The Job of one operation, to which a worker adds its name and what is to be run. */
export function operationJob(
  args: ControlPlaneArgs,
  clusterAccess: pulumi.Output<string>,
): k8s.types.input.batch.v1.Job {
  const { settings, system, permissions } = args;
  const { mounts, volumes } = pulumiVolumes(args, clusterAccess);
  const pod: PodSpec = {
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
        env: variables(pulumiEnvironment(args)),
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
