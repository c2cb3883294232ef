import { afterAll, beforeAll, expect, it } from "vitest";
import { engines } from "../../../stores/engines/registry.ts";
import { namespaceOf } from "../../../stores/names.ts";
import type { Plan } from "../../../stores/spec.ts";
import { kubectl } from "../../helpers/kubectl.ts";
import type { Machine } from "../../helpers/machine.ts";
import { testStoreName } from "../../helpers/names.ts";
import { type Destination, reached } from "../../helpers/probe.ts";
import { clusterDestinations, podDestinations, podsOf, type StorePod, servicesOf } from "./destinations.ts";
import { startProbe } from "./probe-pod.ts";

/** Two Medusa stores that are up at the same time, and the plans they have. */
export interface Neighbours {
  /** Known when the tests are collected. */
  readonly left: string;
  readonly right: string;
  readonly plans: Readonly<Record<string, Plan>>;
  /** Asked when the tests run. */
  machine(): Machine;
}

/** The truth table of two stores: who reaches whom, measured by real connections. */
export function describeIsolation({ left, right, plans, machine }: Neighbours): void {
  const names = [left, right];
  const outsider = testStoreName("outsider");
  let pods: Record<string, StorePod[]>;
  let services: Record<string, Destination[]>;
  let cluster: Destination[];
  const portsOf = (store: string) => podDestinations(store, pods[store] ?? []);

  async function ofEach<Found>(find: (machine: Machine, store: string) => Promise<Found>) {
    return Object.fromEntries(
      await Promise.all(names.map(async (name) => [name, await find(machine(), name)] as const)),
    );
  }
  beforeAll(async () => {
    pods = await ofEach(podsOf);
    services = await ofEach(servicesOf);
    cluster = await clusterDestinations(machine());
  });
  afterAll(() => kubectl(machine(), "delete", "namespace", outsider, "--ignore-not-found", "--wait=false"));

  it.each([
    ["left", left, right],
    ["right", right, left],
  ])("no pod of the %s one reaches a pod or a service of the other", async (_side, from, to) => {
    const destinations = [...portsOf(to), ...(services[to] ?? [])];

    const table = await Promise.all(
      (pods[from] ?? []).map(async (pod) => [pod.component, await reached(machine(), pod, destinations)] as const),
    );

    const components = Object.keys(engines.medusa.plans[plans[from] ?? "standard"]);
    expect(new Set(table.map(([component]) => component))).toEqual(new Set(components));
    expect(destinations.length).toBeGreaterThan(15);
    for (const [component, found] of table) expect(found, component).toEqual([]);
  });

  it("no pod reaches the API server, the node or cloud metadata", async () => {
    const everyPod = names.flatMap((name) => pods[name] ?? []);

    const table = await Promise.all(everyPod.map((pod) => reached(machine(), pod, cluster)));

    expect(table).toEqual(everyPod.map(() => []));
  });

  it("each component reaches exactly those of its own store that the engine names", async () => {
    const { network } = engines.medusa;
    const own = services[left] ?? [];

    const table = await Promise.all(
      (pods[left] ?? []).map(async ({ component, ...pod }) => {
        const allowed = own.filter(({ what }) => network[what.split(" ")[1] ?? ""]?.from?.includes(component));
        return { component, found: await reached(machine(), pod, own), allowed: allowed.map(({ what }) => what) };
      }),
    );

    for (const { component, found, allowed } of table) {
      // A pod always reaches itself, also by way of its own Service.
      const others = found.filter((what) => !what.startsWith(`service ${component} `));
      expect(others, component).toEqual(allowed);
    }
    expect(table.some(({ found }) => found.length > 0)).toBe(true);
  });

  it("a pod without walls reaches the cluster's addresses, but no store", async () => {
    await kubectl(machine(), "create", "namespace", outsider);
    const origin = await startProbe(machine(), { name: "probe", namespace: outsider });

    const found = await reached(machine(), origin, [...cluster, ...portsOf(left), ...(services[left] ?? [])]);

    // Without this the tables above would be as empty on a network that is down.
    expect(found).toEqual(expect.arrayContaining(["API server by its service", "kubelet of the node"]));
    expect(found.filter((what) => what.includes(left))).toEqual([]);
  });

  it("a pod that is added by hand to a store's namespace reaches nothing", async () => {
    const namespace = namespaceOf(left);
    const stray = await startProbe(machine(), { name: "stray", namespace });

    const everything = [...cluster, ...names.flatMap((name) => [...portsOf(name), ...(services[name] ?? [])])];
    const found = await reached(machine(), stray, everything);

    await kubectl(machine(), "delete", "pod", "stray", "--namespace", namespace, "--now");
    expect(found).toEqual([]);
  });
}
