import { afterAll, beforeAll, describe, expect, it } from "vitest";
import { bringUpStore, configOf, type SellableStore } from "../../automation-api/bring-up-store.ts";
import { loopbackFetch } from "../../automation-api/loopback-fetch.ts";
import { namespaceOf } from "../../stores/names.ts";
import { credentialsSchema } from "../../stores/outputs.ts";
import { type Plan, parseSpec, type Spec } from "../../stores/spec.ts";
import { processesOfRun, runAndKill } from "../helpers/kill-run.ts";
import { kubectl, leftovers } from "../helpers/kubectl.ts";
import { type Machine, takeMachine } from "../helpers/machine.ts";
import { testStoreName } from "../helpers/names.ts";
import { watchStore } from "../helpers/watch-store.ts";
import { describeIsolation } from "./isolation/isolation.ts";
import { describeRefusals } from "./isolation/refusals.ts";

let machine: Machine;
let store: SellableStore;
const name = testStoreName("life");
/** Comes up undisturbed, beside the one whose life is told. */
const neighbour = testStoreName("next");
const namespace = namespaceOf(name);

beforeAll(async () => {
  machine = await takeMachine();
});
afterAll(async () => {
  await Promise.all([name, neighbour].map((stack) => machine?.runner.destroy(stack)));
  await machine?.release();
});

/** Kills the run at a random moment of its first seconds, all of which every such run takes. */
async function killed(what: string, work: () => Promise<unknown>, withinSeconds: number): Promise<void> {
  const milliseconds = Math.round(300 + Math.random() * withinSeconds * 1000);
  const everything = Math.random() < 0.5;
  process.stdout.write(`${what}: kill ${everything ? "everything" : "the engine"} after ${milliseconds} ms\n`);
  expect(await runAndKill(name, work, { milliseconds, everything })).toBe(true);
}

const specWith = (plan: Plan): Spec => parseSpec({ name, engine: "medusa", plan, displayName: "Life & Co. $(X)" });
const up = (spec: Spec) => bringUpStore({ runner: machine.runner, request: loopbackFetch }, spec, machine.target);
const get = (...args: string[]) => kubectl(machine, "get", "--namespace", namespace, ...args);
const hardPods = () => get("resourcequota", "quota", "--output", "jsonpath={.spec.hard.pods}");

// One story: each test goes on where the one before it ended.
describe("a store's life", () => {
  it("begins with a store that sells, although its creation is killed twice while its neighbour comes up", async () => {
    const beside = up(parseSpec({ name: neighbour, engine: "medusa", plan: "basic" }));
    await killed("up", () => up(specWith("basic")), 14);
    await killed("up again", () => up(specWith("basic")), 7);

    store = await up(specWith("basic"));

    expect((await beside).proof?.order).toMatch(/^#\d+$/);
    expect(store.proof?.order).toMatch(/^#\d+$/);
    expect(processesOfRun(name)).toEqual([]);
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

  describe("beside its neighbour", () => {
    describeIsolation({
      left: name,
      right: neighbour,
      plans: { [name]: "standard", [neighbour]: "basic" },
      machine: () => machine,
    });
  });

  describe("in its namespace", () => describeRefusals(name, () => machine));

  it("changes back to the smaller plan, keeping its data and its volume", async () => {
    const smaller = await up(specWith("basic"));

    expect(Number(smaller.proof?.order.slice(1))).toBeGreaterThan(Number(store.proof?.order.slice(1)));
    expect(await get("deployments", "--output", "name")).not.toContain("medusa-worker");
  });

  it("ends without leaving anything behind, although its removal is killed twice", async () => {
    const destroy = () => machine.runner.destroy(name);
    const beside = machine.runner.destroy(neighbour);
    await killed("destroy", destroy, 5);
    await killed("destroy again", destroy, 4);

    await Promise.all([destroy(), beside]);

    expect([...(await leftovers(machine, name)), ...(await leftovers(machine, neighbour))]).toEqual([]);
    expect(await machine.runner.list()).toEqual([]);
    expect(processesOfRun(name)).toEqual([]);
  });
});
