import type { Declared } from "../../../infra/policy-pack/declared.ts";

/** What a rule takes, and what it refuses, each with a part of the sentence it says. */
interface Examples<Subject> {
  readonly right: readonly Subject[];
  readonly wrong: readonly (readonly [Subject, string])[];
}

const container = {
  name: "app",
  image: "localhost/storefleet/redis:0123456789ab",
  resources: { requests: { cpu: "5m", memory: "16Mi" }, limits: { memory: "64Mi" } },
  securityContext: { allowPrivilegeEscalation: false, capabilities: { drop: ["ALL"] } },
};
const pod = {
  securityContext: { runAsNonRoot: true, seccompProfile: { type: "RuntimeDefault" } },
  containers: [container],
};
const metadata = { name: "app", namespace: "store-demo" };

const deployment = (changes: object = {}): Declared => ({
  type: "kubernetes:apps/v1:Deployment",
  props: { metadata, spec: { template: { spec: { ...pod, ...changes } } } },
});
const containing = (changes: object) => deployment({ containers: [{ ...container, ...changes }] });
const named = (type: string, props: object): Declared => ({ type: `kubernetes:${type}`, props: { ...props } });
const namespace = (labels: object) => named("core/v1:Namespace", { metadata: { name: "store-demo", labels } });
const service = (spec: object) => named("core/v1:Service", { metadata, spec });
const statefulSet = (spec: object) =>
  named("apps/v1:StatefulSet", { metadata, spec: { template: { spec: pod }, ...spec } });
const release = (values: object) => named("helm.sh/v3:Release", { name: "store", values });

export const forObjects: Readonly<Record<string, Examples<Declared>>> = {
  "restricted-pods": {
    right: [
      deployment(),
      named("batch/v1:CronJob", { metadata, spec: { jobTemplate: { spec: { template: { spec: pod } } } } }),
      service({}),
    ],
    wrong: [
      [deployment({ hostNetwork: true }), "shares the node's network"],
      [deployment({ volumes: [{ name: "disk", hostPath: { path: "/" } }] }), "a folder of the node"],
      [deployment({ securityContext: { runAsNonRoot: true } }), "seccompProfile"],
      [deployment({ securityContext: { seccompProfile: { type: "RuntimeDefault" } } }), "run as root"],
      [containing({ securityContext: { ...container.securityContext, privileged: true } }), "is privileged"],
      [containing({ securityContext: { capabilities: { drop: ["ALL"] } } }), "may gain privileges"],
      [containing({ securityContext: { allowPrivilegeEscalation: false } }), "keeps capabilities"],
      [
        containing({
          securityContext: { allowPrivilegeEscalation: false, capabilities: { drop: ["ALL"], add: ["NET_ADMIN"] } },
        }),
        "NET_ADMIN",
      ],
      [deployment({ initContainers: [{ ...container, name: "first", securityContext: {} }] }), "The container first"],
      [named("core/v1:Pod", { metadata, spec: { ...pod, hostPID: true } }), "shares the node's network or processes"],
    ],
  },
  "restricted-namespaces": {
    right: [namespace({ "pod-security.kubernetes.io/enforce": "restricted" })],
    wrong: [
      [namespace({}), "takes any pod"],
      [namespace({ "pod-security.kubernetes.io/enforce": "baseline" }), "takes any pod"],
    ],
  },
  "limited-containers": {
    right: [deployment()],
    wrong: [
      [containing({ resources: {} }), "does not request"],
      [containing({ resources: { requests: { cpu: 1, memory: "1Gi" } } }), "no limit of memory"],
    ],
  },
  "pinned-images": {
    right: [
      deployment(),
      containing({ image: `docker.io/library/redis@sha256:${"0a".repeat(32)}` }),
      release({ images: { redis: container.image } }),
    ],
    wrong: [
      [containing({ image: "redis" }), "redis can change"],
      [containing({ image: "localhost:5000/redis" }), "can change by itself"],
      [containing({ image: "redis:latest" }), "redis:latest can change"],
      [release({ images: { redis: "localhost/storefleet/redis:latest" } }), "can change by itself"],
    ],
  },
  "closed-services": {
    right: [service({}), service({ type: "ClusterIP" })],
    wrong: [
      [service({ type: "NodePort" }), "not NodePort"],
      [service({ type: "LoadBalancer" }), "not LoadBalancer"],
    ],
  },
  "kept-volumes": {
    right: [statefulSet({}), statefulSet({ persistentVolumeClaimRetentionPolicy: { whenDeleted: "Retain" } })],
    wrong: [[statefulSet({ persistentVolumeClaimRetentionPolicy: { whenScaled: "Delete" } }), "claims go with it"]],
  },
  "frozen-names": {
    right: [deployment(), release({}), { type: "random:index/randomPassword:RandomPassword", props: {} }],
    wrong: [
      [named("core/v1:ConfigMap", { data: {} }), "named by chance"],
      [named("helm.sh/v3:Release", { values: {} }), "named by chance"],
    ],
  },
};

const store = namespace({ "storefleet.dev/store": "demo" });
const platform = namespace({});
const inStore = (type: string, spec: object = {}) => named(type, { metadata, spec });
const deny = (spec: object = {}) =>
  inStore("networking.k8s.io/v1:NetworkPolicy", { podSelector: {}, policyTypes: ["Ingress", "Egress"], ...spec });
const quota = inStore("core/v1:ResourceQuota");
const limits = inStore("core/v1:LimitRange");

export const forStacks: Readonly<Record<string, Examples<readonly Declared[]>>> = {
  "default-deny": {
    right: [[store, deny()], [platform], []],
    wrong: [
      [[store], "denies everything"],
      [[store, deny({ policyTypes: ["Ingress"] })], "denies everything"],
      [[store, deny({ podSelector: { matchLabels: { app: "one" } } })], "denies everything"],
      [[store, deny({ ingress: [{}] })], "denies everything"],
    ],
  },
  "bounded-stores": {
    right: [[store, quota, limits], [platform]],
    wrong: [
      [[store, limits], "no ResourceQuota"],
      [[store, quota], "no LimitRange"],
    ],
  },
  "tokenless-stores": {
    right: [
      [store, deployment({ automountServiceAccountToken: false })],
      [platform, deployment()],
    ],
    wrong: [
      [[store, deployment()], "app gets a token"],
      [[store, deployment({ automountServiceAccountToken: true })], "app gets a token"],
    ],
  },
  "volumes-of-releases": {
    right: [[store], [platform, inStore("core/v1:PersistentVolumeClaim")]],
    wrong: [[[store, inStore("core/v1:PersistentVolumeClaim")], "leave it to the chart"]],
  },
};
