import type { Operation } from "../operation.ts";
import type { PropertyDiff } from "../provider.ts";
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
