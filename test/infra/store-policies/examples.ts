// What each admission policy lets through, and what it refuses. Held to by an evaluator of CEL, and by a real API server.

/** What somebody does in the namespace of a store. */
export interface Act {
  /** What comes of it; `undefined` when something is taken away. */
  readonly object: KubeObject | undefined;
  /** What was there before; `undefined` when something is made. */
  readonly oldObject?: KubeObject;
}

export interface KubeObject {
  readonly apiVersion: string;
  readonly kind: string;
  readonly metadata: { readonly name: string; readonly labels?: object; readonly annotations?: object };
  readonly spec?: object;
  readonly type?: string;
}

interface Examples {
  readonly right: readonly Act[];
  /** Each with a part of the sentence that it is refused with. */
  readonly wrong: readonly (readonly [Act, string])[];
}

const made = (object: KubeObject): Act => ({ object });
const named = (apiVersion: string, kind: string, rest: object = {}, name = "planted"): KubeObject => ({
  apiVersion,
  kind,
  metadata: { name },
  ...rest,
});

const container = {
  name: "one",
  image: "localhost/storefleet/redis:1",
  resources: { requests: { cpu: "1m", memory: "1Mi" }, limits: { cpu: "10m", memory: "16Mi" } },
  securityContext: { allowPrivilegeEscalation: false, capabilities: { drop: ["ALL"] } },
};
const podSpec = {
  automountServiceAccountToken: false,
  securityContext: { runAsNonRoot: true, runAsUser: 10001, seccompProfile: { type: "RuntimeDefault" } },
  containers: [container],
};
/** Well in every way, but for what is changed. */
const pod = (spec: object = {}, changed: object = {}): KubeObject =>
  named("v1", "Pod", { spec: { ...podSpec, containers: [{ ...container, ...changed }], ...spec } });
const service = (spec: object) => named("v1", "Service", { spec: { ports: [{ port: 80 }], ...spec } });
const policy = (spec: object, name = "default-deny") =>
  named("networking.k8s.io/v1", "NetworkPolicy", { spec: { podSelector: {}, ...spec } }, name);
const BOTH = ["Ingress", "Egress"];
const statefulSet = (spec: object) =>
  named("apps/v1", "StatefulSet", {
    spec: {
      selector: { matchLabels: { app: "planted" } },
      serviceName: "planted",
      template: { metadata: { labels: { app: "planted" } }, spec: podSpec },
      ...spec,
    },
  });
const kept = (whenDeleted: string) => ({ persistentVolumeClaimRetentionPolicy: { whenDeleted, whenScaled: "Retain" } });
const claim = (annotations: object) =>
  named("v1", "PersistentVolumeClaim", {
    metadata: { name: "planted", annotations },
    spec: { accessModes: ["ReadWriteOnce"], resources: { requests: { storage: "1Mi" } } },
  });
const releaseOf = (name: string, type = "helm.sh/release.v1") =>
  named("v1", "Secret", { metadata: { name: "planted", labels: { owner: "helm", name } }, type });
const map = (annotations: object) => named("v1", "ConfigMap", { metadata: { name: "planted", annotations } });
const projected = { name: "token", projected: { sources: [{ serviceAccountToken: { path: "token" } }] } };

export const denial = policy({ policyTypes: BOTH });
export const quota = named("v1", "ResourceQuota", { spec: { hard: { pods: "10" } } }, "quota");
// Gives containers nothing: what they do not say themselves is found out.
const limit = { type: "PersistentVolumeClaim", max: { storage: "1Gi" } };
export const limits = named("v1", "LimitRange", { spec: { limits: [limit] } }, "limits");

const loose = "denies every connection of every pod";
const before = "go with its namespace, and never before";
const gone = (oldObject: KubeObject): Act => ({ object: undefined, oldObject });

