import { afterAll, beforeAll, describe, expect, it } from "vitest";
import { bringUpStore, type SellableStore } from "../../automation-api/bring-up-store.ts";
import { loopbackFetch } from "../../automation-api/loopback-fetch.ts";
import { signedUrl } from "../../stores/engines/woocommerce-rest.ts";
import { type Credentials, credentialsSchema } from "../../stores/outputs.ts";
import { parseSpec } from "../../stores/spec.ts";
import { type Machine, takeMachine } from "../helpers/machine.ts";
import { testStoreName } from "../helpers/names.ts";
import { customer, rotate } from "../helpers/rotation.ts";
import { lookInto } from "../helpers/woocommerce-store.ts";
import { hasWooCommerce, noZip } from "../helpers/woocommerce-zip.ts";

// A WooCommerce store gets new secrets while customers are there: `npm run test:woocommerce`.

if (!hasWooCommerce()) console.warn(`skipped: ${noZip}`);

let machine: Machine;
let store: SellableStore;
const name = testStoreName("turn");
const spec = parseSpec({ name, engine: "woocommerce", plan: "basic" });
const owners: Credentials[] = [];

async function readOwner(): Promise<Credentials> {
  return credentialsSchema.parse(await machine.runner.readSecretOutput(name, "credentials"));
}

beforeAll(async () => {
  if (!hasWooCommerce()) return;
  machine = await takeMachine();
  store = await bringUpStore({ runner: machine.runner, request: loopbackFetch }, spec, machine.target);
  owners.push(await readOwner());
});
afterAll(async () => {
  await machine?.runner.destroy(name);
  await machine?.release();
});

/** Where WordPress sends whoever signs in; nobody is sent anywhere with a wrong password. */
async function signIn({ adminUser, adminPassword }: Credentials): Promise<string | null> {
  const answer = await loopbackFetch(`${store.outputs.url}/wp-login.php`, {
    method: "POST",
    redirect: "manual",
    headers: {
      "content-type": "application/x-www-form-urlencoded",
      cookie: "wordpress_test_cookie=WP%20Cookie%20check",
    },
    body: new URLSearchParams({ log: adminUser, pwd: adminPassword, testcookie: "1" }).toString(),
  });
  return answer.headers.get("location");
}

async function askApi({ keys: { consumerKey = "", consumerSecret = "" } }: Credentials): Promise<number> {
  const url = `${store.outputs.url}/wp-json/wc/v3/orders`;
  return (await loopbackFetch(signedUrl("GET", url, { key: consumerKey, secret: consumerSecret }))).status;
}

/** Which logins the store's database takes. */
async function openLogins(): Promise<string[]> {
  const isOpen = "coalesce(json_value(priv, '$.account_locked'), 0) = 0";
  const logins = `select user from mysql.global_priv where host = '%' and ${isOpen} order by user`;
  return (await lookInto(machine, name).query(logins)).split("\n");
}

describe.skipIf(!hasWooCommerce())("new secrets for a store on WooCommerce", () => {
  it.each([0, 1])("are made while it sells, after %i times before", async (done) => {
    expect(await openLogins()).toEqual([["shop", "shop_2"][done % 2]]);
    const end = customer([store.outputs.url, `${store.outputs.url}/wp-json/wc/store/v1/products?per_page=1`]);

    const outcome = await rotate(machine, spec, done);

    const { sent, lost } = await end();
    process.stdout.write(`${lost} of ${sent} requests lost\n`);
    expect(outcome).toMatchObject({ rotation: done + 1, text: expect.stringContaining("a test order (#") });
    expect(sent).toBeGreaterThan(50);
    expect(lost).toBe(0);
    expect(await openLogins()).toEqual([["shop_2", "shop"][done % 2]]);
    owners.push(await readOwner());
  });

  it("let the owner in, in the browser and by the API, and the ones before no longer", async () => {
    const [, before, after] = owners;

    expect(await signIn(after!)).toContain("/wp-admin/");
    expect(await signIn(before!)).toBeNull();
    expect(await askApi(after!)).toBe(200);
    expect(await askApi(before!)).toBe(401);
  });
});
