import { afterAll, beforeAll, describe, expect, it } from "vitest";
import { bringUpStore, type SellableStore } from "../../automation-api/bring-up-store.ts";
import { loopbackFetch } from "../../automation-api/loopback-fetch.ts";
import { signedUrl } from "../../stores/engines/woocommerce-rest.ts";
import { credentialsSchema } from "../../stores/outputs.ts";
import { parseSpec } from "../../stores/spec.ts";
import { leftovers } from "../helpers/kubectl.ts";
import { type Machine, takeMachine } from "../helpers/machine.ts";
import { testStoreName } from "../helpers/names.ts";
import { lookInto } from "../helpers/woocommerce-store.ts";
import { hasWooCommerce, noZip } from "../helpers/woocommerce-zip.ts";

// What may change in the life of a WooCommerce store, and what may not.

if (!hasWooCommerce()) console.warn(`skipped: ${noZip}`);

let machine: Machine;
let shop: ReturnType<typeof lookInto>;
let store: SellableStore;
const name = testStoreName("woo");
const domain = `${name}-moved.localhost`;
const moved = { displayName: "Linden Books", domain, currency: "sek", country: "se" };

beforeAll(async () => {
  if (!hasWooCommerce()) return;
  machine = await takeMachine();
  shop = lookInto(machine, name);
});

afterAll(async () => {
  await machine?.runner.destroy(name);
  await machine?.release();
});

function up(settings: object): Promise<SellableStore> {
  const spec = parseSpec({ name, engine: "woocommerce", ...settings });
  return bringUpStore({ runner: machine.runner, request: loopbackFetch }, spec, machine.target);
}

async function page(path = "/"): Promise<string> {
  const answer = await loopbackFetch(`${store.outputs.url}${path}`, { signal: AbortSignal.timeout(10_000) });
  return answer.text();
}

const meta = (slug: string, key: string) =>
  shop.query(
    `select m.meta_value from wp_postmeta m join wp_posts p on p.ID = m.post_id where p.post_name = '${slug}' and m.meta_key = '${key}'`,
  );
const option = (key: string) => shop.query(`select option_value from wp_options where option_name = '${key}'`);

/** Everything that a set-up could have made twice or changed. */
const shape = () =>
  shop.query(
    "select (select count(*) from wp_posts), (select count(*) from wp_woocommerce_api_keys), (select count(*) from wp_woocommerce_shipping_zones), (select count(*) from wp_woocommerce_shipping_zone_methods), (select count(*) from wp_terms), (select count(*) from wp_users), (select md5(group_concat(option_name order by option_name)) from wp_options where option_name like 'woocommerce%')",
  );

