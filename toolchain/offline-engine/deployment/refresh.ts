import type { Operation } from "../operation.ts";
import { messageOf } from "../problem.ts";
import type { PropertyDiff } from "../provider.ts";
import { isProviderType } from "../urn.ts";
import { verdictOf } from "./planner.ts";
import type { Resource } from "./resource.ts";
import { timestamp } from "./resource.ts";
import { Slots } from "./slots.ts";
import { makeStep, type Step } from "./step.ts";
import { metadataOf } from "./step-events.ts";
import {
  type DeploymentInput,
  type DeploymentResult,
  deploy,
  makeWorkshop,
  sayFailed,
  type Workshop,
} from "./update.ts";

/** Reads every resource and makes the state what was found. The program is not run and nothing real is changed. */
export async function refresh(
  input: DeploymentInput,
  options: { clearPendingCreates: boolean },
): Promise<DeploymentResult> {
  const workshop = makeWorkshop(input);
  const { executor, registry, diagnostics, writer } = workshop;
  for (const { urn, id, inputs, type } of input.previous.resources) {
    if (isProviderType(type)) registry.add(urn, id, inputs);
  }
  return deploy(input, workshop, async () => {
    if (options.clearPendingCreates) writer?.clearPendingCreates();
    const slots = new Slots(input.parallel);
    const found = await Promise.allSettled(
      input.previous.resources.map((old) => slots.use(() => refreshOne(input, workshop, old))),
    );
    const problems = found.filter((result) => result.status === "rejected");
    for (const { reason } of problems) executor.fail(messageOf(reason));
    const read = found.map((result, index) =>
      result.status === "fulfilled" ? result.value : input.previous.resources[index],
    );
    writer?.replaceAll(withoutOrphans(read.filter((resource) => resource !== undefined)));
    sayFailed(input, executor, diagnostics);
  });
}

/** Answers what the resource is now, or undefined when it is gone. */
async function refreshOne(input: DeploymentInput, workshop: Workshop, old: Resource): Promise<Resource | undefined> {
  const { executor, calls } = workshop;
  if (input.signal.aborted) return old;
  const planning = input.preview ? ({ planning: true } as const) : {};
  const begun = makeStep({ op: "refresh", old, new: old, logical: false });
  input.events.emit({ resourcePreEvent: { metadata: metadataOf(begun), ...planning } }, begun);
  if (!old.custom || isProviderType(old.type) || old.external || old.delete || old.pendingReplacement) {
    executor.refreshed(begun, "same");
    return old;
  }
  try {
    const found = await calls.read(old, old.id);
    if (found === undefined) {
      executor.refreshed(makeStep({ op: "refresh", old, logical: false }), "delete");
      return undefined;
    }
    const { step, operation } = await compared(workshop, old, found);
    executor.refreshed(step, operation);
    return step.new;
  } catch (error) {
    executor.fail(messageOf(error), old.urn);
    return old;
  }
}

type Found = NonNullable<Awaited<ReturnType<Workshop["calls"]["read"]>>>;

async function compared(
  { calls }: Workshop,
  old: Resource,
  found: Found,
): Promise<{ step: Step; operation: Operation }> {
  const fresh: Resource = { ...old, ...found, initErrors: [] };
  // Providers tell what would bring a resource to given inputs, so this asks for the way back and turns it around.
  const wayBack = await calls.diff(fresh, old);
  const { changes, diffs, detailedDiff } = verdictOf(wayBack, { replaceOnChanges: [], deleteBeforeReplace: undefined });
  if (changes) fresh.modified = timestamp();
  const step = makeStep({
    op: "refresh",
    old,
    new: fresh,
    logical: false,
    diffs,
    detailedDiff: turnedAround(detailedDiff),
  });
  return { step, operation: changes ? "update" : "same" };
}

const OPPOSITES: Readonly<Record<PropertyDiff["kind"], PropertyDiff["kind"]>> = {
  add: "delete",
  "add-replace": "delete",
  delete: "add",
  "delete-replace": "add",
  update: "update",
  "update-replace": "update",
};

function turnedAround(diff: Step["detailedDiff"]): Step["detailedDiff"] {
  if (diff === undefined) return undefined;
  return Object.fromEntries(
    Object.entries(diff).map(([path, each]) => [path, { ...each, kind: OPPOSITES[each.kind] }]),
  );
}

/** Resources that are gone are no longer anybody's dependency. Inputs that depend on nothing are not kept either. */
function withoutOrphans(resources: readonly Resource[]): Resource[] {
  const there = new Set(resources.map(({ urn }) => urn));
  const kept = (urns: readonly string[]) => urns.filter((urn) => there.has(urn));
  return resources.map((resource) => {
    const dependencies = Object.entries(resource.propertyDependencies).map(([key, urns]) => [key, kept(urns)] as const);
    return {
      ...resource,
      dependencies: kept(resource.dependencies),
      propertyDependencies: Object.fromEntries(dependencies.filter(([, urns]) => urns.length > 0)),
      deletedWith: there.has(resource.deletedWith) ? resource.deletedWith : "",
    };
  });
}
