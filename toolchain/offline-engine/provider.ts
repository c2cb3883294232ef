import type { Properties } from "./values.ts";

/** What every call to a provider carries. */
export interface Call {
  urn: string;
  /** Type token of the resource, for example `random:index/randomPet:RandomPet`. */
  type: string;
  /** The name the program gave the resource (not the name of the object in the cluster). */
  name: string;
  /** Aborted when the person interrupts the update: stop waiting, leave things as they are, and throw. */
  signal: AbortSignal;
  /** Tells the person something about this resource. Ephemeral messages are progress and are not kept. */
  log(severity: "debug" | "info" | "warning" | "error", message: string, ephemeral?: boolean): void;
}

/** One difference found by {@link Provider.diff}, keyed by property path as in `spec.hard.pods` or `ports[0].port`. */
export interface PropertyDiff {
  kind: "add" | "add-replace" | "delete" | "delete-replace" | "update" | "update-replace";
  /** True when the paths compare old inputs with new inputs; false when old outputs with new inputs. */
  inputDiff: boolean;
}

export interface CheckResult {
  /** The inputs with the provider's defaults filled in; these are what the state keeps. */
  inputs: Properties;
  failures: { property: string; reason: string }[];
}

export interface DiffResult {
  changes: boolean;
  /** Properties whose change cannot be made in place. Not empty means replace. */
  replaceKeys: string[];
  /** True when the old object has to go before the new one can be made, for example because they share a name. */
  deleteBeforeReplace: boolean;
  detailedDiff: Record<string, PropertyDiff>;
}

/**
 * Manages the real objects behind the resources of one package. The engine hands it plain values (secrets are
 * unwrapped before a call and wrapped again after it); unknowns occur only in previews.
 */
export interface Provider {
  readonly packageName: string;
  /** Called once with the provider resource's inputs before anything else. */
  configure(inputs: Properties): Promise<void>;
  supports(type: string): boolean;
  /** Output properties that are always secret. */
  secretOutputs(type: string): readonly string[];
  check(call: Call & { olds: Properties | undefined; news: Properties; preview: boolean }): Promise<CheckResult>;
  diff(
    call: Call & {
      id: string;
      oldInputs: Properties;
      oldOutputs: Properties;
      newInputs: Properties;
      ignoreChanges: readonly string[];
    },
  ): Promise<DiffResult>;
  /** Throws {@link PartialFailure} when the object exists afterwards but is not well. */
  create(
    call: Call & { inputs: Properties; preview: boolean; timeoutSeconds: number | undefined },
  ): Promise<{ id: string; outputs: Properties }>;
  /** Answers `undefined` when the object is gone. */
  read(
    call: Call & { id: string; inputs: Properties | undefined; outputs: Properties | undefined },
  ): Promise<{ id: string; inputs: Properties; outputs: Properties } | undefined>;
  /** Throws {@link PartialFailure} when the object was changed but is not well. */
  update(
    call: Call & {
      id: string;
      oldInputs: Properties;
      oldOutputs: Properties;
      newInputs: Properties;
      preview: boolean;
      timeoutSeconds: number | undefined;
    },
  ): Promise<{ outputs: Properties }>;
  /** Succeeds when the object is already gone. */
  remove(
    call: Call & { id: string; inputs: Properties; outputs: Properties; timeoutSeconds: number | undefined },
  ): Promise<void>;
}

/** The object exists but did not become what was asked for; the state keeps it and the step fails. */
export class PartialFailure extends Error {
  readonly id: string;
  readonly outputs: Properties;
  /** One sentence per reason, shown to the person and kept in the state until an update succeeds. */
  readonly reasons: readonly string[];

  constructor(failure: { id: string; outputs: Properties; message: string; reasons?: readonly string[] }) {
    super(failure.message);
    this.name = "PartialFailure";
    this.id = failure.id;
    this.outputs = failure.outputs;
    this.reasons = failure.reasons ?? [failure.message];
  }
}
