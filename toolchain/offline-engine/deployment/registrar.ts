import { messageOf } from "../problem.ts";
import { withIgnored } from "../property-path.ts";
import { type ProviderRegistry, unknownPackage } from "../providers/registry.ts";
import { isProviderType, makeUrn, PROVIDER_TYPE_PREFIX, packageOf, parseProviderReference } from "../urn.ts";
import { type Properties, UNKNOWN } from "../values.ts";
import { formerUrns, type Place } from "./aliases.ts";
import { dependentsOf } from "./deletions.ts";
import { type Executor, StepFailure } from "./executor.ts";
import { type Goal, resourceOf } from "./goal.ts";
import { componentVerdict, NO_CHANGES, planSteps, type Verdict, verdictOf } from "./planner.ts";
import type { ProviderCalls } from "./provider-calls.ts";
import type { Resource, Snapshot } from "./resource.ts";
import type { SnapshotWriter } from "./snapshot-writer.ts";
import { makeStep, type Step } from "./step.ts";

export interface RegistrarParts {
  readonly place: Place;
  readonly previous: Snapshot;
  readonly registry: ProviderRegistry;
  readonly calls: ProviderCalls;
  readonly executor: Executor;
  readonly writer: SnapshotWriter | undefined;
  /** Stack configuration of a package, the inputs of its default provider. */
  readonly providerConfig: (packageName: string) => Properties;
}

/** Turns what the program registers into steps, runs them, and remembers what was registered. */
export class Registrar {
  readonly #parts: RegistrarParts;
  /** What the state has, without what only waits for its deletion. */
  readonly #olds = new Map<string, Resource>();
  /** New URN → the steps that count for a component's outputs. */
  readonly #registered = new Map<string, Step>();
  readonly #claimed = new Set<string>();
  /** Resources of the state that are still wanted, by any name. */
  readonly #kept = new Set<Resource>();
  readonly #formerUrns = new Map<string, string[]>();
  readonly #defaultProviders = new Map<string, Promise<string>>();
  /** URNs deleted to make room for the replacement of something they depend on. */
  readonly #madeRoom = new Set<Resource>();

  constructor(parts: RegistrarParts) {
    this.#parts = parts;
    for (const resource of parts.previous.resources) {
      if (!resource.delete) this.#olds.set(resource.urn, resource);
      if (isProviderType(resource.type)) parts.registry.add(resource.urn, resource.id, resource.inputs);
    }
  }

  /** What the state had under this URN before the update. */
  old(urn: string): Resource | undefined {
    return this.#olds.get(urn);
  }

  /** The step that registered a resource in this update. */
  registration(urn: string): Step | undefined {
    return this.#registered.get(urn);
  }

  /** Everything in the state the program did not ask for again; replaced ones included. */
  unwanted(): Resource[] {
    return this.#parts.previous.resources.filter((resource) => resource.delete || !this.#kept.has(resource));
  }

  async register(goal: Goal): Promise<Resource> {
    const urn = this.#claim(goal);
    const old = this.#find(goal, urn);
    const provider = await this.#providerOf(goal, urn);
    const resource = resourceOf(goal, urn, provider);
    if (old !== undefined) this.#adopt(resource, old);
    await this.#check(resource, old);
    const steps = await this.#plan(resource, old, goal.deleteBeforeReplace);
    await this.#run(urn, steps);
    return resource;
  }

  /** Reads a resource the program does not manage. */
  async read(goal: Goal, id: string): Promise<Resource> {
    const urn = this.#claim(goal);
    const old = this.#olds.get(urn);
    if (old !== undefined) this.#kept.add(old);
    const resource = resourceOf(goal, urn, await this.#providerOf(goal, urn));
    const external: Resource = { ...resource, id, external: true, created: "", modified: "" };
    await this.#run(urn, [makeStep({ op: "read", old, new: external })]);
    return external;
  }

  #claim(goal: Goal): string {
    const { place, executor } = this.#parts;
    const urn = makeUrn(place, goal.parent, goal.type, goal.name);
    if (this.#claimed.has(urn)) {
      throw executor.fail(`Duplicate resource URN '${urn}'; try giving it a unique name`, urn);
    }
    this.#claimed.add(urn);
    return urn;
  }

  #find(goal: Goal, urn: string): Resource | undefined {
    const former = formerUrns(goal, this.#parts.place, this.#formerUrns.get(goal.parent) ?? []);
    this.#formerUrns.set(urn, former);
    const found = this.#olds.get(urn) ?? former.map((each) => this.#olds.get(each)).find((old) => old !== undefined);
    if (found === undefined || this.#kept.has(found)) return undefined;
    this.#kept.add(found);
    if (found.urn !== urn) this.#parts.writer?.rename(found.urn, urn);
    return found.external ? undefined : found;
  }

  /** Carries over what stays the same whatever the program says. */
  #adopt(resource: Resource, old: Resource): void {
    resource.created = old.created;
    resource.modified = old.modified;
    resource.inputs = withIgnored(resource.inputs, old.inputs, resource.ignoreChanges);
    if (old.urn !== resource.urn) resource.aliases = [old.urn];
  }

