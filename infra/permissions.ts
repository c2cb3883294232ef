// What the platform's accounts may do in the cluster, each rule with its reason. What is not here, they may not.

/** A rule of a ClusterRole. */
export interface Permission {
  /** Why the account needs it. Kept as documentation; Kubernetes has no place for it. */
  readonly reason: string;
  readonly apiGroups: readonly string[];
  readonly resources: readonly string[];
  readonly resourceNames?: readonly string[];
  readonly verbs: readonly string[];
}

/** Accounts of the platform; the pods of the database and of migrations have no token at all. */
export type Account = "api" | "worker" | "operation";

const READ = ["get", "list", "watch"] as const;
const CHANGE = [...READ, "create", "update", "patch", "delete"] as const;

/** Name of the Secret with everything random about a store, the same in every store's namespace. */
const STORE_CREDENTIALS = "store-credentials";

export const permissions: Record<Account, readonly Permission[]> = {
  api: [
    {
      reason: "The owner of a store asks for its credentials; they are read then, and kept nowhere.",
      apiGroups: [""],
      resources: ["secrets"],
      resourceNames: [STORE_CREDENTIALS],
      verbs: ["get"],
    },
  ],
  // A worker follows what happens, compares the records with the world, and makes the pods of operations.
  worker: [
    {
      reason: "Namespaces of stores are compared with the records, every five minutes.",
      apiGroups: [""],
      resources: ["namespaces"],
      verbs: READ,
    },
    {
      reason:
        "So is what is in them, by names and labels; and a store's credentials are read to ask it to sell. Secrets cannot be told apart by a label here.",
      apiGroups: [""],
      resources: ["limitranges", "resourcequotas", "secrets"],
      verbs: ["get", "list"],
    },
    {
      reason: "The walls of stores are compared, too.",
      apiGroups: ["networking.k8s.io"],
      resources: ["networkpolicies"],
      verbs: ["get", "list"],
    },
    {
      reason: "What a store is waiting for is told to the person who waits: its pods and what happens to them.",
      apiGroups: [""],
      resources: ["events", "pods"],
      verbs: READ,
    },
    {
      reason: "A deleted store is gone when its volumes are.",
      apiGroups: [""],
      resources: ["persistentvolumes"],
      verbs: ["get", "list"],
    },
  ],
  // The pod of an operation runs Pulumi on one store.
  operation: [
    {
      reason: "Each store has a namespace of its own. The admission policy keeps it to namespaces with our label.",
      apiGroups: [""],
      resources: ["namespaces"],
      verbs: CHANGE,
    },
    {
      reason:
        "The walls and the release of a store. Secrets: its credentials, and Helm's records, which are told by a label only.",
      apiGroups: [""],
      resources: ["configmaps", "limitranges", "persistentvolumeclaims", "resourcequotas", "secrets", "services"],
      verbs: CHANGE,
    },
    {
      reason: "The programs of a store.",
      apiGroups: ["apps"],
      resources: ["deployments", "statefulsets"],
      verbs: CHANGE,
    },
    { reason: "What a store does now and then.", apiGroups: ["batch"], resources: ["cronjobs"], verbs: CHANGE },
    {
      reason: "The walls of a store, and its way in.",
      apiGroups: ["networking.k8s.io"],
      resources: ["ingresses", "networkpolicies"],
      verbs: CHANGE,
    },
    {
      reason: "Stores on larger plans grow with their load.",
      apiGroups: ["autoscaling"],
      resources: ["horizontalpodautoscalers"],
      verbs: CHANGE,
    },
    {
      reason: "Stores on larger plans stay up while a node is emptied.",
      apiGroups: ["policy"],
      resources: ["poddisruptionbudgets"],
      verbs: CHANGE,
    },
    {
      reason: "What a store is waiting for is told to the person who waits: its pods and what happens to them.",
      apiGroups: [""],
      resources: ["events", "pods"],
      verbs: READ,
    },
    {
      reason: "A release is ready when the newest set of its pods is.",
      apiGroups: ["apps"],
      resources: ["replicasets"],
      verbs: READ,
    },
    {
      reason: "A Service is ready when it leads to a pod.",
      apiGroups: ["discovery.k8s.io"],
      resources: ["endpointslices"],
      verbs: READ,
    },
    {
      reason: "Whether a claim waits for its first pod, and whether it can grow, is told by its class.",
      apiGroups: ["storage.k8s.io"],
      resources: ["storageclasses"],
      verbs: ["get"],
    },
  ],
};

/** What an operation may besides, where stores are reached through a Gateway. */
const routes: Permission = {
  reason: "The way in to a store, from the Gateway of the platform.",
  apiGroups: ["gateway.networking.k8s.io"],
  resources: ["httproutes"],
  verbs: CHANGE,
};

/** What an account may do in the cluster, with these settings of the platform. */
export function permissionsOf(account: Account, { gatewayClass }: { gatewayClass: string }): readonly Permission[] {
  return account === "operation" && gatewayClass !== "" ? [...permissions.operation, routes] : permissions[account];
}

/** What the accounts may do in the platform's own namespace, where operations run in pods of their own. */
export const permissionsAtHome: Partial<Record<Account, readonly Permission[]>> = {
  worker: [
    {
      reason: "Each operation runs in a pod of a Job. The admission policy keeps it to Jobs of operations.",
      apiGroups: ["batch"],
      resources: ["jobs"],
      verbs: ["create", "delete", "deletecollection", "get", "list"],
    },
    {
      reason: "What an operation tells is its pod's log; that it has ended is seen by its pod.",
      apiGroups: [""],
      resources: ["pods", "pods/log"],
      verbs: ["get", "list"],
    },
  ],
  operation: [
    {
      reason: "A stack's lock is broken only when the pod that holds it is known to be gone.",
      apiGroups: [""],
      resources: ["pods"],
      verbs: ["get"],
    },
  ],
};

/** What whoever collects logs may do in the platform's own namespace. */
export const logPermissions: readonly Permission[] = [
  {
    reason: "Logs are read where the cluster keeps them, by pod; the node's files stay out of reach.",
    apiGroups: [""],
    resources: ["pods", "pods/log"],
    verbs: READ,
  },
];
