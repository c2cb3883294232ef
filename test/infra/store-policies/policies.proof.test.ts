import { setTimeout as sleep } from "node:timers/promises";
import { afterAll, beforeAll, describe, expect, it } from "vitest";
import { namespaceOf } from "../../../stores/names.ts";
import { type TestCluster, takeCluster } from "../../helpers/cluster.ts";
import { kubectl, kubectlWith } from "../../helpers/kubectl.ts";
import { testStoreName } from "../../helpers/names.ts";
import { runPlatformProgram } from "../../helpers/store-program.ts";
import { platformImages } from "../platform-images.ts";
import { type Act, denial, examples, type KubeObject, limits, namespace, ofNamespaces, quota } from "./examples.ts";

// What the admission policies of the platform's program refuse, asked of a real API server without a platform in it.

let machine: TestCluster;
let policies: object[];
/** One has its walls, the other one gets them in the course of the tests, the third is never made. */
const [walled, bare, dreamt] = ["walled", "bare", "dreamt"].map(testStoreName) as [string, string, string];
const walls = [denial, quota, limits];
const list = (items: readonly object[]) => ({ apiVersion: "v1", kind: "List", items });
const within = (store: string, object: object, ...args: string[]) =>
  kubectlWith(machine, object, ...args, "--namespace", namespaceOf(store));

beforeAll(async () => {
  machine = await takeCluster([]);
  const { resources } = await runPlatformProgram("local", { ...platformImages, namespace: "test-policies" });
  policies = resources.filter(({ type }) => type.includes(":ValidatingAdmissionPolicy")).map(({ shown }) => shown);
  await kubectlWith(machine, list(policies), "apply");
  await kubectlWith(machine, list([namespace(walled), namespace(bare)]), "apply");
  await within(walled, list(walls), "apply");
  await inForce();
});
afterAll(async () => {
  if (policies !== undefined) await kubectlWith(machine, list(policies), "delete", "--ignore-not-found");
  const left = [walled, bare].map((store) => namespaceOf(store));
  await kubectl(machine, "delete", "namespace", ...left, "--ignore-not-found", "--wait=false");
});

/** The API server learns of a policy some moments after it has accepted it. */
async function inForce(): Promise<void> {
  for (const { bad, store, said } of wrongs) await refused(() => live(store, bad), said);
}

async function refused(ask: () => Promise<string>, said: string): Promise<void> {
  for (let tries = 0; ; tries += 1) {
    const answer = await ask().catch((error: Error) => error);
    if (answer instanceof Error && answer.message.includes(said)) return;
    if (tries === 60) throw new Error(`This was not refused with "${said}": ${answer}`);
    await sleep(500);
  }
}

/** Where an act of the examples is tried: what makes a wall of its own needs a store without one. */
const placeOf = ({ object, oldObject }: Act) =>
  oldObject === undefined && walls.some(({ metadata }) => metadata.name === object?.metadata.name) ? bare : walled;

/** Asks for it without doing it. */
function live(store: string, { object, oldObject }: Act): Promise<string> {
  if (oldObject !== undefined && object !== undefined) return within(store, object, "replace", "--dry-run=server");
  if (object !== undefined) return within(store, object, "create", "--dry-run=server");
  return within(store, oldObject ?? {}, "delete", "--dry-run=server", "--wait=false");
}
const all = Object.entries(examples);
const wrongs = all.flatMap(([, { wrong }]) => wrong.map(([bad, said]) => ({ bad, store: placeOf(bad), said })));

describe("in the namespace of a store, a real API server", () => {
  it("refuses what each policy is about", async () => {
    for (const { bad, store, said } of wrongs) await expect(live(store, bad)).rejects.toThrow(said);
  });

  it.each(all)("takes what %s lets through", async (_name, { right }) => {
    for (const act of right) {
      if (act.object === undefined) await within(walled, act.oldObject ?? {}, "create");
      await expect(live(placeOf(act), act)).resolves.not.toBe("");
      if (act.object === undefined) await within(walled, act.oldObject ?? {}, "delete");
    }
  });

  it("keeps the walls from being taken away one by one or together, and lets them go with the whole store", async () => {
    const before = "go with its namespace, and never before";
    const everything = `/apis/networking.k8s.io/v1/namespaces/${namespaceOf(bare)}/networkpolicies`;

    await within(bare, list(walls), "create");
    for (const wall of walls) await expect(within(bare, wall, "delete")).rejects.toThrow(before);
    await expect(kubectl(machine, "delete", "--raw", everything)).rejects.toThrow(before);
    await kubectl(machine, "delete", "namespace", namespaceOf(bare), "--timeout=90s");

    await expect(kubectl(machine, "get", "namespace", namespaceOf(bare))).rejects.toThrow(/not found/);
  });
});

it("keeps the namespace of a store restricted, and its name and label as they are", async () => {
  const { right, wrong } = ofNamespaces(walled);
  const onLive = ({ oldObject }: Act) => JSON.stringify(oldObject) === JSON.stringify(namespace(walled));
  const change = (object: KubeObject | undefined) => kubectlWith(machine, object ?? {}, "replace", "--dry-run=server");
  const make = (object: KubeObject | undefined) => kubectlWith(machine, object ?? {}, "create", "--dry-run=server");

  for (const act of right.filter(onLive)) await expect(change(act.object)).resolves.toContain("replaced");
  for (const [act, said] of wrong.filter(([each]) => onLive(each)))
    await expect(change(act.object)).rejects.toThrow(said);
  const ofDreamt = ofNamespaces(dreamt);
  await expect(make(ofDreamt.right[0]?.object)).resolves.toContain("created");
  for (const [{ object, oldObject }, said] of ofDreamt.wrong) {
    if (oldObject === undefined) await expect(make(object)).rejects.toThrow(said);
  }
});
