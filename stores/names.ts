import { NAMESPACE_PREFIX, type Spec } from "./spec.ts";

// Names and labels of a store's objects in the cluster. All fixed: a run that was killed adopts what it made before, and
// whoever watches a store knows where to look. Frozen for a store's life: its name, its namespace, its release's name.

/** Name of the Helm release, the same in every namespace. */
export const RELEASE_NAME = "store";

/** The Secret with everything random about a store. */
export const CREDENTIALS_SECRET = "store-credentials";

/** The Secret with which images are pulled, where the registry asks for a login. */
export const IMAGE_PULL_SECRET = "image-pull";

/** On the namespace and on every object the program makes: the store they belong to. */
export const STORE_LABEL = "storefleet.dev/store";
export const ENGINE_LABEL = "storefleet.dev/engine";

export function namespaceOf(storeName: string): string {
  return `${NAMESPACE_PREFIX}${storeName}`;
}

/** Labels of everything that belongs to a store. Nothing in a cluster without them is ours to touch. */
export function labelsOf(spec: Pick<Spec, "name" | "engine">): Readonly<Record<string, string>> {
  return {
    [STORE_LABEL]: spec.name,
    [ENGINE_LABEL]: spec.engine,
    "app.kubernetes.io/managed-by": "storefleet",
  };
}
