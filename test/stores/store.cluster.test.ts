import { afterAll, beforeAll, describe, expect, it } from "vitest";
import { bringUpStore, configOf, type SellableStore } from "../../automation-api/bring-up-store.ts";
import { loopbackFetch } from "../../automation-api/loopback-fetch.ts";
import { namespaceOf } from "../../stores/names.ts";
import { credentialsSchema } from "../../stores/outputs.ts";
import { type Plan, parseSpec, type Spec } from "../../stores/spec.ts";
import { kubectl, leftovers } from "../helpers/kubectl.ts";
import { type Machine, takeMachine } from "../helpers/machine.ts";
import { testStoreName } from "../helpers/names.ts";

let machine: Machine;
let store: SellableStore;
const name = testStoreName("life");
const namespace = namespaceOf(name);

beforeAll(async () => {
  machine = await takeMachine();
  store = await up(specWith("basic"));
});

afterAll(async () => {
  await machine?.runner.destroy(name);
  await machine?.release();
});

const specWith = (plan: Plan): Spec => parseSpec({ name, engine: "medusa", plan, displayName: "Life & Co. $(X)" });
const up = (spec: Spec) => bringUpStore({ runner: machine.runner, request: loopbackFetch }, spec, machine.target);
const get = (...args: string[]) => kubectl(machine, "get", "--namespace", namespace, ...args);
const hardPods = () => get("resourcequota", "quota", "--output", "jsonpath={.spec.hard.pods}");

// One story: each test goes on where the one before it ended.
describe("a store's life", () => {
  it("begins with a store that sells", () => {
    expect(store.proof?.order).toMatch(/^#\d+$/);
    expect(store.outputs).toMatchObject({ namespace, engine: "medusa", adminUser: "admin@example.com" });
  });

  it("shows its pages under the name that customers read", async () => {
    const page = await loopbackFetch(store.outputs.url, { signal: AbortSignal.timeout(5000) });

    expect(page.status).toBe(200);
    expect(await page.text()).toContain("Life &amp; Co. $(X)");
  });

  it("keeps its secrets out of the release, of its settings and of the plain outputs", async () => {
    const { adminPassword } = credentialsSchema.parse(await machine.runner.readSecretOutput(name, "credentials"));
    const values = await kubectl(
      machine,
      "get",
      "configmaps,deployments,statefulsets",
      "--namespace",
      namespace,
      "--output",
      "yaml",
    );

    expect(values).not.toContain(adminPassword);
    expect(JSON.stringify(await machine.runner.outputs(name))).not.toContain(adminPassword);
  });

  it("changes nothing when nothing was changed", async () => {
    const config = configOf(specWith("basic"), machine.target);

    expect(Object.keys(await machine.runner.preview(name, config))).toEqual(["same"]);
    expect(Object.keys((await machine.runner.up(name, config)).changes)).toEqual(["same"]);
  });

  it("shows a change by hand when it is refreshed, and undoes it when it is brought up", async () => {
    const before = await hardPods();
    await kubectl(
      machine,
      "patch",
      "resourcequota",
      "quota",
      "--namespace",
      namespace,
      "--patch",
      '{"spec":{"hard":{"pods":"99"}}}',
    );

    expect(await machine.runner.refresh(name)).toMatchObject({ update: 1 });
    expect((await up(specWith("basic"))).changes).toMatchObject({ update: 1 });
    expect(await hardPods()).toBe(before);
  });

  it("says what a larger plan would change, and is away no longer than its database takes to restart", async () => {
    const preview = await machine.runner.preview(name, configOf(specWith("standard"), machine.target));
    const watch = watchStore(store.outputs.url);

    const larger = await up(specWith("standard"));

    expect(await watch.longestOutage()).toBeLessThan(15);
    expect(larger.changes).toEqual(preview);
    expect(await get("deployments", "--output", "name")).toContain("medusa-worker");
    expect(larger.proof).toBeDefined();
  });

  it("changes back to the smaller plan, keeping its data and its volume", async () => {
    const smaller = await up(specWith("basic"));

    expect(Number(smaller.proof?.order.slice(1))).toBeGreaterThan(Number(store.proof?.order.slice(1)));
    expect(await get("deployments", "--output", "name")).not.toContain("medusa-worker");
  });

  it("ends without leaving anything behind", async () => {
    await machine.runner.destroy(name);

    expect(await leftovers(machine, name)).toEqual([]);
    expect(await machine.runner.list()).not.toContain(name);
  });
});

/** Asks the storefront four times a second until it is told to stop; seconds in which it did not answer well. */
function watchStore(url: string): { longestOutage(): Promise<number> } {
  const answers: { at: number; well: boolean }[] = [];
  const ask = async () => {
    const at = performance.now();
    const signal = AbortSignal.timeout(10_000);
    const well = await loopbackFetch(url, { signal }).then(
      ({ status }) => status === 200,
      () => false,
    );
    answers.push({ at, well });
  };
  const asked: Promise<void>[] = [];
  const timer = setInterval(() => asked.push(ask()), 250);
  return {
    async longestOutage() {
      clearInterval(timer);
      await Promise.all(asked);
      let longest = 0;
      let since: number | undefined;
      for (const { at, well } of answers.sort((one, other) => one.at - other.at)) {
        since = well ? undefined : (since ?? at);
        if (since !== undefined) longest = Math.max(longest, (at - since) / 1000);
      }
      return longest;
    },
  };
}
