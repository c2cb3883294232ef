import type * as k8s from "@pulumi/kubernetes";
import type * as pulumi from "@pulumi/pulumi";
import { selectorOf } from "../names.ts";
import { originOf } from "../origin.ts";
import { restrictedContainer, restrictedPod, scratch, spread } from "../pods.ts";
import { API_PORT } from "../ports.ts";
import { storeTarget } from "../store-target.ts";
import type { ControlPlaneArgs } from "./control-plane-args.ts";
import { access, credentials, PULUMI_MEMORY, pulumiEnvironment, pulumiVolumes, variables } from "./pulumi-pods.ts";

type PodSpec = k8s.types.input.core.v1.PodSpec;
type EnvVar = k8s.types.input.core.v1.EnvVar;

const OPERATION_FOLDER = "/etc/storefleet/operation";
/** What every process of the service is told; `automation-api/config.ts` reads it. */
function environmentOf(args: ControlPlaneArgs): EnvVar[] {
  const { settings, database } = args;
  const { ingressService, ingressNamespace } = settings;
  const [service, port] = ingressService.split(":");
  const plain: Record<string, string> = {
    ...pulumiEnvironment(args),
    STOREFLEET_PORT: String(API_PORT),
    STOREFLEET_PUBLIC_ORIGIN: originOf(settings),
    STOREFLEET_CONCURRENCY: String(settings.concurrency),
    STOREFLEET_PULUMI_DESCRIPTION: "the Pulumi of the workers' image",
    STOREFLEET_PULUMI_VERSION: "3.270.0",
    STOREFLEET_CLUSTER_DESCRIPTION: "the cluster in which the platform runs",
    STOREFLEET_DATABASE_DESCRIPTION: database.description,
    STOREFLEET_TARGET: JSON.stringify(storeTarget(settings)),
    ...(ingressService !== "" && { STOREFLEET_INGRESS_ADDRESS: `${service}.${ingressNamespace}.svc:${port}` }),
  };
  return [
    ...variables(plain),
    { name: "DATABASE_URL", valueFrom: { secretKeyRef: { name: database.secret, key: "url" } } },
    { name: "STOREFLEET_SIGNING_KEY", valueFrom: { secretKeyRef: { name: args.secrets.signingSecret, key: "key" } } },
    { name: "STOREFLEET_SEALING_KEY", valueFrom: { secretKeyRef: { name: args.secrets.sealing.secret, key: "key" } } },
    {
      name: "STOREFLEET_OTHER_SEALING_KEYS",
      valueFrom: { secretKeyRef: { name: args.secrets.sealing.secret, key: "others" } },
    },
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
          // Nothing but the ingress controller, and Prometheus where there is one, can reach it; see the network rules.
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
  const { env, ...envFrom } = credentials(args);
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
        ...envFrom,
        env: [...environmentOf(args), ...env, ...told, ...variables({ STOREFLEET_SIGN_OF_LIFE: SIGN_OF_LIFE })],
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
