import type { EventState, StepMetadata } from "../events.ts";
import type { Operation } from "../operation.ts";
import type { PropertyDiff } from "../provider.ts";
import { maskedSecrets, propertiesToJson } from "../value-json.ts";
import type { Resource } from "./resource.ts";
import { type Step, subject } from "./step.ts";

/** A step as events tell it, with its secrets masked. */
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
