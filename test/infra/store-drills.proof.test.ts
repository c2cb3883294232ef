import { join } from "node:path";
import { setTimeout as sleep } from "node:timers/promises";
import { afterAll, beforeAll, describe, expect, it, onTestFinished } from "vitest";
import { bringUpStore, type SellableStore } from "../../automation-api/bring-up-store.ts";
import { loopbackFetch } from "../../automation-api/loopback-fetch.ts";
import { credentialsSchema } from "../../stores/outputs.ts";
import { parseSpec } from "../../stores/spec.ts";
import { askDatabase } from "../helpers/ask-database.ts";
import { eventually } from "../helpers/daemon.ts";
import { runAndKill } from "../helpers/kill-run.ts";
import { kubectl, kubectlWith, leftovers } from "../helpers/kubectl.ts";
import { type Machine, takeMachine } from "../helpers/machine.ts";
import { testStoreName } from "../helpers/names.ts";
import { customer, rotate } from "../helpers/rotation.ts";
import { operatorOf, runbookBlocks, runbookCommand } from "../helpers/runbook.ts";
import { makeSmallDisk, type SmallDisk, smallDiskProblem } from "../helpers/small-disk.ts";

// What infra/RUNBOOKS.md says of a store that does not answer, whose volume is full, or whose new secrets were cut off: typed
// as it stands there, on a store whose database is on a small disk of its own.

if (smallDiskProblem !== undefined) process.stdout.write(`A store's runbooks are not tried: ${smallDiskProblem}.\n`);

let machine: Machine;
let type: ReturnType<typeof operatorOf>;
let disk: SmallDisk;
let store: SellableStore;
const name = testStoreName("drill");
const [namespace, words] = [`store-${name}`, { name, namespace: `store-${name}` }];
const spec = parseSpec({ name, engine: "medusa" });

beforeAll(async () => {
  if (smallDiskProblem !== undefined) return;
  machine = await takeMachine();
  type = operatorOf(machine, machine.folder);
  disk = makeSmallDisk(join(machine.folder, "disk"), 300);
  await makeVolume(join(machine.folder, "disk"));
  await up();
  await askDatabase(machine, name, "create table storefleet.told as select 42 as number");
});
afterAll(async () => {
  await machine?.runner.destroy(name);
  await kubectl(machine, "delete", "persistentvolume,storageclass", namespace, "--ignore-not-found");
  expect(await leftovers(machine, name)).toEqual([]);
  disk?.remove();
  await machine?.release();
});

/** The only volume of a class, both with the name of the store's namespace; who made the class says that its volumes can grow. */
async function makeVolume(path: string): Promise<void> {
  const node = await kubectl(machine, "get", "nodes", "--output", "jsonpath={.items[0].metadata.name}");
  const metadata = { name: namespace };
  const here = [{ key: "kubernetes.io/hostname", operator: "In", values: [node] }];
  const volume = {
    ...{ apiVersion: "v1", kind: "PersistentVolume", metadata },
    spec: {
      ...{ capacity: { storage: "2Gi" }, accessModes: ["ReadWriteOnce"], storageClassName: namespace, local: { path } },
      nodeAffinity: { required: { nodeSelectorTerms: [{ matchExpressions: here }] } },
    },
  };
  const group = { apiVersion: "storage.k8s.io/v1", kind: "StorageClass", provisioner: "kubernetes.io/no-provisioner" };
  await kubectlWith(machine, { ...group, metadata, allowVolumeExpansion: true }, "create");
  await kubectlWith(machine, volume, "create");
}

async function up(): Promise<void> {
  const target = { ...machine.target, storageClass: namespace };
  store = await bringUpStore({ runner: machine.runner, request: loopbackFetch }, spec, target);
}

