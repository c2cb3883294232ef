import { expect, it } from "vitest";
import { compare, WATCHED_KINDS } from "../../../automation-api/domain/reconcile.ts";
import { ENGINES } from "../../../stores/spec.ts";
import { type ProgramRun, runStoreProgram } from "../../helpers/store-program.ts";

// The comparison looks for what the store program makes, by the names that it has in the cluster.

/** Objects whose absence is to be seen, as the cluster names them. */
function removable({ resources }: ProgramRun): string[] {
  return resources.flatMap(({ type, plain }) => {
    const kind = WATCHED_KINDS.find((watched) => type.endsWith(`:${watched}`));
    const { name } = (plain.metadata ?? {}) as { name?: string };
    return kind === undefined ? [] : [`${kind} store-shop1/${name}`];
  });
}

/** What is found where the cluster holds these objects of the store and no others. */
function found({ resources }: ProgramRun, objects: readonly string[]): string[] {
  const known = resources.map(({ type, name }) => ({ urn: name, type, name, dependencies: [] }));
  const stores = [{ name: "shop1", status: "ready", isBusy: false, resources: known } as const];
  const world = {
    namespaces: [{ name: "store-shop1", isTerminating: false }],
    objects: new Set(objects),
    releases: [{ namespace: "store-shop1", status: "deployed" }],
    volumes: [],
    stacks: ["shop1"],
  };
  return compare({ stores, deleted: new Set() }, world).findings.map(({ subject }) => subject);
}

it.each(ENGINES)("sees the removal of every quota, limit, Secret and policy of a store on %s", async (engine) => {
  const run = await runStoreProgram("shop1", { engine, registryLogin: '{"auths":{}}' });
  const objects = removable(run);

  expect(objects).toEqual(
    expect.arrayContaining(["ResourceQuota store-shop1/quota", "Secret store-shop1/store-credentials"]),
  );
  expect(found(run, objects)).toEqual([]);
  expect(
    objects.flatMap((gone) =>
      found(
        run,
        objects.filter((object) => object !== gone),
      ),
    ),
  ).toEqual(objects);
});
