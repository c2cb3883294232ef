import { afterAll, beforeAll, describe, expect, it } from "vitest";
import { z } from "zod";
import { bringUpStore, type SellableStore } from "../../automation-api/bring-up-store.ts";
import { loopbackFetch } from "../../automation-api/loopback-fetch.ts";
import { type Credentials, credentialsSchema } from "../../stores/outputs.ts";
import { parseSpec } from "../../stores/spec.ts";
import { askDatabase } from "../helpers/ask-database.ts";
import { kubectl, leftovers } from "../helpers/kubectl.ts";
import { type Machine, takeMachine } from "../helpers/machine.ts";
import { testStoreName } from "../helpers/names.ts";
import { operatorOf, runbookBlocks } from "../helpers/runbook.ts";

// What infra/RUNBOOKS.md says of a store that is restored, typed as it stands there, on a store that sells.

const [dump = "", , stop = "", restore = "", , start = ""] = runbookBlocks("A store is restored");

let machine: Machine;
let type: ReturnType<typeof operatorOf>;
let store: SellableStore;
const name = testStoreName("restored");
const spec = parseSpec({ name, engine: "medusa", plan: "standard" });
const inStore = (commands: string) => type(commands, { name });

beforeAll(async () => {
  machine = await takeMachine();
  type = operatorOf(machine, machine.folder);
  await up();
});
afterAll(async () => {
  await machine?.runner.destroy(name);
  expect(await leftovers(machine, name)).toEqual([]);
  await machine?.release();
});

async function up(): Promise<void> {
  store = await bringUpStore({ runner: machine.runner, request: loopbackFetch }, spec, machine.target);
}

async function readOwner(): Promise<Credentials> {
  return credentialsSchema.parse(await machine.runner.readSecretOutput(name, "credentials"));
}

/** What Medusa answers, in JSON. */
async function ask<T>(path: string, shape: z.ZodType<T>, init: Parameters<typeof loopbackFetch>[1] = {}): Promise<T> {
  const answer = await loopbackFetch(new URL(path, store.outputs.adminUrl), init);
  if (!answer.ok) throw new Error(`${path}: ${answer.status} ${await answer.text()}`);
  return shape.parse(await answer.json());
}

async function signIn(): Promise<{ authorization: string }> {
  const { adminUser, adminPassword } = await readOwner();
  const { token } = await ask("/auth/user/emailpass", z.object({ token: z.string() }), {
    method: "POST",
    headers: { "content-type": "application/json" },
    body: JSON.stringify({ email: adminUser, password: adminPassword }),
  });
  return { authorization: `Bearer ${token}` };
}

const ordersSchema = z.object({ orders: z.array(z.object({ id: z.string(), display_id: z.number() })) });
const uploadsSchema = z.object({ files: z.tuple([z.object({ url: z.string() })]) });

/** Orders as the owner finds them, oldest first. */
async function orders() {
  const found = await ask("/admin/orders?fields=id,display_id&order=display_id", ordersSchema, {
    headers: await signIn(),
  });
  return found.orders;
}

async function upload(content: string): Promise<string> {
  const part = 'Content-Disposition: form-data; name="files"; filename="terms.txt"\r\nContent-Type: text/plain';
  const headers = { ...(await signIn()), "content-type": "multipart/form-data; boundary=part" };
  const body = `--part\r\n${part}\r\n\r\n${content}\r\n--part--\r\n`;
  return (await ask("/admin/uploads", uploadsSchema, { method: "POST", headers, body })).files[0].url;
}

const read = async (path: string) => (await loopbackFetch(new URL(path, store.outputs.url))).text();
const replicas = () =>
  kubectl(
    machine,
    ...["get", "deployments", "--namespace", `store-${name}`, "--output"],
    "jsonpath={range .items[*]}{.metadata.name} {.spec.replicas} {.status.readyReplicas}{'\\n'}{end}",
  );

// One story: each test goes on where the one before it ended.
describe("a store that is restored by the runbook", () => {
  let sold: Awaited<ReturnType<typeof orders>>;
  let file: string;
  let before: string;

  it("is dumped while it sells", async () => {
    file = await upload("kept in the database");
    sold = await orders();
    before = await replicas();
    expect(sold).toHaveLength(1);

    await inStore(dump);
    // What comes after the backup cannot be in it.
    await up();
    expect(await orders()).toHaveLength(2);
  });

  it("has its data again when they are damaged", async () => {
    await askDatabase(machine, name, 'drop table "order" cascade; drop table storefleet.file');
    await expect(orders()).rejects.toThrow("500");

    for (const commands of [stop, restore, start]) await inStore(commands);

    expect(await orders()).toEqual(sold);
    expect(await read(file)).toBe("kept in the database");
    expect(await replicas()).toBe(before);
    await up();
    expect(store.changes).not.toHaveProperty("replace");
    expect(store.proof?.order).toBe("#2");
  });

  it("has them again when its namespace and its volume are gone, in a new store with other secrets", async () => {
    const { keys } = await readOwner();
    await machine.runner.destroy(name);
    expect(await leftovers(machine, name)).toEqual([]);
    await up();
    expect((await readOwner()).keys.publishableKey).not.toBe(keys.publishableKey);
    expect((await orders()).map(({ id }) => id)).not.toContain(sold[0]?.id);

    const begin = performance.now();
    for (const commands of [stop, restore, start]) await inStore(commands);
    process.stdout.write(`restored in ${((performance.now() - begin) / 1000).toFixed(1)} s\n`);

    expect(await orders()).toEqual(sold);
    expect(await read(file)).toBe("kept in the database");
    expect(await replicas()).toBe(before);
    // Looks at the storefront's API with the new key, buys, and finds the order as the owner.
    await up();
    expect(Object.keys(store.changes)).toEqual(["same"]);
    expect(store.proof?.order).toBe("#2");
    expect(await read("/")).toContain("Stoneware Mug");
  });
});