/** Waits until the store sells; its stack is as it should be. */
async function sells(): Promise<void> {
  await up();
  expect(Object.keys(store.changes)).toEqual(["same"]);
  expect(store.proof?.order).toMatch(/^#\d+$/);
  expect(await askDatabase(machine, name, "select number from storefleet.told")).toBe("42");
}

/** Whether the store answers who looks at its products. */
async function shows(): Promise<boolean> {
  const { keys } = credentialsSchema.parse(await machine.runner.readSecretOutput(name, "credentials"));
  const headers = { "x-publishable-api-key": keys.publishableKey ?? "" };
  const signal = AbortSignal.timeout(10_000);
  const answer = loopbackFetch(new URL("/store/products", store.outputs.url), { headers, signal });
  return answer.then(
    ({ ok }) => ok,
    () => false,
  );
}

const asSuperuser = (...sql: string[]) => {
  const psql = ["psql", "--host=/tmp", "--username=postgres", "--dbname=medusa", "--no-psqlrc", "--tuples-only"];
  const commands = sql.flatMap((command) => ["--command", command]);
  return kubectl(machine, "exec", "--namespace", namespace, "postgres-0", "--", ...psql, ...commands);
};

// One story: each test goes on where the one before it ended.
describe.skipIf(smallDiskProblem !== undefined)("the runbooks of a store", () => {
  it("name a full volume when the database stops, and it goes on when there is room and its pod was deleted", async () => {
    const look = (pod: string) =>
      type(runbookCommand("A store does not answer", "--previous"), { ...words, pod }).catch(String);
    const writeAhead =
      "select pg_logical_emit_message(false, 'filler', repeat('x', 1000000)) from generate_series(1, 60)";
    onTestFinished(() => disk.free());
    await askDatabase(machine, name, "create table storefleet.last as select 1 as number");
    expect(await shows()).toBe(true);

    const why = await eventually(120, "a database that stops", async () => {
      // Who is signed in already needs no room to begin.
      const writing = asSuperuser("select pg_sleep(3)", writeAhead).catch(() => undefined);
      await sleep(2000);
      disk.fill();
      await writing;
      return (await look("postgres-0")).split("\n").find((line) => line.includes("No space left on device"));
    });
    process.stdout.write(`${why}\n`);
    const seen = await type(runbookCommand("A store does not answer", "get pods,events"), words);
    expect(seen).toMatch(/^pod\/postgres-0 .*(CrashLoopBackOff|Error|[1-9]\d* \()/m);
    expect(await shows()).toBe(false);

    disk.free();
    await type(runbookCommand("A disk is full", "delete pod postgres-0"), words);

    await sells();
    expect(await askDatabase(machine, name, "select number from storefleet.last")).toBe("1");
    expect(await type(runbookCommand("A disk is full", "df -h"), { ...words, pod: "postgres-0" })).toMatch(
      / \d+% +\/var\/lib\/postgresql\/data$/m,
    );
  });

  it("let any pod be deleted", async () => {
    await kubectl(machine, "delete", "pods", "--all", "--namespace", namespace);

    await sells();
  });

  it("name what keeps pods from starting, by the events of all namespaces", async () => {
    const image = "localhost/storefleet/nowhere:1";
    await kubectl(machine, "set", "image", "deployment/storefront", `storefront=${image}`, "--namespace", namespace);

    await eventually(60, "an event about the image", async () => {
      const events = await type(runbookCommand("Operations fail", "get events"));
      return events.split("\n").find((line) => line.startsWith(namespace) && line.includes(`"${image}"`));
    });

    await kubectl(machine, "rollout", "undo", "deployment/storefront", "--namespace", namespace);
    await sells();
  });

  it("make a claim larger than the store's plan, where its class can, and the store's stack leaves it so", async () => {
    const [larger = ""] = runbookBlocks("A volume fills");

    await type(larger, { ...words, claim: "postgres-data", more: "3" });

    const path = "jsonpath={.spec.resources.requests.storage}";
    const size = () => kubectl(machine, "get", "pvc/postgres-data", "--namespace", namespace, "--output", path);
    expect(await size()).toBe("3Gi");
    await sells();
    expect(await size()).toBe("3Gi");
  });

  it("let new secrets that were cut off be made again, while customers are there", async () => {
    const leave = customer([store.outputs.url]);
    for (const milliseconds of [1500, 5000]) {
      const killed = await runAndKill(name, () => rotateHere(0), { milliseconds, everything: true });
      process.stdout.write(`new secrets, killed after ${milliseconds} ms: ${killed}\n`);
      expect(killed).toBe(true);
    }

    const outcome = await rotateHere(0);

    expect(outcome).toMatchObject({ rotation: 1, text: expect.stringContaining("a test order (#") });
    expect(await leave()).toMatchObject({ lost: 0 });
  });

  it("let a store in again that has lost both logins", async () => {
    const shut = ["medusa", "medusa_2"].map((role) => `alter role ${role} nologin password null`);
    const leave = "select pg_terminate_backend(pid) from pg_stat_activity where usename like 'medusa%'";
    await asSuperuser(...shut, leave);
    await expect(askDatabase(machine, name, "select 1")).rejects.toThrow(
      /not permitted to log in|authentication failed/,
    );

    const [letIn = ""] = runbookBlocks("New secrets of a store were cut off");
    await type(letIn, words);

    await eventually(90, "a store that sells", async () => {
      const outcome = await rotateHere(1);
      return outcome.text.includes("a test order (#") || undefined;
    });
  });
});

function rotateHere(done: number) {
  return rotate({ ...machine, target: { ...machine.target, storageClass: namespace } }, spec, done);
}
