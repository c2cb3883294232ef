// Names and labels of the platform's objects. All fixed: a run that was killed adopts what it made before.

/** On the namespace of every store, and nowhere else: only what carries it may a worker change. */
export const STORE_LABEL = "storefleet.dev/store";
/** What the name of such a namespace begins with; the store's name, which the label says, follows. */
export const STORE_NAMESPACE_PREFIX = "store-";
/** The Helm release that a store is, the same in every namespace. */
export const STORE_RELEASE = "store";
/** On namespaces: which Pod Security standard the API server holds pods to. */
export const POD_SECURITY_LABEL = "pod-security.kubernetes.io/enforce";

/** Parts of the platform, each with pods of its own. */
export type Part = "api" | "worker" | "operation" | "database" | "migration" | "vault" | "logs";

/** Labels of everything that belongs to the platform. Not `managed-by: storefleet`, which marks what belongs to stores. */
export const PLATFORM_LABELS = {
  "app.kubernetes.io/part-of": "storefleet-platform",
  "app.kubernetes.io/managed-by": "pulumi",
} as const;

/** A database of several servers; CloudNativePG derives the names of its pods and Services from this one. */
export const DATABASE_CLUSTER = "database";
/** What CloudNativePG labels those pods with. */
export const DATABASE_CLUSTER_PODS = { "cnpg.io/cluster": DATABASE_CLUSTER };
/** Where CloudNativePG itself runs: where the platform installs it, and where its own manual does. */
export const DATABASE_OPERATOR_NAMESPACE = "cnpg-system";

/** Labels that choose the pods of a part; they never change. */
export function selectorOf(part: Part): Record<string, string> {
  return { "app.kubernetes.io/name": "storefleet", "app.kubernetes.io/component": part };
}

export function labelsOf(part: Part): Record<string, string> {
  return { ...PLATFORM_LABELS, ...selectorOf(part) };
}
