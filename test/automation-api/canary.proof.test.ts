import { readdirSync, readFileSync } from "node:fs";
import { join } from "node:path";
import { setTimeout as sleep } from "node:timers/promises";
import { gunzipSync } from "node:zlib";
import { afterAll, beforeAll, expect, it } from "vitest";
import { followOperations } from "../helpers/follow-operations.ts";
import { kubectl } from "../helpers/kubectl.ts";
import { testStoreName } from "../helpers/names.ts";
import { type SmallFleet, startSmallFleet } from "../helpers/small-fleet.ts";
import { tracesOf } from "../helpers/traces-of.ts";
import { startKiller } from "./kill-matrix/killer.ts";
import { armPoints } from "./kill-matrix/points.ts";

// Passwords of stores that are made, fail, are killed and are deleted stand in the store's Secret, and encrypted in Pulumi's
// state, and nowhere else: `npm run test:canary`.
const stores = Number(process.env.STOREFLEET_TEST_CANARIES ?? 20);
const leaseSeconds = 4;
const patience = 900;

let small: SmallFleet;
beforeAll(async () => {
  small = await startSmallFleet({ leaseSeconds, environment: { STOREFLEET_LOG_LEVEL: "trace" } });
});
afterAll(() => small?.stop());

/** What was seen, by where. */
const places = new Map<string, string | Buffer>();
const add = (place: string, text: string) => places.set(place, `${places.get(place) ?? ""}\n${text}`);
const passwords = new Set<string>();
/** Secrets of stores, each as the cluster tells it. */
const known = new Map<string, string>();

interface KubeObject {
  readonly kind: string;
  readonly metadata: { readonly name: string; readonly namespace: string };
  readonly data?: Readonly<Record<string, string>>;
}

/** Looks at everything that the cluster holds of our stores. */
async function lookAtCluster(names: readonly string[]): Promise<void> {
  const kinds = "secrets,configmaps,events,resourcequotas,pods,serviceaccounts";
  const { items }: { items: KubeObject[] } = JSON.parse(await kubectl(small.machine, "get", kinds, "-A", "-o", "json"));
  for (const item of items) {
    const { name, namespace } = item.metadata;
    if (!names.some((store) => namespace === `store-${store}`)) continue;
    const place = `${item.kind} ${namespace}/${name}`;
    if (item.kind === "Secret" && name === "store-credentials") {
      known.set(place, JSON.stringify(item));
      const password = Buffer.from(item.data?.PASSWORD ?? "", "base64").toString();
      if (password !== "") passwords.add(password);
      continue;
    }
    add(place, JSON.stringify(item));
    const release = item.data?.release;
    if (release === undefined) continue;
    // Helm packs what it keeps, and encodes it twice.
    add(`${place}, unpacked`, gunzipSync(Buffer.from(Buffer.from(release, "base64").toString(), "base64")).toString());
  }
}

/** Command lines of all processes, and the environments of those that Pulumi was given. */
function lookAtProcesses(seen: Set<string>): void {
  for (const pid of readdirSync("/proc").filter((name) => /^\d+$/.test(name))) {
    for (const file of ["cmdline", "environ"]) {
      try {
        const text = readFileSync(`/proc/${pid}/${file}`, "utf8");
        if (file === "cmdline" || text.includes("STOREFLEET_OPERATION")) seen.add(text);
      } catch {
        // It has ended.
      }
    }
  }
}

function lookAtFiles(folder: string): void {
  for (const entry of readdirSync(folder, { recursive: true, withFileTypes: true })) {
    if (!entry.isFile()) continue;
    const file = join(entry.parentPath, entry.name);
    try {
      const held = readFileSync(file);
      places.set(`file ${file}`, Buffer.concat([Buffer.from(places.get(`file ${file}`) ?? ""), held]));
    } catch {
      // It was there for a moment only.
    }
  }
}

/** Everything that the API tells about stores, but their credentials. */
async function lookAtAnswers(names: readonly string[], operations: readonly string[]): Promise<void> {
  const paths = [
    ...["/stores?limit=100", "/overview", "/platform", "/platform/findings", "/audit/export?format=csv", "/settings"],
    ...names.flatMap((name) => [`/stores/${name}`, `/stores/${name}/operations`]),
    ...operations.flatMap((id) => [`/operations/${id}`, `/operations/${id}/events`]),
  ].map((path) => `/api/v1${path}`);
  for (const path of [...paths, "/metrics", "/readyz", "/openapi.json"]) {
    const { origin, cookie } = small.session;
    const answer = await fetch(`${origin}${path}`, { headers: { cookie } }).catch(() => undefined);
    if (answer !== undefined) add(`answer ${path}`, await answer.text().catch(() => ""));
  }
}

/** Every row of every table, those of the queue included. */
async function lookAtDatabase(): Promise<void> {
  const { pool } = small.connection;
  const { rows: tables } = await pool.query<{ name: string }>(
    `select format('%I.%I', schemaname, tablename) as name from pg_tables
      where schemaname not in ('pg_catalog', 'information_schema')`,
  );
  for (const { name } of tables) {
    const { rows } = await pool.query<{ row: string }>(`select t::text as row from ${name} t`);
    add(`table ${name}`, rows.map(({ row }) => row).join("\n"));
  }
}

it(`${stores} stores leave no trace of their passwords but in their Secrets`, async () => {
  // The program lets those fail whose name says so.
  const names = Array.from({ length: stores }, (_, index) => testStoreName(index % 5 === 0 ? "broken" : "canary"));
  const operations: string[] = [];
  const followed = followOperations(small.connection);
  const isOurs = (operation: string) => operations.includes(operation);
  const killer = startKiller({ fleet: small.fleet, budget: stores / 4, pause: 1500, nap: 6000, isOurs });
  const points = armPoints(small.faults, stores / 4);
  const seen = new Set<string>();
  let isOver = false;
  const looking = (async () => {
    while (!isOver) {
      for (let times = 0; times < 20; times += 1) {
        lookAtProcesses(seen);
        await sleep(50);
      }
      lookAtFiles(small.workFolders);
      await lookAtCluster(names);
    }
  })();
  async function live(name: string): Promise<(string | undefined)[]> {
    const ends: (string | undefined)[] = [];
    for (const ask of [small.create, small.remove]) {
      const id = await ask(name);
      operations.push(id);
      ends.push((await followed.end(id, patience))?.status);
      await lookAtAnswers([name], [id]);
    }
    return ends;
  }
  const ends = await Promise.all(names.map(live));
  await Promise.all([killer.stop(), points.stop(), followed.stop()]);
  isOver = true;
  await looking;
  await lookAtAnswers(names, operations);
  await lookAtDatabase();
  lookAtFiles(small.logs);
  places.set("processes", [...seen].join("\n"));

  process.stdout.write(
    `${passwords.size} passwords of ${known.size} Secrets looked for in ${places.size} places (${[...places.values()].reduce((sum, held) => sum + held.length, 0)} bytes, ${seen.size} command lines and environments); kills: ${JSON.stringify(killer.kills)}, ${points.hit.length} at named points\n`,
  );
  const broken = (name: string) => name.includes("broken");
  expect(ends).toEqual(names.map((name) => [broken(name) ? "failed" : "succeeded", "succeeded"]));
  expect(passwords.size).toBeGreaterThan(stores / 2);
  // Whoever looks in the right place finds them.
  expect(tracesOf(passwords, known).length).toBeGreaterThanOrEqual(passwords.size);
  expect(tracesOf(passwords, places)).toEqual([]);
}, 1_800_000);
