import { existsSync } from "node:fs";
import { setTimeout as sleep } from "node:timers/promises";
import { afterAll, beforeAll, describe, expect, it } from "vitest";
import { bringUpStore, type SellableStore } from "../../automation-api/bring-up-store.ts";
import { loopbackFetch } from "../../automation-api/loopback-fetch.ts";
import type { StackRunner } from "../../automation-api/stack-runner.ts";
import { woocommerce } from "../../stores/engines/woocommerce.ts";
import { parseSpec } from "../../stores/spec.ts";
import { leftovers } from "../helpers/kubectl.ts";
import { type Machine, takeMachine } from "../helpers/machine.ts";
import { testStoreName } from "../helpers/names.ts";
import { takeOlderCheckout } from "../helpers/older-checkout.ts";
import { lookInto } from "../helpers/woocommerce-store.ts";
import { hasWooCommerce, noZip } from "../helpers/woocommerce-zip.ts";

// A store of an older release comes to this one with its database, and does not go back: `npm run test:woocommerce`.

const { WORDPRESS_ZIP_BEFORE: wordpressZip = "", WOOCOMMERCE_ZIP_BEFORE: woocommerceZip = "" } = process.env;
const lacks = [
  hasWooCommerce() ? "" : noZip,
  existsSync(wordpressZip) ? "" : "no older WordPress zip (set WORDPRESS_ZIP_BEFORE)",
  existsSync(woocommerceZip) ? "" : "no older WooCommerce zip (set WOOCOMMERCE_ZIP_BEFORE)",
].filter((sentence) => sentence !== "");
for (const sentence of lacks) console.warn(`skipped: ${sentence}`);

let machine: Machine;
let shop: ReturnType<typeof lookInto>;
let older: StackRunner;
let before: SellableStore;
const name = testStoreName("upgrade");

beforeAll(async () => {
  if (lacks.length > 0) return;
  machine = await takeMachine();
  shop = lookInto(machine, name);
  older = await takeOlderCheckout(machine, { WORDPRESS_ZIP: wordpressZip, WOOCOMMERCE_ZIP: woocommerceZip });
});

afterAll(async () => {
  await machine?.runner.destroy(name);
  await machine?.release();
});

function up(runner: StackRunner, settings: object = {}): Promise<SellableStore> {
  const spec = parseSpec({ name, engine: "woocommerce", displayName: "Juniper", ...settings });
  return bringUpStore({ runner, request: loopbackFetch }, spec, machine.target);
}

const option = (key: string) => shop.query(`select option_value from wp_options where option_name = '${key}'`);
/** What runs in the cluster, whatever it is doing. */
const running = () =>
  shop.kubectl(
    "get",
    "deployments,configmaps",
    "--output",
    "jsonpath={.items[*].metadata.generation} {.items[*].data}",
  );

// One story: each test goes on where the one before it ended.
describe.skipIf(lacks.length > 0)("a store of an older release", () => {
  it("sells with the versions of that release", async () => {
    before = await up(older);

    expect(before.proof?.order).toMatch(/^#\d+$/);
    expect(before.outputs.engineVersion).not.toBe(woocommerce.version);
    expect(before.outputs.engineVersion).toBe(
      `${await option("woocommerce_version")}+wordpress.${await wordpressOf()}`,
    );
  });

  it("is brought to the versions of this one, with its database and everything in it, and sells on", async () => {
    await shop.query("update wp_posts set post_content = 'Fired twice.' where post_name = 'stoneware-mug'");
    const tables = await option("db_version");
    const schema = await option("woocommerce_db_version");
    const customer = browse(before.outputs.url);

    const after = await up(machine.runner, { engineVersion: woocommerce.version });
    const answers = await customer.leave();

    expect(after.proof?.order).toMatch(/^#\d+$/);
    expect(after.outputs.engineVersion).toBe(woocommerce.version);
    expect(`${await option("woocommerce_version")}+wordpress.${await wordpressOf()}`).toBe(woocommerce.version);
    expect(Number(await option("db_version"))).toBeGreaterThan(Number(tables));
    expect(await option("woocommerce_db_version")).not.toBe(schema);
    expect(await option("woocommerce_db_version")).toBe(await option("woocommerce_version"));
    expect(await shop.query("select post_content from wp_posts where post_name = 'stoneware-mug'")).toBe(
      "Fired twice.",
    );
    expect(answers.length).toBeGreaterThan(5);
    expect(answers.filter((status) => status !== 200)).toEqual([]);
  });

  it("changes nothing when it is asked for again", async () => {
    const generations = await running();

    await up(machine.runner, { engineVersion: woocommerce.version });

    expect(await running()).toBe(generations);
  });

  it("does not go back: the older release refuses with a sentence and touches nothing", async () => {
    const generations = await running();

    await expect(up(older)).rejects.toThrow(
      /was run by WooCommerce .* and cannot go back to .*: its database was changed/,
    );
    await expect(up(machine.runner, { engineVersion: before.outputs.engineVersion })).rejects.toThrow(/cannot be had/);

    expect(await running()).toBe(generations);
  });

  it("ends without leaving anything behind", async () => {
    await machine.runner.destroy(name);

    expect(await leftovers(machine, name)).toEqual([]);
  });
});

async function wordpressOf(): Promise<string> {
  const script = "require '/usr/src/wordpress/wp-includes/version.php'; echo $wp_version;";
  return (
    await shop.kubectl("exec", "deployment/wordpress", "--container=wordpress", "--", "php", "-r", script)
  ).trim();
}

/** A customer who looks at one page after the other; what each was answered with, 0 for nothing. */
function browse(url: string): { leave(): Promise<readonly number[]> } {
  let isHere = true;
  const answers: number[] = [];
  const visits = (async () => {
    while (isHere) {
      const look = { signal: AbortSignal.timeout(20_000) };
      // A question, so that the answer is made for this customer and not kept from another one.
      const answer = await loopbackFetch(`${url}/?orderby=price`, look).catch(() => undefined);
      await answer?.arrayBuffer();
      answers.push(answer?.status ?? 0);
      await sleep(500);
    }
    return answers;
  })();
  return {
    leave: () => {
      isHere = false;
      return visits;
    },
  };
}
