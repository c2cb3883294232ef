import { setTimeout as sleep } from "node:timers/promises";
import { afterAll, beforeAll, describe, expect, it } from "vitest";
import { namespaceOf } from "../../../stores/names.ts";
import { parseSpec } from "../../../stores/spec.ts";
import { kubectl, kubectlWith } from "../../helpers/kubectl.ts";
import { type Machine, takeMachine } from "../../helpers/machine.ts";
import { testStoreName } from "../../helpers/names.ts";
import { clusterDestinations } from "./destinations.ts";
import { eagerPod, type FirstMoments, firstMoments } from "./first-moments.ts";
import { wallsOf } from "./manifests.ts";
import { startProbe } from "./probe-pod.ts";

// How long a pod of a store is without its walls: it tries what they deny from its first instruction on.

const STARTS = 20;
/** Pods that start at the same moment; more would only wait for the processor. */
const AT_ONCE = 4;
/** For how long each tries. */
const SECONDS = 3;

const open = testStoreName("open");
const spec = parseSpec({ name: testStoreName("first"), engine: "medusa", plan: "basic" });
/** Of the component that may do the most. */
const labels = { "app.kubernetes.io/component": "medusa" };
const made = [open];

let machine: Machine;
let walls: object[];
let targets: string[];

beforeAll(async () => {
  machine = await takeMachine();
  walls = await wallsOf(spec, machine);
  await kubectl(machine, "create", "namespace", open);
  await startProbe(machine, { name: "target", namespace: open });
  const address = await kubectl(machine, "get", "pod/target", "--namespace", open, "--output=jsonpath={.status.podIP}");
  const servers = (await clusterDestinations(machine)).filter(({ what }) => what.startsWith("API server"));
  targets = [...servers.map((one) => `${one.address}:${one.port}`), `${address}:6379`];
});
afterAll(async () => {
  if (machine === undefined) return;
  await kubectl(machine, "delete", "namespace", ...made, "--ignore-not-found", "--wait=false");
  await machine.release();
});

const apply = (items: readonly object[]) => kubectlWith(machine, { apiVersion: "v1", kind: "List", items }, "apply");
const pod = (name: string, namespace: string, seconds = SECONDS) =>
  eagerPod({ name, namespace, labels, image: machine.image("medusa") }, targets, seconds);

/** The walls of the store under another name, in the order in which its program declares them. */
const wallsNamed = (name: string): object[] => {
  made.push(namespaceOf(name));
  return JSON.parse(JSON.stringify(walls).replaceAll(spec.name, name));
};

async function startMany(start: (number: number) => Promise<FirstMoments>): Promise<FirstMoments[]> {
  const found: FirstMoments[] = [];
  for (let done = 0; done < STARTS; done += AT_ONCE) {
    found.push(...(await Promise.all(Array.from({ length: AT_ONCE }, (_one, index) => start(done + index)))));
  }
  return found;
}

function tell(what: string, found: readonly FirstMoments[]): void {
  const tries = found.reduce((sum, each) => sum + each.tries, 0);
  const through = found.reduce((sum, each) => sum + each.reached.length, 0);
  const windows = found.map(({ begin, reached }) => Math.max(0, ...reached.map((at) => (at - begin) * 1000)));
  process.stdout.write(
    `${what}: ${found.length} starts, ${tries} tries, ${through} got through; a window of ${Math.max(...windows).toFixed(0)} ms\n`,
  );
}

describe("a pod of a store", () => {
  it("is within its walls from its first instruction on, in a namespace that has them", async () => {
    const name = testStoreName("there");
    await apply(wallsNamed(name));
    const namespace = namespaceOf(name);

    const found = await startMany(async (number) => {
      await apply([pod(`eager-${number}`, namespace)]);
      const moments = await firstMoments(machine, namespace, `eager-${number}`);
      await kubectl(machine, "delete", "pod", `eager-${number}`, "--namespace", namespace, "--wait=false");
      return moments;
    });

    tell("walls that were there", found);
    expect(found.flatMap(({ reached }) => reached)).toEqual([]);
  });

  it("is so, too, in a namespace that is made in the same moment, its walls before its pod", async () => {
    const found = await startMany(async (number) => {
      const name = testStoreName(`new-${number}`);
      await apply([...wallsNamed(name), pod("eager", namespaceOf(name))]);
      return firstMoments(machine, namespaceOf(name), "eager");
    });

    tell("walls of the same moment", found);
    expect(found.flatMap(({ reached }) => reached)).toEqual([]);
  });

  it("would be seen to get through without them, until they come", async () => {
    const name = testStoreName("late");
    const [namespace, ...others] = wallsNamed(name) as [object, ...object[]];
    await apply([namespace, pod("eager", namespaceOf(name), 12)]);
    await kubectl(
      machine,
      "wait",
      "pod/eager",
      "--for=condition=Ready",
      `--namespace=${namespaceOf(name)}`,
      "--timeout=60s",
    );
    await sleep(2000);
    await apply(others);
    const applied = Date.now() / 1000;

    const { begin, reached } = await firstMoments(machine, namespaceOf(name), "eager");

    const [first = Number.NaN, last = Number.NaN] = [reached[0], reached.at(-1)];
    const [early, late] = [(first - begin) * 1000, (last - applied) * 1000];
    process.stdout.write(
      `without walls: the first try that gets through ${early.toFixed(0)} ms after the pod's first instruction, ` +
        `the last one ${late.toFixed(0)} ms after the walls were applied\n`,
    );
    expect(early).toBeLessThan(500);
    expect(late).toBeLessThan(5000);
  });
});
