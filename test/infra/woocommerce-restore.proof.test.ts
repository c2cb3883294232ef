import { afterAll, beforeAll, describe, expect, it } from "vitest";
import { z } from "zod";
import { bringUpStore, type SellableStore } from "../../automation-api/bring-up-store.ts";
import { loopbackFetch } from "../../automation-api/loopback-fetch.ts";
import { adminApi } from "../../stores/engines/woocommerce-rest.ts";
import { type Credentials, credentialsSchema } from "../../stores/outputs.ts";
import { parseSpec } from "../../stores/spec.ts";
import { kubectl, leftovers } from "../helpers/kubectl.ts";
import { type Machine, takeMachine } from "../helpers/machine.ts";
import { testStoreName } from "../helpers/names.ts";
import { operatorOf, runbookBlocks } from "../helpers/runbook.ts";
import { lookInto } from "../helpers/woocommerce-store.ts";
import { hasWooCommerce, noZip } from "../helpers/woocommerce-zip.ts";

// What infra/RUNBOOKS.md says of a store on WooCommerce that is restored, typed as it stands there: `npm run test:woocommerce`.

if (!hasWooCommerce()) console.warn(`skipped: ${noZip}`);

const [, dump = "", stop = "", , restore = "", start = "", files = ""] = runbookBlocks("A store is restored");

let machine: Machine;
let type: ReturnType<typeof operatorOf>;
let store: SellableStore;
const name = testStoreName("restored");
const spec = parseSpec({ name, engine: "woocommerce" });
const inStore = (commands: string) => type(commands, { name });

beforeAll(async () => {
  if (!hasWooCommerce()) return;
  machine = await takeMachine();
  type = operatorOf(machine, machine.folder);
  await up();
});
afterAll(async () => {
  if (machine === undefined) return;
  await machine.runner.destroy(name);
  expect(await leftovers(machine, name)).toEqual([]);
  await machine.release();
});

async function up(): Promise<void> {
  store = await bringUpStore({ runner: machine.runner, request: loopbackFetch }, spec, machine.target);
}

async function readOwner(): Promise<Credentials> {
  return credentialsSchema.parse(await machine.runner.readSecretOutput(name, "credentials"));
}

async function rest<T>(method: string, path: string, shape: z.ZodType<T>, body?: object): Promise<T> {
  const { consumerKey = "", consumerSecret = "" } = (await readOwner()).keys;
  const reach = { origin: store.outputs.url, request: loopbackFetch, signal: AbortSignal.timeout(60_000) };
  return (await adminApi(reach, consumerKey, consumerSecret)(method, path, shape, body)).body;
}

const orderSchema = z.object({ id: z.number(), total: z.string(), billing: z.object({ email: z.string() }) });
const orders = () => rest("GET", "/orders", z.array(orderSchema));
const order = (email: string) => rest("POST", "/orders", orderSchema, { status: "processing", billing: { email } });

/** Where WordPress sends whoever signs in; nobody is sent anywhere with a wrong password. */
async function signIn({ adminUser, adminPassword }: Credentials): Promise<string | null> {
  const headers = {
    "content-type": "application/x-www-form-urlencoded",
    cookie: "wordpress_test_cookie=WP%20Cookie%20check",
  };
  const body = new URLSearchParams({ log: adminUser, pwd: adminPassword, testcookie: "1" }).toString();
  const init = { method: "POST", redirect: "manual", headers, body } as const;
  return (await loopbackFetch(`${store.outputs.url}/wp-login.php`, init)).headers.get("location");
}

const uploaded = async () => (await loopbackFetch(`${store.outputs.url}/wp-content/uploads/terms.txt`)).text();
async function upload(text: string): Promise<void> {
  const write = `echo '${text}' > /usr/src/wordpress/wp-content/uploads/terms.txt`;
  await kubectl(machine, "exec", "--namespace", `store-${name}`, "deployment/wordpress", "--", "sh", "-c", write);
}

// One story: each test goes on where the one before it ended.
describe.skipIf(!hasWooCommerce())("a store on WooCommerce that is restored by the runbook", () => {
  let sold: Awaited<ReturnType<typeof orders>>;

  it("is dumped while it sells", async () => {
    await order("ada@example.com");
    await upload("kept on a volume");
    sold = await orders();
    expect(sold.map(({ billing }) => billing.email)).toEqual(["ada@example.com"]);

    await inStore(dump);
    // What comes after the backup cannot be in it.
    await order("late@example.com");
  });

  it("has its data again when they are damaged", async () => {
    await lookInto(machine, name).query("drop table wp_wc_orders, wp_options");

    for (const commands of [stop, restore, start, files]) await inStore(commands);

    expect(await orders()).toEqual(sold);
    await up();
    expect(store.proof).toBeDefined();
  });

  it("has them again when its namespace and its volumes are gone, in a new store with other secrets", async () => {
    const before = await readOwner();
    await machine.runner.destroy(name);
    expect(await leftovers(machine, name)).toEqual([]);
    await up();
    expect(await orders()).toEqual([]);

    const begin = performance.now();
    for (const commands of [stop, restore, start, files]) await inStore(commands);
    process.stdout.write(`restored in ${((performance.now() - begin) / 1000).toFixed(1)} s\n`);

    expect(await orders()).toEqual(sold);
    expect(await uploaded()).toBe("kept on a volume\n");
    expect(await signIn(await readOwner())).toContain("/wp-admin/");
    expect(await signIn(before)).toBeNull();
    await up();
    expect(Object.keys(store.changes)).toEqual(["same"]);
    expect(store.proof).toBeDefined();
  });
});
