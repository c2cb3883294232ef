/** Short forms for the objects of the add-ons, which all look alike. */

export interface Rule {
  readonly apiGroups: readonly string[];
  readonly resources: readonly string[];
  readonly verbs: readonly string[];
}

const read = ["get", "list", "watch"] as const;

/** Permission to read. */
export function reading(group: string, ...resources: string[]): Rule {
  return { apiGroups: [group], resources, verbs: read };
}

/** Permission to read and change. */
export function changing(group: string, ...resources: string[]): Rule {
  return { apiGroups: [group], resources, verbs: [...read, "create", "update", "patch", "delete"] };
}

/** A namespace, with the Pod Security level its pods need. */
export function namespace(name: string, level: "restricted" | "baseline" | "privileged"): object {
  const labels = { "pod-security.kubernetes.io/enforce": level, "app.kubernetes.io/managed-by": "storefleet" };
  return { apiVersion: "v1", kind: "Namespace", metadata: { name, labels } };
}

/** A service account that may do what `rules` say in the whole cluster. */
export function account(namespaceName: string, name: string, rules: readonly Rule[]): object[] {
  const role = `storefleet:${name}`;
  const api = "rbac.authorization.k8s.io";
  return [
    { apiVersion: "v1", kind: "ServiceAccount", metadata: { name, namespace: namespaceName } },
    { apiVersion: `${api}/v1`, kind: "ClusterRole", metadata: { name: role }, rules },
    {
      apiVersion: `${api}/v1`,
      kind: "ClusterRoleBinding",
      metadata: { name: role },
      roleRef: { apiGroup: api, kind: "ClusterRole", name: role },
      subjects: [{ kind: "ServiceAccount", name, namespace: namespaceName }],
    },
  ];
}

/** Labels by which an add-on's pods are found. */
export function podLabels(name: string): Record<string, string> {
  return { "app.kubernetes.io/name": name };
}

/** A Deployment of one replica of one of our single-program images. */
export function deployment(options: {
  namespace: string;
  name: string;
  /** Labels of the pods, beside {@link podLabels}. */
  labels?: Record<string, string>;
  /** The pod's specification, without the parts every add-on shares. */
  pod: Record<string, unknown>;
  container: Record<string, unknown>;
}): object {
  const { namespace, name, pod, container } = options;
  const labels = { ...podLabels(name), ...options.labels };
  return {
    apiVersion: "apps/v1",
    kind: "Deployment",
    metadata: { name, namespace, labels },
    spec: {
      replicas: 1,
      // Two at once could not share a host port, and there is one node.
      strategy: { type: "Recreate" },
      revisionHistoryLimit: 1,
      selector: { matchLabels: podLabels(name) },
      template: {
        metadata: { labels },
        spec: {
          serviceAccountName: name,
          terminationGracePeriodSeconds: 5,
          priorityClassName: "system-cluster-critical",
          tolerations: [{ operator: "Exists" }],
          securityContext: { runAsNonRoot: true, seccompProfile: { type: "RuntimeDefault" } },
          ...pod,
          containers: [
            {
              name,
              imagePullPolicy: "IfNotPresent",
              securityContext: {
                allowPrivilegeEscalation: false,
                readOnlyRootFilesystem: true,
                capabilities: { drop: ["ALL"] },
              },
              ...container,
            },
          ],
        },
      },
    },
  };
}

/** A readiness probe that finds out within a second. */
export function readiness(path: string, port: number, scheme: "HTTP" | "HTTPS" = "HTTP"): object {
  return { httpGet: { path, port, scheme }, periodSeconds: 1, failureThreshold: 3 };
}