// One story: each test goes on where the one before it ended.
describe.skipIf(!hasWooCommerce())("a store on WooCommerce", () => {
  it("sells as soon as it is made, and its proof leaves nothing behind", async () => {
    store = await up({ displayName: "Juniper & Co." });

    expect(store.proof?.order).toMatch(/^#\d+$/);
    expect(store.outputs.engineVersion).toMatch(/^\d+\.\d+\.\d+\+wordpress\.\d+\.\d+/);
    expect(await shop.query("select count(*) from wp_wc_orders where status <> 'wc-checkout-draft'")).toBe("0");
    expect(await shop.query("select count(*) from wp_comments where comment_type = 'order_note'")).toBe("0");
    expect(await meta("stoneware-mug", "_stock")).toBe("40");
  });

  it("changes nothing when it is set up again", async () => {
    const before = await shape();

    await shop.restart("wordpress");

    expect(await shape()).toBe(before);
    expect(await shop.setupLog()).toContain("nothing to do");
  });

  it("gives visitors nobody knows a page that was made before, and what has changed at once", async () => {
    const visit = async (headers: Record<string, string> = {}, path = "/") => {
      const answer = await loopbackFetch(`${store.outputs.url}${path}`, { headers });
      return { text: await answer.text(), kept: answer.headers.get("x-storefleet-page") };
    };
    await visit();

    expect((await visit()).kept).toBe("kept");
    expect((await visit({}, "/?orderby=price")).kept).toBeNull();
    expect((await visit({ cookie: "woocommerce_items_in_cart=1" })).kept).toBeNull();
    await visit({}, "/checkout/");
    expect((await visit({}, "/checkout/")).kept).toBeNull();

    const owner = credentialsSchema.parse(await machine.runner.readSecretOutput(name, "credentials"));
    const { consumerKey = "", consumerSecret = "" } = owner.keys;
    const id = await shop.query("select ID from wp_posts where post_name = 'stoneware-mug'");
    const api = `${store.outputs.url}/wp-json/wc/v3/products/${id}`;
    const url = signedUrl("PUT", api, { key: consumerKey, secret: consumerSecret });
    const headers = { "content-type": "application/json" };
    await loopbackFetch(url, { method: "PUT", headers, body: JSON.stringify({ name: "Mug of Clay" }) });
    const changed = await visit();
    expect(changed.text).toContain("Mug of Clay");
    expect(changed.kept).toBeNull();
  });

  it("moves to another name, address, currency and country, with its links, its prices and its shipping", async () => {
    const former = store.outputs.url;
    await shop.query(
      `update wp_posts set post_content = 'See ${former}/product/stoneware-mug/ and ${former}.example.' where post_name = 'refund_returns'`,
    );
    await shop.query("update wp_options set option_value = 'owner wish' where option_name = 'blogdescription'");
    const owned = "select post_id from wp_postmeta where meta_key = '_sku' and meta_value = 'wool-throw'";
    await shop.query(
      `update wp_postmeta set meta_value = '77' where meta_key = '_regular_price' and post_id in (select * from (${owned}) as throw)`,
    );
    const price = Number(await meta("stoneware-mug", "_regular_price"));

    store = await up(moved);

    expect(store.outputs.url).toBe(former.replace(`${name}.`, `${name}-moved.`));
    const front = await page();
    expect(front).toContain("Linden Books");
    expect(front).not.toContain(`${new URL(former).host}/`);
    expect(front.match(/href="([^"]+)"[^>]*>Shop</)?.[1]).toBe(store.outputs.url);
    expect(await shop.query("select post_content from wp_posts where post_name = 'refund_returns'")).toBe(
      `See ${store.outputs.url}/product/stoneware-mug/ and ${former}.example.`,
    );
    expect(await option("woocommerce_currency")).toBe("SEK");
    expect(Number(await meta("stoneware-mug", "_regular_price"))).toBe(price * 11);
    expect(await meta("wool-throw", "_regular_price")).toBe("77");
    expect(await option("woocommerce_default_country")).toBe("SE");
    const places = "select location_code from wp_woocommerce_shipping_zone_locations order by location_id limit 1";
    expect(await shop.query(places)).toBe("SE");
    expect(await option("blogdescription")).toBe("owner wish");
  });

  it("cannot become a store on another engine, nor one of another version, and nothing is touched", async () => {
    const versions = () =>
      shop.kubectl(
        "get",
        "secrets,networkpolicies,deployments",
        "--output",
        "jsonpath={.items[*].metadata.generation} {.items[*].data}",
      );
    const before = await versions();

    await expect(up({ ...moved, engine: "medusa" })).rejects.toThrow("cannot become one on Medusa");
    await expect(up({ ...moved, engineVersion: "10.0.0" })).rejects.toThrow("WooCommerce 10.0.0 cannot be had");

    expect(await versions()).toBe(before);
  });

  it("keeps what pages are made of in Redis on premium, and sells without Redis, too", async () => {
    store = await up({ ...moved, plan: "premium" });

    await page();
    const hitsBefore = Number(/keyspace_hits:(\d+)/.exec(await shop.redis("info", "stats"))?.[1]);
    expect(Number(await shop.redis("dbsize"))).toBeGreaterThan(50);
    // Nobody keeps the answer to a question.
    await page("/?orderby=price");
    expect(Number(/keyspace_hits:(\d+)/.exec(await shop.redis("info", "stats"))?.[1])).toBeGreaterThan(hitsBefore + 20);
    expect(await shop.redis("config", "get", "maxmemory-policy")).toContain("allkeys-lru");

    await shop.kubectl("scale", "deployment/redis", "--replicas=0");
    await shop.kubectl("wait", "pods", "--selector=app.kubernetes.io/component=redis", "--for=delete", "--timeout=60s");
    expect(await page("/product/stoneware-mug/")).toContain("Mug of Clay");
  });

  it("runs two servers on premium, which share what is uploaded; one where volumes cannot be shared, and says so", async () => {
    const isShared = machine.target.sharedStorageClass !== "";
    const servers = isShared ? 2 : 1;
    // The autoscaler looks every fifteen seconds.
    const ready = `--for=jsonpath={.status.readyReplicas}=${servers}`;
    await shop.kubectl("wait", "deployment/wordpress", ready, "--timeout=90s");
    const pods = await shop.pods("wordpress");
    const file = "/usr/src/wordpress/wp-content/uploads/shared.txt";

    await shop.kubectl("exec", pods[0] ?? "", "--container=wordpress", "--", "sh", "-c", `echo from one > ${file}`);

    expect(pods).toHaveLength(servers);
    for (const pod of pods) {
      expect(await shop.kubectl("exec", pod, "--container=wordpress", "--", "cat", file)).toBe("from one\n");
    }
    expect(store.outputs.notes ?? "").toMatch(isShared ? /^$/ : /^Runs one server instead of 2: /);
  });

  it("is seen by every server as it is, also when it was changed past the others", async () => {
    await shop.kubectl("scale", "deployment/redis", "--replicas=1");
    await shop.kubectl("rollout", "status", "deployment/redis", "--timeout=60s");

    store = await up({ ...moved, plan: "premium", displayName: "Oak & Elm" });

    expect(await page()).toContain("Oak &amp; Elm");
  });

  it("refuses a database that a newer version has changed", async () => {
    await shop.query("update wp_options set option_value = '99.0.0' where option_name = 'woocommerce_version'");

    await expect(up({ ...moved, plan: "premium", displayName: "Older" })).rejects.toThrow(
      "This store was run by WooCommerce 99.0.0 and cannot go back",
    );
  });

  it("ends without leaving anything behind", async () => {
    await machine.runner.destroy(name);

    expect(await leftovers(machine, name)).toEqual([]);
  });
});
