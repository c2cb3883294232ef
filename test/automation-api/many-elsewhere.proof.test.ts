import { copyFileSync, readFileSync, rmSync } from "node:fs";
import { join } from "node:path";
import { pino } from "pino";
import { afterAll, beforeAll, describe, expect, it } from "vitest";
import { type ApiServer, connectBy, connectToCluster } from "../../automation-api/cluster/api-server.ts";
import { accessOfContent } from "../../automation-api/cluster/kubeconfig.ts";
import { readWorld } from "../../automation-api/cluster/read-world.ts";
import { storeListSchema } from "../../automation-api/contract/store.ts";
import { listStacks } from "../../automation-api/list-stacks.ts";
import { nowhereElse } from "../../automation-api/worker/elsewhere.ts";
import { reconcile } from "../../automation-api/worker/reconcile.ts";
import { namespaceOf } from "../../stores/names.ts";
import { followOperations } from "../helpers/follow-operations.ts";
import { kubectl } from "../helpers/kubectl.ts";
import { testStoreName } from "../helpers/names.ts";
import { proofTool } from "../helpers/proof-tool.ts";
import { type SecondCluster, startSecondCluster } from "../helpers/second-cluster.ts";
import { type SmallFleet, startFleetForClusters } from "../helpers/small-fleet.ts";

// What a round of comparing, and the API, cost when 1,000 stores are in a registered cluster. One of them is made; the others are
// told by records, stacks and objects like its own.

const STORES = 1000;
/** Requests to the API server under way at once. */
const AT_ONCE = 20;
const SECOND = "second";
const kwok = await proofTool("kwok");

/** Stores like that of the name `model`, as records, each with the operation that made it. */
const INSERT = `with model as (select * from stores where name = $1), made as (
    insert into stores (id, organization_id, name, spec, status, outputs, resources, cluster)
    select gen_random_uuid(), organization_id, n, jsonb_set(spec, '{name}', to_jsonb(n)), status, outputs, resources, cluster
    from model, unnest($2::text[]) n returning id, created_at
  )
  insert into operations (id, store_id, kind, status, attempt, asked_by, queued_at, started_at, finished_at, progress)
  select gen_random_uuid(), id, 'create', 'succeeded', 1, 'proof', created_at, created_at, created_at,
    '{"fraction":1,"steps":[]}' from made`;

/** What the cluster holds of a store, in the order in which it is made; each with the path where that is done. */
function objectsLike(store: string): [string, object][] {
  const [namespace, own] = [namespaceOf(store), { "app.kubernetes.io/managed-by": "storefleet" }];
  const labels = { ...own, "storefleet.dev/store": store };
  const release = { owner: "helm", name: "store", version: "1", status: "deployed" };
  const within = `/api/v1/namespaces/${namespace}`;
  const policies = `/apis/networking.k8s.io/v1/namespaces/${namespace}/networkpolicies`;
  return [
    ["/api/v1/namespaces", { metadata: { name: namespace, labels } }],
    [`${within}/resourcequotas`, { metadata: { name: "quota", labels }, spec: { hard: { pods: "10" } } }],
    [policies, { metadata: { name: "denial", labels }, spec: { podSelector: {} } }],
    [`${within}/secrets`, { metadata: { name: "store-credentials", labels } }],
    [`${within}/secrets`, { metadata: { name: "sh.helm.release.v1.store.v1", labels: release } }],
  ];
}

async function makeObjects(server: ApiServer, stores: readonly string[]): Promise<void> {
  const waiting = stores.map(objectsLike);
  const work = async () => {
    for (let objects = waiting.pop(); objects !== undefined; objects = waiting.pop()) {
      for (const [path, object] of objects) await server.post(path, object, AbortSignal.timeout(30_000));
    }
  };
  await Promise.all(Array.from({ length: AT_ONCE }, work));
}

