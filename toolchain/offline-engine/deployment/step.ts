import type { EventState, Operation, StepMetadata } from "../events.ts";
import type { PropertyDiff } from "../provider.ts";
import { maskedSecrets, propertiesToJson } from "../value-json.ts";
import type { Resource } from "./resource.ts";

/** One thing to do to one resource. */
export interface Step {
  readonly op: Operation;
  readonly urn: string;
  readonly old: Resource | undefined;
  readonly new: Resource | undefined;
  /** Properties that force a replacement. */
  readonly keys: readonly string[];
  /** Top-level properties that differ. */
  readonly diffs: readonly string[];
  /** `undefined` when the provider was not asked or does not tell. */
  readonly detailedDiff: Readonly<Record<string, PropertyDiff>> | undefined;
  /** False for steps that are only half of what the person sees, such as the two halves of a replacement. */
  readonly logical: boolean;
  /** A deletion that makes room for a replacement: the state keeps the resource, marked, until that is there. */
  readonly pendingReplacement?: boolean;
}

type StepWish = Partial<Step> & Pick<Step, "op"> & ({ old: Resource } | { new: Resource });

export function makeStep(wish: StepWish): Step {
  return {
    urn: (wish.new ?? wish.old)?.urn ?? "",
    old: undefined,
    new: undefined,
    keys: [],
    diffs: [],
    detailedDiff: undefined,
    logical: true,
    ...wish,
  };
}

/** The resource after the step, or before it when the step removes it. */
export function subject(step: Step): Resource {
  const resource = step.new ?? step.old;
  if (resource === undefined) throw new Error(`step ${step.op} has neither an old nor a new resource`);
  return resource;
}

export function metadataOf(step: Step, op: Operation = step.op): StepMetadata {
  const { detailedDiff } = step;
  return {
    op,
    urn: step.urn,
    type: subject(step).type,
    old: step.old === undefined ? null : eventState(step.old),
    new: step.new === undefined ? null : eventState(step.new),
    ...(step.keys.length === 0 ? {} : { keys: [...step.keys] }),
    ...(step.diffs.length === 0 ? {} : { diffs: [...step.diffs] }),
    detailedDiff: detailedDiff === undefined ? null : eventDiff(detailedDiff),
    ...(step.logical ? { logical: true } : {}),
    provider: subject(step).provider,
  };
}

function eventDiff(diff: Readonly<Record<string, PropertyDiff>>): NonNullable<StepMetadata["detailedDiff"]> {
  return Object.fromEntries(
    Object.entries(diff).map(([path, { kind, inputDiff }]) => [path, { diffKind: kind, inputDiff }]),
  );
}

function eventState(resource: Resource): EventState {
  return {
    type: resource.type,
    urn: resource.urn,
    ...(resource.custom ? { custom: true } : {}),
    ...(resource.delete ? { delete: true } : {}),
    id: resource.id,
    parent: resource.parent,
    ...(resource.protect ? { protect: true } : {}),
    ...(resource.external ? { external: true } : {}),
    inputs: propertiesToJson(resource.inputs, maskedSecrets),
    outputs: propertiesToJson(resource.outputs, maskedSecrets),
    provider: resource.provider,
    ...(resource.initErrors.length === 0 ? {} : { initErrors: [...resource.initErrors] }),
  };
}
