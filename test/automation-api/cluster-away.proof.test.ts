import { readFileSync, writeFileSync } from "node:fs";
import { connect as dial } from "node:net";
import { join } from "node:path";
import { setTimeout as sleep } from "node:timers/promises";
import { afterAll, beforeAll, expect, it } from "vitest";
import { parse, stringify } from "yaml";
import { followOperations } from "../helpers/follow-operations.ts";
import { testStoreName } from "../helpers/names.ts";
import { NOTHING, type SmallFleet, startSmallFleet } from "../helpers/small-fleet.ts";
import { type TcpProxy, tcpProxy } from "../helpers/tcp-proxy.ts";

// The cluster's API behind a proxy that is slow, that breaks connections, that is silent: `npm run test:kill`.
const stores = 4;
/** How long each trouble lasts, and how long an operation may take in all, in seconds. */
const [lasting, patience] = [60, 420];

let proxy: TcpProxy;
let small: SmallFleet;

/** A kubeconfig as the machine's, but by way of the proxy. */
async function throughProxy(kubeconfig: string, folder: string): Promise<string> {
  const config = parse(readFileSync(kubeconfig, "utf8"));
  const [first] = config.clusters;
  const { hostname, port } = new URL(first.cluster.server);
  proxy = await tcpProxy(() => dial({ host: hostname, port: Number(port) }));
  first.cluster.server = `https://127.0.0.1:${proxy.port}`;
  const file = join(folder, "kubeconfig");
  writeFileSync(file, stringify(config), { mode: 0o600 });
  return file;
}

beforeAll(async () => {
  small = await startSmallFleet({
    leaseSeconds: 10,
    parts: { api: "api", worker: "worker" },
    kubeconfig: ({ cluster, folder }) => throughProxy(cluster.kubeconfig, folder),
  });
});
afterAll(async () => {
  await small?.stop();
  await proxy?.close();
});

const troubles: Readonly<Record<string, () => void>> = {
  "answers 5 seconds late": () => proxy.slow(5000),
  "resets 30 % of all connections": () => proxy.reset(0.3),
  "is silent": () => proxy.silence(),
};

it.each(Object.keys(troubles))(
  `ends every operation, or says what it needs, while the cluster %s for ${lasting} seconds`,
  async (trouble) => {
    const followed = followOperations(small.connection);
    const names = Array.from({ length: stores }, () => testStoreName("away"));
    const operations: string[] = [];
    const ask = async (request: (name: string) => Promise<string>, name: string) => {
      const id = await request(name);
      operations.push(id);
      return { name, row: await followed.end(id, patience) };
    };
    const begin = performance.now();
    const created = names.map((name) => ask(small.create, name));
    await sleep(3000);
    troubles[trouble]?.();
    const mending = sleep(lasting * 1000).then(() => proxy.mend());
    const first = await Promise.all(created);
    const seconds = (performance.now() - begin) / 1000;
    await mending;
    // Where the trouble was too much, a sentence says so, and the same again succeeds.
    const failed = first.filter(({ row }) => row?.status === "failed");
    for (const { row } of failed) expect(row?.reason).toMatch(/cluster|connection|answer|reach/i);
    expect(first.filter(({ row }) => row?.status !== "succeeded" && row?.status !== "failed")).toEqual([]);
    const again = failed.map(({ name }) =>
      ask(async () => {
        await small.session.post(`/stores/${name}/retry`);
        const newest = await small.connection.database
          .selectFrom("operations")
          .innerJoin("stores", "stores.id", "operations.storeId")
          .select("operations.id")
          .where("stores.name", "=", name)
          .orderBy("operations.queuedAt", "desc")
          .executeTakeFirstOrThrow();
        return newest.id;
      }, name),
    );
    const retried = await Promise.all(again);
    const removed = await Promise.all(names.map((name) => ask(small.remove, name)));
    await followed.stop();

    process.stdout.write(
      `the cluster ${trouble}: ${stores} creations ended within ${seconds.toFixed(0)} s, ${failed.length} failed: ${JSON.stringify([...new Set(failed.map(({ row }) => row?.reason))])}\n`,
    );
    for (const { row } of [...retried, ...removed]) expect(row).toMatchObject({ status: "succeeded" });
    await expect.poll(() => small.leftovers(names, operations), { timeout: 30_000, interval: 1000 }).toEqual(NOTHING);
  },
  1_800_000,
);