describe.skipIf(kwok === undefined)(`${STORES} stores in a second cluster`, () => {
  const model = testStoreName("many");
  const names = Array.from({ length: STORES - 1 }, (_, index) => `many-${index}`);
  let small: SmallFleet;
  let second: SecondCluster;
  let server: ApiServer;
  let home: ApiServer;

  const stackOf = (name: string) => {
    const root = new URL(small.machine.pulumi.environment.PULUMI_BACKEND_URL ?? "").pathname;
    return join(root, ".pulumi", "stacks", "stores", `${name}.json`);
  };

  async function succeeds(asked: Promise<string>): Promise<void> {
    const followed = followOperations(small.connection);
    expect(await followed.end(await asked, 180)).toMatchObject({ status: "succeeded", reason: null });
    await followed.stop();
  }

  beforeAll(async () => {
    small = await startFleetForClusters();
    second = await startSecondCluster(small.machine, kwok!);
    const { kubeconfig } = second;
    server = connectBy(accessOfContent(kubeconfig, second.place.cluster.context));
    home = await connectToCluster(small.machine.cluster);
    await small.session.post("/platform/clusters", { name: SECOND, kubeconfig });
    await succeeds(small.create(model, SECOND));
    await makeObjects(server, names);
    await small.connection.pool.query(INSERT, [model, names]);
    for (const name of names) copyFileSync(stackOf(model), stackOf(name));
  });

  afterAll(async () => {
    for (const name of names) rmSync(stackOf(name), { force: true });
    server?.close();
    home?.close();
    try {
      await succeeds(small.remove(model));
      await small.stop();
    } finally {
      await second?.stop();
    }
  });

  /** One round, as a worker does it; how long it took, in milliseconds, and what does not agree in the second cluster. */
  async function compared(): Promise<{ took: number; found: string[] }> {
    const { machine, connection, workFolders } = small;
    const { root, environment } = machine.pulumi;
    let looked = 0;
    const begin = performance.now();
    await reconcile({
      connection,
      readWorld: (cluster) => {
        looked += 1;
        return readWorld(cluster === SECOND ? server : home);
      },
      listStacks: () => {
        const inherited = { ...process.env, ...environment };
        return listStacks({ pulumiRoot: root, project: "stores", workFolders, environment: inherited });
      },
      runner: { destroy: () => Promise.reject(new Error("nothing should be removed")) },
      elsewhere: nowhereElse,
      ...{ workerId: crypto.randomUUID(), leaseSeconds: 30, patience: 600 },
      logger: pino({ level: "silent" }),
    });
    const took = performance.now() - begin;
    expect(looked).toBe(2);
    const open = connection.database.selectFrom("findings").select("subject").where("resolvedAt", "is", null);
    return { took, found: (await open.where("cluster", "=", SECOND).execute()).map(({ subject }) => subject) };
  }

  it("are compared in a round of 30 seconds at most, which finds the one object that is gone", async () => {
    await kubectl(second.place, "delete", "resourcequota", "quota", "--namespace", namespaceOf("many-7"));

    const { took, found } = await compared();

    process.stdout.write(`a round that compares ${STORES} stores elsewhere takes ${(took / 1000).toFixed(1)} s\n`);
    expect(found).toEqual([expect.stringContaining("store-many-7/quota")]);
    expect(took).toBeLessThan(30_000);
  });

  it("leave the API below 400 MB when all of them are listed, page by page", async () => {
    let listed = 0;
    for (let round = 0; round < 5; round += 1) {
      for (let next: string | undefined = ""; next !== undefined; ) {
        const cursor: string = next === "" ? "" : `&cursor=${encodeURIComponent(next)}`;
        const page = storeListSchema.parse(await small.session.get(`/stores?limit=100${cursor}`));
        listed += page.items.filter(({ cluster }) => cluster === SECOND).length;
        next = page.nextCursor;
      }
    }
    const status = readFileSync(`/proc/${small.fleet.pidOf("api")}/status`, "utf8");
    const megabytes = Number(/^VmRSS:\s+(\d+)/m.exec(status)?.[1]) / 1024;

    process.stdout.write(`the API with ${STORES} stores elsewhere takes ${megabytes.toFixed(0)} MB\n`);
    expect(listed).toBe(5 * STORES);
    expect(megabytes).toBeLessThan(400);
  });
});