/** By the policy's name. */
export const examples: Readonly<Record<string, Examples>> = {
  "store-services": {
    right: [made(service({})), made(service({ type: "ClusterIP" }))],
    wrong: ["NodePort", "LoadBalancer"].map((type) => [made(service({ type })), "are of the type ClusterIP"] as const),
  },
  "store-denial": {
    right: [
      made(denial),
      { object: denial, oldObject: denial },
      made(policy({ policyTypes: ["Ingress"], ingress: [{}] }, "other")),
    ],
    wrong: [
      [made(policy({ policyTypes: BOTH, ingress: [{}] })), loose],
      [made(policy({ policyTypes: ["Ingress"] })), loose],
      [made(policy({ policyTypes: BOTH, podSelector: { matchLabels: { app: "one" } } })), loose],
      [{ object: policy({ policyTypes: BOTH, egress: [{}] }), oldObject: denial }, loose],
    ],
  },
  "store-walls": {
    right: [gone(policy({ policyTypes: BOTH }, "other"))],
    wrong: [denial, quota, limits].map((wall) => [gone(wall), before] as const),
  },
  "store-volumes": {
    right: [made(statefulSet({})), made(statefulSet(kept("Retain")))],
    wrong: [[made(statefulSet(kept("Delete"))), "stay when what uses them goes"]],
  },
  "store-claims": {
    right: [made(claim({ "meta.helm.sh/release-name": "store" }))],
    wrong: [
      [made(claim({})), "belong to its release"],
      [made(claim({ "meta.helm.sh/release-name": "other" })), "belong to its release"],
    ],
  },
  "store-release": {
    right: [made(releaseOf("store")), made(releaseOf("anything", "Opaque"))],
    wrong: [[made(releaseOf("other")), "A store is one release"]],
  },
  "store-names": {
    right: [made(map({}))],
    wrong: [[made(map({ "pulumi.com/autonamed": "true" })), "have names of their own"]],
  },
  "store-limits": {
    right: [made(pod())],
    wrong: [
      [made(pod({}, { resources: { requests: container.resources.requests } })), "have a limit of memory"],
      [made(pod({ initContainers: [{ ...container, name: "two", resources: {} }] })), "have a limit of memory"],
    ],
  },
  "store-images": {
    right: [made(pod()), made(pod({}, { image: `nginx@sha256:${"0a".repeat(32)}` }))],
    wrong: [
      [made(pod({}, { image: "nginx:latest" })), "a tag that does not move"],
      [made(pod({}, { image: "registry:5000/nginx" })), "a tag that does not move"],
    ],
  },
  "store-tokens": {
    right: [made(pod())],
    wrong: [
      [made(pod({ automountServiceAccountToken: true })), "have no token of the cluster"],
      [made(pod({ volumes: [projected] })), "have no token of the cluster"],
    ],
  },
};

const RESTRICTED = { "pod-security.kubernetes.io/enforce": "restricted" };
/** The namespace of the store `name`. */
export const namespace = (name: string, labels: object = {}, called = `store-${name}`): KubeObject =>
  named("v1", "Namespace", {
    metadata: { name: called, labels: { ...RESTRICTED, "storefleet.dev/store": name, ...labels } },
  });

/** Of the namespace of the store `demo` itself. */
export const ofNamespaces = (store: string): Examples => {
  const whole = namespace(store);
  const changed = (labels: object): Act => ({ oldObject: whole, object: namespace(store, labels) });
  const bare = named("v1", "Namespace", {}, `store-${store}`);
  return {
    right: [
      made(whole),
      { oldObject: whole, object: whole },
      changed({ "storefleet.dev/engine": "medusa" }),
      { oldObject: bare, object: whole },
      // From before there was the policy: it may be changed otherwise.
      {
        oldObject: namespace(store, { "pod-security.kubernetes.io/enforce": "baseline" }),
        object: namespace(store, { "pod-security.kubernetes.io/enforce": "baseline", other: "label" }),
      },
    ],
    wrong: [
      [made(namespace(store, { "pod-security.kubernetes.io/enforce": "baseline" })), "takes restricted pods alone"],
      [changed({ "pod-security.kubernetes.io/enforce": "privileged" }), "takes restricted pods alone"],
      [
        { oldObject: whole, object: { ...bare, metadata: { ...bare.metadata, labels: RESTRICTED } } },
        "is never removed",
      ],
      [changed({ "storefleet.dev/store": "other" }), "never names another store"],
      [made(namespace(store, {}, `shop-${store}`)), "is called store- and what its label"],
    ],
  };
};
