import type * as k8s from "@pulumi/kubernetes";

/** The user of our images. */
const USER = 10001;

/** Pinned, so that an upgrade of the cluster cannot refuse the pods of a platform that runs. */
const POD_SECURITY_VERSION = "v1.34";

/** Labels of a namespace that admits only restricted pods. */
export const restrictedNamespace: Readonly<Record<string, string>> = Object.fromEntries(
  ["enforce", "warn", "audit"].flatMap((mode) => [
    [`pod-security.kubernetes.io/${mode}`, "restricted"],
    [`pod-security.kubernetes.io/${mode}-version`, POD_SECURITY_VERSION],
  ]),
);

/** What every pod of the platform has in common: the restricted Pod Security standard. */
export const restrictedPod = {
  enableServiceLinks: false,
  securityContext: {
    runAsNonRoot: true,
    runAsUser: USER,
    runAsGroup: USER,
    fsGroup: USER,
    fsGroupChangePolicy: "OnRootMismatch",
    seccompProfile: { type: "RuntimeDefault" },
  },
};

/** The same for every container; what it writes goes into volumes. */
export const restrictedContainer = {
  imagePullPolicy: "IfNotPresent",
  securityContext: {
    allowPrivilegeEscalation: false,
    readOnlyRootFilesystem: true,
    capabilities: { drop: ["ALL"] },
  },
};

/** Spread over nodes and zones where there are several; a cluster of one node takes them all. */
export function spread(selector: Record<string, string>): k8s.types.input.core.v1.TopologySpreadConstraint[] {
  return ["kubernetes.io/hostname", "topology.kubernetes.io/zone"].map((topologyKey) => ({
    maxSkew: 1,
    topologyKey,
    whenUnsatisfiable: "ScheduleAnyway",
    labelSelector: { matchLabels: selector },
  }));
}

/** A volume for files that need not outlive the pod, mounted at /tmp. */
export const scratch = {
  volume: { name: "tmp", emptyDir: {} },
  mount: { name: "tmp", mountPath: "/tmp" },
};
