import { readFileSync, writeFileSync } from "node:fs";
import { connect as dial } from "node:net";
import { join } from "node:path";
import { setTimeout as sleep } from "node:timers/promises";
import { afterAll, beforeAll, expect, it } from "vitest";
import { parse, stringify } from "yaml";
import { z } from "zod";
import { type FollowedRow, followOperations } from "../helpers/follow-operations.ts";
import { testStoreName } from "../helpers/names.ts";
import { NOTHING, type SmallFleet, startSmallFleet } from "../helpers/small-fleet.ts";
import { type TcpProxy, tcpProxy } from "../helpers/tcp-proxy.ts";

// The cluster's API behind a proxy that is slow, that breaks connections, that is silent, that is not there, while stores are made
// and deleted: `npm run test:kill`.
/** How long each trouble lasts, how soon after it everything has ended, and how long an operation may take in all, in seconds. */
const [lasting, afterwards, patience] = [60, 120, 420];

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

interface Trouble {
  readonly begin: () => void;
  /** Whether nothing at all is heard of the cluster. */
  readonly isAway: boolean;
}

const troubles: Readonly<Record<string, Trouble>> = {
  "answers 5 seconds late": { begin: () => proxy.slow(5000), isAway: false },
  "resets 30 % of all connections": { begin: () => proxy.reset(0.3), isAway: false },
  "is silent": { begin: () => proxy.silence(), isAway: true },
  "refuses every connection": { begin: () => proxy.cut(), isAway: true },
};

const readiness = z.object({ parts: z.object({ cluster: z.string() }) });

/** Looks on as a dashboard does, and asks what is away; gives the slowest answer, in milliseconds. */
async function lookOn(isOver: () => boolean): Promise<{ slowest: number; sawAway: boolean }> {
  const { session } = small;
  const seen = { slowest: 0, sawAway: false };
  while (!isOver()) {
    const begin = performance.now();
    await session.get("/stores");
    seen.slowest = Math.max(seen.slowest, performance.now() - begin);
    const { parts } = readiness.parse(await (await fetch(`${session.origin}/readyz`)).json());
    seen.sawAway ||= parts.cluster === "away";
    await sleep(500);
  }
  return seen;
}

/** Asks for an operation and waits for its end. */
type Ask = (request: (name: string) => Promise<string>, name: string) => Promise<Ended>;
interface Ended {
  readonly name: string;
  readonly row: FollowedRow | undefined;
}

const someNames = (count: number) => Array.from({ length: count }, () => testStoreName("away"));

async function retry(name: string): Promise<string> {
  await small.session.post(`/stores/${name}/retry`);
  const newest = await small.connection.database
    .selectFrom("operations")
    .innerJoin("stores", "stores.id", "operations.storeId")
    .select("operations.id")
    .where("stores.name", "=", name)
    .orderBy("operations.queuedAt", "desc")
    .executeTakeFirstOrThrow();
  return newest.id;
}

/** Creations and deletions in whose midst the trouble begins; how they ended, and what was seen meanwhile. */
async function during({ begin }: Trouble, ask: Ask, names: readonly string[], old: readonly string[]) {
  const began = performance.now();
  const asked = [...names.map((name) => ask(small.create, name)), ...old.map((name) => ask(small.remove, name))];
  await sleep(3000);
  begin();
  let isMended = false;
  const mending = sleep(lasting * 1000).then(() => {
    isMended = true;
    proxy.mend();
  });
  const looking = lookOn(() => isMended);
  const ended = await Promise.all(asked);
  const seconds = (performance.now() - began) / 1000;
  await mending;
  return { ended, seconds, ...(await looking) };
}

it.each(Object.keys(troubles))(
  `ends every operation while the cluster %s for ${lasting} seconds, or says what it needs`,
  async (name) => {
    const trouble = troubles[name]!;
    const followed = followOperations(small.connection);
    const operations: string[] = [];
    const ask: Ask = async (request, store) => {
      const id = await request(store);
      operations.push(id);
      return { name: store, row: await followed.end(id, patience) };
    };
    const [names, old] = [someNames(4), someNames(2)];
    for (const { row } of await Promise.all(old.map((store) => ask(small.create, store)))) {
      expect(row).toMatchObject({ status: "succeeded" });
    }

    const { ended, seconds, slowest, sawAway } = await during(trouble, ask, names, old);

    const failed = ended.filter(({ row }) => row?.status === "failed");
    process.stdout.write(
      `the cluster ${name}: ${ended.length} operations ended within ${seconds.toFixed(0)} s, most attempts ${Math.max(...ended.map(({ row }) => row?.attempt ?? 0))}, ${failed.length} failed: ${JSON.stringify([...new Set(failed.map(({ row }) => row?.reason))])}; slowest answer meanwhile ${slowest.toFixed(0)} ms\n`,
    );
    // Each has ended, and soon after the trouble did.
    expect(ended.filter(({ row }) => row?.status !== "succeeded" && row?.status !== "failed")).toEqual([]);
    expect(seconds).toBeLessThan(3 + lasting + afterwards);
    // Where the trouble was too much, a sentence says so, and the same again succeeds.
    for (const { row } of failed) expect(row?.reason).toMatch(/cluster|connection|answer|reach/i);
    // No request waits for the cluster, not even as long as one answer of it is late, and whoever asks is told what is away.
    expect(slowest).toBeLessThan(5000);
    if (trouble.isAway) expect(sawAway).toBe(true);

    const again = await Promise.all(failed.map((store) => ask(retry, store.name)));
    const removed = await Promise.all(names.map((store) => ask(small.remove, store)));
    await followed.stop();
    for (const { row } of [...again, ...removed]) expect(row).toMatchObject({ status: "succeeded" });
    const all = [...names, ...old];
    await expect.poll(() => small.leftovers(all, operations), { timeout: 30_000, interval: 1000 }).toEqual(NOTHING);
  },
  1_800_000,
);
