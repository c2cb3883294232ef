import { equal } from "../values.ts";
import type { PendingOperation, Resource, Snapshot } from "./resource.ts";
import type { Step } from "./step.ts";

/**
 * Keeps the state true while steps run: what is begun is written before it is tried, what is done right after. The
 * state at any moment is the resources of this update so far, then those of the last one that were not reached yet.
 */
export class SnapshotWriter {
  readonly #base: Snapshot;
  readonly #persist: (snapshot: Snapshot) => void;
  readonly #done = new Set<Resource>();
  readonly #news: Resource[] = [];
  readonly #pending = new Set<PendingOperation>();
  /** Old URN → new URN of resources found by an alias. */
  readonly #renamed = new Map<string, string>();
  #keptCreates: PendingOperation[];

  constructor(base: Snapshot, persist: (snapshot: Snapshot) => void) {
    this.#base = base;
    this.#persist = persist;
    // Only a person can tell whether an interrupted create left something behind, so these stay until cleared.
    this.#keptCreates = base.pendingOperations.filter(({ type }) => type === "creating");
  }

  /** Forgets the interrupted creates of earlier updates. */
  clearPendingCreates(): void {
    this.#keptCreates = [];
    this.save();
  }

  /** Makes these the whole state, as a refresh does. */
  replaceAll(resources: readonly Resource[]): void {
    for (const resource of this.#base.resources) this.#done.add(resource);
    this.#news.splice(0, this.#news.length, ...resources);
    this.save();
  }

  rename(from: string, to: string): void {
    this.#renamed.set(from, to);
  }

  /** Writes down what is about to be tried. The answer writes down how it ended. */
  begin(step: Step): (ended: { succeeded: boolean }) => void {
    const operation = pendingOperation(step);
    if (operation !== undefined) {
      this.#pending.add(operation);
      this.save();
    }
    return ({ succeeded }) => {
      if (operation !== undefined) this.#pending.delete(operation);
      const changed = succeeded && this.#settle(step);
      if (operation !== undefined || changed) this.save();
    };
  }

  /** A component got its outputs, or a resource was found changed. */
  save(): void {
    this.#persist(this.snapshot());
  }

  snapshot(): Snapshot {
    const rest = this.#base.resources.filter((resource) => !this.#done.has(resource));
    const resources = [...this.#news, ...rest];
    return {
      ...this.#base,
      resources: this.#renamed.size === 0 ? resources : resources.map((resource) => this.#withNewNames(resource)),
      pendingOperations: [...this.#keptCreates, ...this.#pending],
    };
  }

  /** Returns whether the state is another than before. */
  #settle(step: Step): boolean {
    const { old, new: created } = step;
    switch (step.op) {
      case "same":
        this.#replace(old, created);
        return old === undefined || created === undefined || !sameState(old, created);
      case "create":
      case "update":
      case "read":
      case "refresh":
        this.#replace(old, created);
        return true;
      case "create-replacement":
        this.#replace(old?.pendingReplacement === true ? old : undefined, created);
        return true;
      case "delete":
      case "delete-replaced":
        if (old === undefined) return false;
        if (step.pendingReplacement === true) old.pendingReplacement = true;
        else this.#done.add(old);
        return true;
      case "read-discard":
      case "discard-replaced":
        if (old !== undefined) this.#done.add(old);
        return true;
      case "replace":
        return false;
    }
  }

  #replace(old: Resource | undefined, created: Resource | undefined): void {
    if (old !== undefined) this.#done.add(old);
    if (created !== undefined) this.#news.push(created);
  }

  #withNewNames(resource: Resource): Resource {
    const name = (urn: string) => this.#renamed.get(urn) ?? urn;
    const provider = [...this.#renamed].reduce(
      (reference, [from, to]) => (reference.startsWith(`${from}::`) ? to + reference.slice(from.length) : reference),
      resource.provider,
    );
    return {
      ...resource,
      parent: name(resource.parent),
      deletedWith: name(resource.deletedWith),
      dependencies: resource.dependencies.map(name),
      propertyDependencies: Object.fromEntries(
        Object.entries(resource.propertyDependencies).map(([key, urns]) => [key, urns.map(name)]),
      ),
      provider,
    };
  }
}

function pendingOperation(step: Step): PendingOperation | undefined {
  switch (step.op) {
    case "create":
    case "create-replacement":
      return step.new?.custom === true ? { resource: step.new, type: "creating" } : undefined;
    case "update":
      return step.new?.custom === true ? { resource: step.new, type: "updating" } : undefined;
    case "delete":
    case "delete-replaced":
      return step.old?.custom === true ? { resource: step.old, type: "deleting" } : undefined;
    case "read":
      return step.new === undefined ? undefined : { resource: step.new, type: "reading" };
    default:
      return undefined;
  }
}

/** True when nothing worth writing differs; positions in the source and times do not count. */
function sameState(old: Resource, created: Resource): boolean {
  const essence = (resource: Resource) => {
    const {
      inputs: _inputs,
      outputs: _outputs,
      stackTrace: _trace,
      sourcePosition: _position,
      modified: _modified,
      ...rest
    } = resource;
    return JSON.stringify(rest);
  };
  return essence(old) === essence(created) && equal(old.inputs, created.inputs) && equal(old.outputs, created.outputs);
}