  async #check(resource: Resource, old: Resource | undefined): Promise<void> {
    if (!resource.custom || isProviderType(resource.type)) return;
    const { calls, executor } = this.#parts;
    const { inputs, failures } = await this.#orFail(resource.urn, () => calls.check(resource, old));
    for (const { property, reason } of failures) {
      const where = property === "" ? "" : `property ${property} of `;
      executor.fail(`${where}resource '${resource.urn}' has a problem: ${reason}`, resource.urn);
    }
    if (failures.length > 0) throw new StepFailure();
    resource.inputs = inputs;
  }

  async #plan(
    resource: Resource,
    old: Resource | undefined,
    deleteBeforeReplace: boolean | undefined,
  ): Promise<Step[]> {
    if (old !== undefined && this.#madeRoom.has(old)) old.pendingReplacement = true;
    return this.#orFail(resource.urn, async () => {
      const verdict = await this.#verdict(resource, old, deleteBeforeReplace);
      const inTheWay = verdict.deleteBeforeReplace && old !== undefined ? await this.#inTheWayOf(old) : [];
      for (const dependent of inTheWay) this.#madeRoom.add(dependent);
      return planSteps(resource, old, verdict, inTheWay);
    });
  }

  async #verdict(
    resource: Resource,
    old: Resource | undefined,
    deleteBeforeReplace: boolean | undefined,
  ): Promise<Verdict> {
    if (old === undefined || old.pendingReplacement) return NO_CHANGES;
    if (!resource.custom || isProviderType(resource.type)) return componentVerdict(old, resource.inputs);
    const diff = await this.#parts.calls.diff(old, resource);
    return verdictOf(diff, { replaceOnChanges: resource.replaceOnChanges, deleteBeforeReplace });
  }

  /**
   * Dependents that cannot stay while `root` is gone: those that would themselves be replaced if what they got from it
   * changed. Last ones first.
   */
  async #inTheWayOf(root: Resource): Promise<Resource[]> {
    const gone = new Set([root.urn]);
    const inTheWay: Resource[] = [];
    for (const dependent of dependentsOf(root, [...this.#olds.values()])) {
      if (!dependent.custom || isProviderType(dependent.type) || this.#registered.has(dependent.urn)) continue;
      const affected = Object.entries(dependent.propertyDependencies).filter(([, urns]) =>
        urns.some((urn) => gone.has(urn)),
      );
      if (affected.length === 0) continue;
      const unknown = Object.fromEntries(affected.map(([key]) => [key, UNKNOWN]));
      const diff = await this.#parts.calls.diff(dependent, {
        ...dependent,
        inputs: { ...dependent.inputs, ...unknown },
      });
      if (diff.replaceKeys.length === 0) continue;
      gone.add(dependent.urn);
      inTheWay.unshift(dependent);
    }
    return inTheWay;
  }

  async #run(urn: string, steps: Step[]): Promise<void> {
    const counted = steps.find((step) => step.logical && step.new !== undefined);
    if (counted !== undefined) this.#registered.set(urn, counted);
    // A replacement leaves the old one to be deleted at the end, unless it had to make room at once.
    const madeRoom = new Set(steps.filter(({ op }) => op === "delete-replaced").map(({ old }) => old));
    for (const { op, old } of steps) {
      if (op === "create-replacement" && old?.pendingReplacement === false && !madeRoom.has(old))
        this.#kept.delete(old);
    }
    await this.#parts.executor.run(steps);
  }

  /** The `<urn>::<id>` of the provider that manages the resource; empty for components and providers. */
  async #providerOf(goal: Goal, urn: string): Promise<string> {
    if (!goal.custom || isProviderType(goal.type)) {
      this.#refuseUnknownProvider(goal, urn);
      return "";
    }
    if (goal.provider !== "") return this.#explicitProvider(goal.provider);
    return this.#defaultProvider(packageOf(goal.type), goal.version, goal.pluginDownloadUrl);
  }

  #refuseUnknownProvider(goal: Goal, urn: string): void {
    const name = packageOf(goal.type);
    if (!isProviderType(goal.type) || this.#parts.registry.has(name)) return;
    throw this.#parts.executor.fail(unknownPackage(name).message, urn);
  }

  /** In a preview the program knows no id of a provider that does not exist yet. */
  #explicitProvider(reference: string): string {
    const { urn, id } = parseProviderReference(reference);
    const known = this.#registered.get(urn)?.new;
    return known === undefined ? `${urn}::${id}` : `${urn}::${known.id}`;
  }

  #defaultProvider(packageName: string, version: string, downloadUrl: string): Promise<string> {
    const suffix = [version, downloadUrl]
      .filter((part) => part !== "")
      .map((part) => `_${part.replace(/[^A-Za-z0-9]/g, "_")}`);
    const name = `default${suffix.join("")}`;
    const key = `${packageName}/${name}`;
    const known = this.#defaultProviders.get(key);
    if (known !== undefined) return known;
    const internal = downloadUrl === "" ? {} : { pluginDownloadURL: downloadUrl };
    const properties: Properties =
      packageName === "pulumi"
        ? {}
        : { ...this.#parts.providerConfig(packageName), __internal: internal, ...(version === "" ? {} : { version }) };
    const made = this.register(providerGoal(PROVIDER_TYPE_PREFIX + packageName, name, properties)).then(
      (provider) => `${provider.urn}::${provider.id}`,
    );
    this.#defaultProviders.set(key, made);
    return made;
  }

  /** Tells the person about a failed check or diff once, as a failure of the resource. */
  async #orFail<T>(urn: string, work: () => Promise<T>): Promise<T> {
    try {
      return await work();
    } catch (error) {
      if (error instanceof StepFailure) throw error;
      throw this.#parts.executor.fail(messageOf(error), urn);
    }
  }
}

function providerGoal(type: string, name: string, properties: Properties): Goal {
  return {
    type,
    name,
    custom: true,
    parent: "",
    properties,
    protect: false,
    dependencies: [],
    propertyDependencies: {},
    provider: "",
    version: "",
    pluginDownloadUrl: "",
    deleteBeforeReplace: undefined,
    ignoreChanges: [],
    replaceOnChanges: [],
    additionalSecretOutputs: [],
    aliases: [],
    customTimeouts: undefined,
    retainOnDelete: false,
    deletedWith: "",
    sourcePosition: "",
    stackTrace: [],
  };
}
