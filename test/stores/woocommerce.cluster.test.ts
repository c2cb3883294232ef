import { afterAll, beforeAll, describe, expect, it } from "vitest";
import { bringUpStore } from "../../automation-api/bring-up-store.ts";
import { loopbackFetch } from "../../automation-api/loopback-fetch.ts";
import { parseSpec } from "../../stores/spec.ts";
import { leftovers } from "../helpers/kubectl.ts";
import { type Machine, takeMachine } from "../helpers/machine.ts";
import { testStoreName } from "../helpers/names.ts";
import { lookInto } from "../helpers/woocommerce-store.ts";
import { hasWooCommerce, noZip } from "../helpers/woocommerce-zip.ts";

// Without the plugin everything up to its activation is real: WordPress, MariaDB, the walls around them and the set-up.

const isWithout = !hasWooCommerce();
if (!isWithout) console.warn("skipped: a WooCommerce zip is there, so no store lacks it");

let machine: Machine;
let shop: ReturnType<typeof lookInto>;
const name = testStoreName("woo");
const spec = parseSpec({ name, engine: "woocommerce", plan: "standard", displayName: "Juniper & Co. $(X)" });

beforeAll(async () => {
  if (!isWithout) return;
  machine = await takeMachine();
  shop = lookInto(machine, name);
});

afterAll(async () => {
  await machine?.runner.destroy(name);
  await machine?.release();
});

const up = () => bringUpStore({ runner: machine.runner, request: loopbackFetch }, spec, machine.target);

// One story: each test goes on where the one before it ended.
describe.skipIf(!isWithout)("a store on WooCommerce without WooCommerce", () => {
  it("fails within two minutes, with a sentence that says what it lacks", async () => {
    const begin = performance.now();

    await expect(up()).rejects.toThrow(noZip);

    expect((performance.now() - begin) / 1000).toBeLessThan(120);
  });

  it("has installed WordPress for its owner, under the name that customers read", async () => {
    const found =
      "select option_value, user_login, user_email from wp_users, wp_options where option_name = 'blogname'";
    expect(await shop.query(found)).toBe("Juniper &amp; Co. $(X)\tadmin\tadmin@example.com");
  });

  it("refuses in its own words, and is asked again by Kubernetes without doing anything twice", async () => {
    // Kubernetes begins the set-up again and again; one that has just begun has said nothing yet.
    await expect.poll(() => shop.setupLog(), { timeout: 60_000, interval: 1000 }).toContain(noZip);
    expect(await shop.query("select count(*) from wp_posts where post_type = 'page' and post_status = 'publish'")).toBe(
      "1",
    );
  });

  it("gives the servers of its plan one volume of uploads; one server where volumes cannot be shared", async () => {
    const isShared = machine.target.sharedStorageClass !== "";

    const [mode, claims] = await Promise.all([
      shop.kubectl("get", "pvc/uploads", "--output", "jsonpath={.status.phase} {.status.accessModes[*]}"),
      shop.kubectl(
        ...["get", "pods", "--selector=app.kubernetes.io/component=wordpress", "--output"],
        "jsonpath={.items[*].spec.volumes[?(@.name=='uploads')].persistentVolumeClaim.claimName}",
      ),
    ]);

    expect(mode).toBe(isShared ? "Bound ReadWriteMany" : "Bound ReadWriteOnce");
    expect(claims).toBe(isShared ? "uploads uploads" : "uploads");
  });

  it("keeps its passwords out of what can be read", async () => {
    const [objects, secret] = await Promise.all([
      shop.kubectl("get", "configmaps,pods,deployments", "--output", "yaml"),
      shop.kubectl("get", "secret/store-credentials", "--output", "jsonpath={.data.ADMIN_PASSWORD}"),
    ]);

    const password = Buffer.from(secret, "base64").toString("utf8");
    expect(password).toHaveLength(20);
    expect(objects).not.toContain(password);
    expect(await shop.setupLog()).not.toContain(password);
  });

  it("ends without leaving anything behind", async () => {
    await machine.runner.destroy(name);

    expect(await leftovers(machine, name)).toEqual([]);
  });
});
