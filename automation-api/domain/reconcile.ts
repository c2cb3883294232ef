import { NAMESPACE_PREFIX } from "../../stores/spec.ts";
import type { FindingKind } from "../contract/finding.ts";
import type { StackResource, StoreStatus } from "../contract/store.ts";

// What does not agree between our records, the cluster and Pulumi's state. Pure; whoever reads the world does so elsewhere.

/** A living store. */
export interface StoreRecord {
  readonly name: string;
  readonly status: StoreStatus;
  /** An operation is open, or was while the world was read: then nothing can be said about it. */
  readonly isBusy: boolean;
  readonly resources: readonly StackResource[];
}

/** What there is in the cluster and in Pulumi's state. */
export interface World {
  /** Those with our label. */
  readonly namespaces: readonly { readonly name: string; readonly isTerminating: boolean }[];
  /** Objects with our label, as `Kind namespace/name`. */
  readonly objects: ReadonlySet<string>;
  /** The newest revision of each Helm release of ours. */
  readonly releases: readonly { readonly namespace: string; readonly status: string }[];
  readonly volumes: readonly { readonly name: string; readonly namespace: string }[];
  /** Names of the stacks of the store program. */
  readonly stacks: readonly string[];
}

export interface FoundProblem {
  readonly kind: FindingKind;
  readonly subject: string;
  readonly text: string;
}

export interface Comparison {
  readonly findings: readonly FoundProblem[];
  /** Stacks of stores that we have deleted ourselves and that nobody has made anew: ours, and abandoned. */
  readonly abandonedStacks: readonly string[];
}

export interface Records {
  readonly stores: readonly StoreRecord[];
  /** Names of stores that we have deleted long enough ago, and that no living store has. */
  readonly deleted: ReadonlySet<string>;
  /** Names of stacks that are no business of this cluster: those of stores that run in others. Default: none. */
  readonly elsewhere?: ReadonlySet<string>;
}

/** Compares the stores of one cluster with that cluster. */
export function compare({ stores, deleted, elsewhere }: Records, world: World): Comparison {
  const living = new Set(stores.map(({ name }) => name));
  const orphans = [...orphanNamespaces(living, world), ...orphanVolumes(living, deleted, world)];
  const lostStacks = world.stacks.filter((stack) => !living.has(stack) && !elsewhere?.has(stack));
  const settled = stores.filter(({ status, isBusy }) => status === "ready" && !isBusy);
  return {
    findings: [
      ...orphans,
      ...lostStacks.map((stack) => orphanStack(stack, deleted.has(stack))),
      ...settled.flatMap((store) => problemsOf(store, world)),
    ],
    abandonedStacks: lostStacks.filter((stack) => deleted.has(stack)),
  };
}

function orphanNamespaces(living: ReadonlySet<string>, { namespaces }: World): FoundProblem[] {
  return namespaces
    .filter(({ name, isTerminating }) => !isTerminating && !living.has(storeOf(name)))
    .map(({ name }) => ({
      kind: "orphan-namespace",
      subject: name,
      text: `The namespace ${name} has our label, but there is no such store here. It may belong to another Storefleet or to a stack made by hand; when it does not, remove it with kubectl.`,
    }));
}

function orphanVolumes(living: ReadonlySet<string>, deleted: ReadonlySet<string>, { volumes }: World): FoundProblem[] {
  return volumes
    .filter(({ namespace }) => !living.has(storeOf(namespace)) && deleted.has(storeOf(namespace)))
    .map(({ name, namespace }) => ({
      kind: "orphan-volume",
      subject: name,
      text: `The volume ${name} was made for ${namespace}, whose store is deleted. Look whether its data is still wanted, then remove it with kubectl.`,
    }));
}

function orphanStack(stack: string, isAbandoned: boolean): FoundProblem {
  const what = isAbandoned
    ? "It is left of a store that was deleted, and is being removed."
    : "It was made by hand, or our records of it are lost: import it, or remove it with pulumi destroy.";
  return { kind: "orphan-stack", subject: stack, text: `The stack ${stack} belongs to no store. ${what}` };
}

/** What is missing or broken of a store that should be well. */
function problemsOf({ name, resources }: StoreRecord, world: World): FoundProblem[] {
  const namespace = `${NAMESPACE_PREFIX}${name}`;
  const mend = "Retry the store to make it again, or delete the store.";
  const stackProblems: FoundProblem[] = world.stacks.includes(name)
    ? []
    : [
        {
          kind: "missing-stack",
          subject: name,
          text: `Pulumi's state does not know the store ${name}. Restore it from a copy, or delete the store.`,
        },
      ];
  const found = world.namespaces.find((each) => each.name === namespace);
  if (found === undefined || found.isTerminating) {
    const text = `The namespace of the store ${name} ${found === undefined ? "is gone" : "is being removed"}. ${mend}`;
    return [...stackProblems, { kind: "missing-namespace", subject: name, text }];
  }
  const missing = expectedObjects(namespace, resources)
    .filter((object) => !world.objects.has(object))
    .map(
      (object): FoundProblem => ({
        kind: "missing-object",
        subject: object,
        text: `The ${object} of the store ${name} is gone. ${mend}`,
      }),
    );
  return [...stackProblems, ...missing, ...releaseProblems(name, namespace, world)];
}

function releaseProblems(name: string, namespace: string, { releases }: World): FoundProblem[] {
  const release = releases.find((each) => each.namespace === namespace);
  if (release === undefined) {
    return [{ kind: "release-missing", subject: name, text: `The Helm release of the store ${name} is gone.` }];
  }
  if (release.status.startsWith("pending-")) {
    const text = `The Helm release of the store ${name} is ${release.status}, and nobody works on it.`;
    return [{ kind: "release-stuck", subject: name, text }];
  }
  if (release.status !== "failed") return [];
  return [{ kind: "release-failed", subject: name, text: `The Helm release of the store ${name} has failed.` }];
}

function storeOf(namespace: string): string {
  return namespace.startsWith(NAMESPACE_PREFIX) ? namespace.slice(NAMESPACE_PREFIX.length) : "";
}

/** What the store program calls its objects, and what they are called in the cluster. */
const names: Readonly<Record<string, (name: string) => string>> = {
  "kubernetes:core/v1:ResourceQuota": (name) => name,
  "kubernetes:core/v1:LimitRange": (name) => name,
  "kubernetes:core/v1:Secret": (name) => (name === "credentials" ? "store-credentials" : name),
  "kubernetes:networking.k8s.io/v1:NetworkPolicy": (name) => name.replace(/^network-/, ""),
};

/** Kinds of objects whose absence is seen. */
export const WATCHED_KINDS = ["ResourceQuota", "LimitRange", "Secret", "NetworkPolicy"] as const;

function expectedObjects(namespace: string, resources: readonly StackResource[]): string[] {
  return resources.flatMap(({ type, name }) => {
    const inCluster = names[type]?.(name);
    return inCluster === undefined ? [] : [`${type.split(":").at(-1)} ${namespace}/${inCluster}`];
  });
}
