import type { types } from "@pulumi/kubernetes";
import { STORE_LABEL } from "./names.ts";

type PolicySpec = types.input.admissionregistration.v1.ValidatingAdmissionPolicySpec;

/** One thing that is refused in the namespace of a store, whoever asks for it. */
export interface StorePolicy {
  readonly resource: { readonly apiGroup: string; readonly name: string };
  /** CEL; what is not true is refused. */
  readonly expression: string;
  readonly message: string;
}

const pods = { apiGroup: "", name: "pods" };
/** Containers of every kind that a pod can have when it is made. */
const CONTAINERS = "(object.spec.containers + object.spec.?initContainers.orValue([]))";

/** By the policy's name. Pod Security refuses pods that are not restricted; these say the rest. */
export const storePolicies: Readonly<Record<string, StorePolicy>> = {
  "store-services": {
    resource: { apiGroup: "", name: "services" },
    expression: "object.spec.?type.orValue('ClusterIP') == 'ClusterIP'",
    message: "A store is reached through the ingress controller alone: its Services are of the type ClusterIP.",
  },
  "store-denial": {
    resource: { apiGroup: "networking.k8s.io", name: "networkpolicies" },
    expression:
      "object.metadata.name != 'default-deny' || (" +
      "object.spec.?podSelector.?matchLabels.orValue({}).size() == 0 && " +
      "object.spec.?podSelector.?matchExpressions.orValue([]).size() == 0 && " +
      "['Ingress', 'Egress'].all(way, way in object.spec.?policyTypes.orValue([])) && " +
      "object.spec.?ingress.orValue([]).size() + object.spec.?egress.orValue([]).size() == 0)",
    message: "The policy default-deny of a store denies every connection of every pod.",
  },
  "store-volumes": {
    resource: { apiGroup: "apps", name: "statefulsets" },
    expression:
      "['whenDeleted', 'whenScaled'].all(when, " +
      "object.spec.?persistentVolumeClaimRetentionPolicy[?when].orValue('Retain') == 'Retain')",
    message: "The volumes of a store stay when what uses them goes.",
  },
  "store-limits": {
    resource: pods,
    // Where there is a LimitRange, it has given limits to those that say none.
    expression: `${CONTAINERS}.all(each, 'memory' in each.?resources.?limits.orValue({}))`,
    message: "Containers of a store have a limit of memory.",
  },
  "store-images": {
    resource: pods,
    expression: `${CONTAINERS}.all(each, each.image.matches('(:[^/:]+|@sha256:[a-f0-9]{64})$') && !each.image.endsWith(':latest'))`,
    message: "Images of a store are named by a tag that does not move, or by a digest.",
  },
  "store-tokens": {
    resource: pods,
    expression:
      "object.spec.?automountServiceAccountToken.orValue(true) == false && " +
      "object.spec.?volumes.orValue([]).all(volume, !has(volume.projected) || " +
      "volume.projected.?sources.orValue([]).all(source, !has(source.serviceAccountToken)))",
    message: "Pods of a store have no token of the cluster: automountServiceAccountToken is false.",
  },
};

/** The policy as the cluster understands it. */
export function admissionOf({ resource, expression, message }: StorePolicy): PolicySpec {
  return {
    failurePolicy: "Fail",
    matchConstraints: {
      namespaceSelector: { matchExpressions: [{ key: STORE_LABEL, operator: "Exists" }] },
      resourceRules: [
        {
          apiGroups: [resource.apiGroup],
          apiVersions: ["*"],
          resources: [resource.name],
          operations: ["CREATE", "UPDATE"],
          scope: "Namespaced",
        },
      ],
    },
    validations: [{ expression, message }],
  };
}
