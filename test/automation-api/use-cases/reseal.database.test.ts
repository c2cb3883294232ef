import { afterAll, beforeAll, beforeEach, expect, it } from "vitest";
import { kubeconfigOf, sealerOf } from "../../../automation-api/clusters.ts";
import { allClusters, insertCluster } from "../../../automation-api/database/cluster-repository.ts";
import type { SealingKeys } from "../../../automation-api/sealer.ts";
import { resealKubeconfigs } from "../../../automation-api/use-cases/reseal.ts";
import { type MigratedDatabase, migratedDatabase } from "../../helpers/migrated-database.ts";

let database: MigratedDatabase;
beforeAll(async () => {
  database = await migratedDatabase();
});
afterAll(() => database.drop());
beforeEach(async () => {
  await database.connection.database.deleteFrom("clusters").execute();
});

const [old, next, lost] = ["old", "next", "lost"].map((name) => name.padEnd(40, ".")) as [string, string, string];
const sealer = (...keys: SealingKeys) => sealerOf(keys)!;

async function register(name: string, key: string): Promise<void> {
  const kubeconfig = sealer(key).seal(`the way to ${name}`, kubeconfigOf(name));
  const place = { server: "https://10.0.0.1:6443", context: "there", target: {}, description: "" };
  await insertCluster(database.connection.database, { name, kubeconfig, createdBy: "somebody", ...place });
}

const rows = () => allClusters(database.connection.database);

it("seals every kubeconfig with the first key, and changes nothing else of a cluster", async () => {
  for (const name of ["one", "two"]) await register(name, old);
  await register("three", next);
  const before = await rows();

  expect(await resealKubeconfigs(database.connection, sealer(next, old))).toEqual({ sealed: 3, unopened: [] });

  const after = await rows();
  for (const { name, kubeconfig } of after) {
    expect(sealer(next).open(kubeconfig, kubeconfigOf(name))).toBe(`the way to ${name}`);
  }
  const rest = (all: typeof before) => all.map(({ kubeconfig: _sealed, ...row }) => row);
  expect(rest(after)).toEqual(rest(before));
});

it("leaves what no key opens as it is, says which, and seals the others", async () => {
  await register("one", old);
  await register("gone", lost);
  const [before] = (await rows()).filter(({ name }) => name === "gone");

  expect(await resealKubeconfigs(database.connection, sealer(next, old))).toEqual({ sealed: 1, unopened: ["gone"] });
  expect((await rows()).filter(({ name }) => name === "gone")).toEqual([before]);
});

it("may be done while somebody registers and forgets clusters, and again", async () => {
  for (let index = 0; index < 10; index += 1) await register(`many-${index}`, old);

  const [first] = await Promise.all([
    resealKubeconfigs(database.connection, sealer(next, old)),
    register("late", next),
    database.connection.database.deleteFrom("clusters").where("name", "=", "many-9").execute(),
  ]);

  expect(first.unopened).toEqual([]);
  await resealKubeconfigs(database.connection, sealer(next));
  for (const { name, kubeconfig } of await rows()) {
    expect(sealer(next).open(kubeconfig, kubeconfigOf(name))).toBe(`the way to ${name}`);
  }
});
