import type { types } from "@pulumi/kubernetes";
import { STORE_LABEL, STORE_RELEASE } from "./names.ts";

type PolicySpec = types.input.admissionregistration.v1.ValidatingAdmissionPolicySpec;

/** One thing that is refused in the namespace of a store, whoever asks for it. */
export interface StorePolicy {
  readonly resources: readonly { readonly apiGroup: string; readonly name: string }[];
  /** Default: when it is made or changed. */
  readonly operations?: readonly ("CREATE" | "UPDATE" | "DELETE")[];
  /** CEL; what is not true is refused. */
  readonly expression: string;
  readonly message: string;
}

const pods = { apiGroup: "", name: "pods" };
const secrets = { apiGroup: "", name: "secrets" };
const policies = { apiGroup: "networking.k8s.io", name: "networkpolicies" };
const quotas = { apiGroup: "", name: "resourcequotas" };
const limits = { apiGroup: "", name: "limitranges" };

/** Containers of every kind that a pod can have when it is made. */
const CONTAINERS = "(object.spec.containers + object.spec.?initContainers.orValue([]))";

/** Names of what every store has around it; see `stores/components/isolation.ts`. */
const WALLS = ["default-deny", "quota", "limits"];

/** By the policy's name. Pod Security refuses pods that are not restricted; these say the rest. */
export const storePolicies: Readonly<Record<string, StorePolicy>> = {
  "store-services": {
    resources: [{ apiGroup: "", name: "services" }],
    expression: "object.spec.?type.orValue('ClusterIP') == 'ClusterIP'",
    message: "A store is reached through the ingress controller alone: its Services are of the type ClusterIP.",
  },
  "store-denial": {
    resources: [policies],
    expression:
      "object.metadata.name != 'default-deny' || (" +
      "object.spec.?podSelector.?matchLabels.orValue({}).size() == 0 && " +
      "object.spec.?podSelector.?matchExpressions.orValue([]).size() == 0 && " +
      "['Ingress', 'Egress'].all(way, way in object.spec.?policyTypes.orValue([])) && " +
      "object.spec.?ingress.orValue([]).size() + object.spec.?egress.orValue([]).size() == 0)",
    message: "The policy default-deny of a store denies every connection of every pod.",
  },
  "store-walls": {
    resources: [policies, quotas, limits],
    operations: ["DELETE"],
    // What is in a namespace goes with it; so does a whole store.
    expression: `!(oldObject.metadata.name in ${JSON.stringify(WALLS)}) || has(namespaceObject.metadata.deletionTimestamp)`,
    message: "The denial of connections, the quota and the limits of a store go with its namespace, and never before.",
  },
  "store-volumes": {
    resources: [{ apiGroup: "apps", name: "statefulsets" }],
    expression:
      "['whenDeleted', 'whenScaled'].all(when, " +
      "object.spec.?persistentVolumeClaimRetentionPolicy[?when].orValue('Retain') == 'Retain')",
    message: "The volumes of a store stay when what uses them goes.",
  },
  "store-claims": {
    resources: [{ apiGroup: "", name: "persistentvolumeclaims" }],
    operations: ["CREATE"],
    expression: `object.metadata.?annotations.orValue({})[?'meta.helm.sh/release-name'].orValue('') == '${STORE_RELEASE}'`,
    message: "The volumes of a store belong to its release, which never replaces them.",
  },
  "store-release": {
    resources: [secrets],
    expression:
      "object.?type.orValue('') != 'helm.sh/release.v1' || " +
      `object.metadata.?labels.orValue({})[?'name'].orValue('') == '${STORE_RELEASE}'`,
    message: `A store is one release, whose name is ${STORE_RELEASE} for the store's life.`,
  },
  "store-names": {
    resources: [{ apiGroup: "*", name: "*" }],
    operations: ["CREATE"],
    // Pulumi writes down what it named by chance. What controllers make, such as pods, may be named so.
    expression: "!('pulumi.com/autonamed' in object.metadata.?annotations.orValue({}))",
    message: "Objects of a store have names of their own, so that a run that was killed finds what it made.",
  },
  "store-limits": {
    resources: [pods],
    // Where there is a LimitRange, it has given limits to those that say none.
    expression: `${CONTAINERS}.all(each, 'memory' in each.?resources.?limits.orValue({}) && ['cpu', 'memory'].all(what, what in each.?resources.?requests.orValue({})))`,
    message: "Containers of a store say how much processor time and memory they need, and have a limit of memory.",
  },
  "store-images": {
    resources: [pods],
    expression: `${CONTAINERS}.all(each, each.image.matches('(:[^/:]+|@sha256:[a-f0-9]{64})$') && !each.image.endsWith(':latest'))`,
    message: "Images of a store are named by a tag that does not move, or by a digest.",
  },
  "store-tokens": {
    resources: [pods],
    expression:
      "object.spec.?automountServiceAccountToken.orValue(true) == false && " +
      "object.spec.?volumes.orValue([]).all(volume, !has(volume.projected) || " +
      "volume.projected.?sources.orValue([]).all(source, !has(source.serviceAccountToken)))",
    message: "Pods of a store have no token of the cluster: automountServiceAccountToken is false.",
  },
};

/** The policy as the cluster understands it. */
export function admissionOf(policy: StorePolicy): PolicySpec {
  const { resources, operations = ["CREATE", "UPDATE"], expression, message } = policy;
  return {
    failurePolicy: "Fail",
    matchConstraints: {
      namespaceSelector: { matchExpressions: [{ key: STORE_LABEL, operator: "Exists" }] },
      resourceRules: resources.map(({ apiGroup, name }) => ({
        apiGroups: [apiGroup],
        apiVersions: ["*"],
        resources: [name],
        operations: [...operations],
        scope: "Namespaced",
      })),
    },
    validations: [{ expression, message }],
  };
}
