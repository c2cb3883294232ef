import type { Browser, Page } from "playwright-core";
import { afterAll, beforeAll, describe, expect, it } from "vitest";
import { bringUpStore, type SellableStore } from "../../automation-api/bring-up-store.ts";
import { loopbackFetch } from "../../automation-api/loopback-fetch.ts";
import { namespaceOf } from "../../stores/names.ts";
import { type Credentials, credentialsSchema } from "../../stores/outputs.ts";
import { parseSpec } from "../../stores/spec.ts";
import { launchBrowser, viewports } from "../helpers/browser.ts";
import { kubectl, leftovers } from "../helpers/kubectl.ts";
import { type Machine, takeMachine } from "../helpers/machine.ts";
import { testStoreName } from "../helpers/names.ts";
import { buyMugAtWooCommerce, readOrdersAtWooCommerce } from "../helpers/woocommerce-purchase.ts";
import { hasWooCommerce, noZip } from "../helpers/woocommerce-zip.ts";

if (!hasWooCommerce()) console.warn(`skipped: ${noZip}`);

let machine: Machine;
let browser: Browser;
let page: Page;
let store: SellableStore;
let owner: Credentials;
const name = testStoreName("shop");
const namespace = namespaceOf(name);
const spec = (displayName: string) => parseSpec({ name, engine: "woocommerce", displayName });
const up = (displayName: string) =>
  bringUpStore({ runner: machine.runner, request: loopbackFetch }, spec(displayName), machine.target);

beforeAll(async () => {
  if (!hasWooCommerce()) return;
  machine = await takeMachine();
  browser = await launchBrowser(machine.context);
  page = await browser.newPage(viewports.desktop);
});

afterAll(async () => {
  await browser?.close();
  await machine?.runner.destroy(name);
  await machine?.release();
});

async function query(sql: string): Promise<string> {
  const client = ["mariadb", "--socket=/tmp/mariadb.sock", "--skip-column-names", "shop", "-e", sql];
  return (await kubectl(machine, "exec", "--namespace", namespace, "mariadb-0", "--", ...client)).trim();
}

const stockOfMug = () =>
  query(
    "select m.meta_value from wp_postmeta m join wp_posts p on p.ID = m.post_id where p.post_name = 'stoneware-mug' and m.meta_key = '_stock'",
  );

/** Everything that a set-up could have made twice or changed. */
const shape = () =>
  query(
    "select (select count(*) from wp_posts), (select count(*) from wp_woocommerce_api_keys), (select count(*) from wp_woocommerce_shipping_zones), (select count(*) from wp_woocommerce_shipping_zone_methods), (select count(*) from wp_terms), (select count(*) from wp_users), (select md5(group_concat(option_name order by option_name)) from wp_options where option_name like 'woocommerce%')",
  );

// One story: each test goes on where the one before it ended.
describe.skipIf(!hasWooCommerce())("a store on WooCommerce", () => {
  it("sells as soon as it is made, and its proof leaves nothing behind", async () => {
    store = await up("Juniper & Co.");
    owner = credentialsSchema.parse(await machine.runner.readSecretOutput(name, "credentials"));

    expect(store.proof?.order).toMatch(/^#\d+$/);
    expect(await query("select count(*) from wp_wc_orders where status <> 'wc-checkout-draft'")).toBe("0");
    expect(await query("select count(*) from wp_comments where comment_type = 'order_note'")).toBe("0");
    expect(await stockOfMug()).toBe("40");
  });

  it("sells to a customer in a browser, and shows the order to its owner", async () => {
    const number = await buyMugAtWooCommerce(page, store.outputs.url, "ada@example.com");

    expect(number).toMatch(/^\d+$/);
    expect(await stockOfMug()).toBe("39");
    expect(await readOrdersAtWooCommerce(page, store.outputs.adminUrl, owner)).toContain(`#${number} Ada Lovelace`);
  });

  it("changes nothing when it is set up again", async () => {
    const before = await shape();
    await kubectl(
      machine,
      "delete",
      "--namespace",
      namespace,
      "pods",
      "--selector=app.kubernetes.io/component=wordpress",
    );
    await kubectl(machine, "rollout", "status", "--namespace", namespace, "deployment/wordpress", "--timeout=90s");

    expect(await shape()).toBe(before);
    const logs = await kubectl(machine, "logs", "--namespace", namespace, "deployment/wordpress", "--container=setup");
    expect(logs).toContain("nothing to do");
  });

  it("takes a new name, and sets nothing else back", async () => {
    await query("update wp_options set option_value = 'owner wish' where option_name = 'blogdescription'");

    await up("Linden Books");

    const answer = await loopbackFetch(store.outputs.url, { signal: AbortSignal.timeout(10_000) });
    expect(await answer.text()).toContain("Linden Books");
    expect(await query("select option_value from wp_options where option_name = 'blogdescription'")).toBe("owner wish");
  });

  it("refuses to go back to an older version, in a sentence", async () => {
    await query("update wp_options set option_value = '99.0.0' where option_name = 'woocommerce_version'");

    await expect(up("Older")).rejects.toThrow("This store was run by WooCommerce 99.0.0 and cannot go back");
  });

  it("ends without leaving anything behind", async () => {
    await machine.runner.destroy(name);

    expect(await leftovers(machine, name)).toEqual([]);
  });
});
