import { type PropertyPath, parsePath } from "../../property-path.ts";
import type { Properties } from "../../values.ts";
import { kindKey, kindOf } from "./kinds.ts";
import type { Settings } from "./settings.ts";

/** Fields that tell one object from another: the same for every kind. */
const EVERY_KIND: readonly string[] = ["metadata.name", "metadata.namespace"];

const JOB = ["spec.completions", "spec.parallelism", "spec.selector", "spec.template"];
const ROLE_BINDING = ["roleRef"];

const CONTAINER = [
  ..."args command env image imagePullPolicy lifecycle livenessProbe ports readinessProbe resources securityContext".split(
    " ",
  ),
  ..."stdin stdinOnce terminationMessagePath terminationMessagePolicy tty volumeDevices volumeMounts workingDir".split(
    " ",
  ),
];
const POD = [
  ..."affinity automountServiceAccountToken dnsConfig dnsPolicy enableServiceLinks hostAliases hostIPC".split(" "),
  ..."hostNetwork hostPID hostname imagePullSecrets nodeName nodeSelector overhead preemptionPolicy".split(" "),
  ..."priority priorityClassName readinessGates restartPolicy runtimeClassName schedulerName securityContext".split(
    " ",
  ),
  ..."serviceAccount serviceAccountName shareProcessNamespace subdomain terminationGracePeriodSeconds".split(" "),
  "volumes",
];

/** Fields the API server does not let change (or that the real provider replaces for): a change replaces the object. */
const REPLACE_FIELDS: Readonly<Record<string, readonly string[]>> = {
  "apps/v1/DaemonSet": ["spec.selector"],
  "apps/v1/Deployment": ["spec.selector"],
  "apps/v1/StatefulSet": [
    "spec.podManagementPolicy",
    "spec.revisionHistoryLimit",
    "spec.selector",
    "spec.serviceName",
    "spec.volumeClaimTemplates",
  ],
  "batch/v1/Job": JOB,
  "rbac.authorization.k8s.io/v1/ClusterRoleBinding": ROLE_BINDING,
  "rbac.authorization.k8s.io/v1/RoleBinding": ROLE_BINDING,
  "storage.k8s.io/v1/StorageClass": ["parameters", "provisioner"],
  "v1/PersistentVolume": ["csi", "hostPath", "iscsi", "local", "nfs"].map((source) => `spec.${source}`),
  "v1/PersistentVolumeClaim": ["spec.accessModes", "spec.selector", "spec.storageClassName", "spec.volumeName"],
  "v1/Pod": [
    ...POD.map((field) => `spec.${field}`),
    ...CONTAINER.flatMap((field) => [`spec.containers[*].${field}`, `spec.initContainers[*].${field}`]),
  ],
  "v1/ResourceQuota": ["spec.scopes"],
  "v1/Secret": ["type"],
  "v1/Service": ["spec.clusterIP"],
};

/** Contents whose change replaces the object unless the provider was told that they are mutable. */
const CONTENTS: Readonly<Record<string, { fields: readonly string[]; mutable: keyof Settings }>> = {
  "v1/ConfigMap": { fields: ["binaryData", "data"], mutable: "enableConfigMapMutable" },
  "v1/Secret": { fields: ["stringData", "data"], mutable: "enableSecretMutable" },
};

/** The fields of an object whose change means a new object. */
export function replaceFields(object: Properties, settings: Settings): readonly PropertyPath[] {
  const key = kindKey(kindOf(object));
  const contents = CONTENTS[key];
  const frozen = contents !== undefined && (settings[contents.mutable] !== true || object.immutable === true);
  return [...EVERY_KIND, ...(REPLACE_FIELDS[key] ?? []), ...(frozen ? contents.fields : [])].map(parsePath);
}
