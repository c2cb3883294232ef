import { afterAll, beforeAll, describe, expect, it } from "vitest";
import { bringUpStore } from "../../automation-api/bring-up-store.ts";
import { loopbackFetch } from "../../automation-api/loopback-fetch.ts";
import { engines } from "../../stores/engines/registry.ts";
import { imageReference } from "../../stores/images.ts";
import { namespaceOf } from "../../stores/names.ts";
import { parseSpec } from "../../stores/spec.ts";
import { kubectl } from "../helpers/kubectl.ts";
import { type Machine, takeMachine } from "../helpers/machine.ts";
import { testStoreName } from "../helpers/names.ts";
import { type Destination, type Origin, reached } from "../helpers/probe.ts";

/** A pod of a store with everything the truth table needs to know about it. */
interface StorePod extends Origin {
  readonly component: string;
  readonly address: string;
}

let machine: Machine;
const names = [testStoreName("left"), testStoreName("right")] as const;
/** One with every component, and one that comes up fast. */
const plans = { [names[0]]: "standard", [names[1]]: "basic" } as const;
const outsider = testStoreName("outsider");
let pods: Record<string, StorePod[]>;
let services: Record<string, Destination[]>;
let cluster: Destination[];

beforeAll(async () => {
  machine = await takeMachine();
  await Promise.all(
    names.map((name) => {
      const spec = parseSpec({ name, engine: "medusa", plan: plans[name] });
      return bringUpStore({ runner: machine.runner, request: loopbackFetch }, spec, machine.target);
    }),
  );
  pods = Object.fromEntries(await Promise.all(names.map(async (name) => [name, await podsOf(name)] as const)));
  services = Object.fromEntries(await Promise.all(names.map(async (name) => [name, await servicesOf(name)] as const)));
  cluster = await clusterDestinations();
});

afterAll(async () => {
  await Promise.all(names.map((name) => machine?.runner.destroy(name)));
  if (machine) await kubectl(machine, "delete", "namespace", outsider, "--ignore-not-found");
  await machine?.release();
});

const lines = (text: string) => text.split("\n").filter((line) => line !== "");

async function podsOf(store: string): Promise<StorePod[]> {
  const namespace = namespaceOf(store);
  const format =
    '{range .items[*]}{.metadata.name} {.metadata.labels.app\\.kubernetes\\.io/component} {.status.podIP}{"\\n"}{end}';
  const said = await kubectl(machine, "get", "pods", "--namespace", namespace, "--output", `jsonpath=${format}`);
  return lines(said).map((line) => {
    const [pod = "", component = "", address = ""] = line.split(" ");
    const by = component === "postgres" || component === "redis" ? "bash" : "node";
    return { namespace, pod, component, address, by };
  });
}

async function servicesOf(store: string): Promise<Destination[]> {
  const format = '{range .items[*]}{.metadata.name} {.spec.clusterIP} {.spec.ports[0].port}{"\\n"}{end}';
  const said = await kubectl(
    machine,
    "get",
    "services",
    "--namespace",
    namespaceOf(store),
    "--output",
    `jsonpath=${format}`,
  );
  return lines(said).map((line) => {
    const [service = "", address = "", port = ""] = line.split(" ");
    return { what: `service ${service} of ${store}`, address, port: Number(port) };
  });
}

/** What no store may reach: the API server by both of its addresses, the node, cloud metadata. */
async function clusterDestinations(): Promise<Destination[]> {
  const get = (...args: string[]) => kubectl(machine, "get", ...args);
  const service = await get("service", "kubernetes", "--output", "jsonpath={.spec.clusterIP}");
  const node = await get("nodes", "--output", 'jsonpath={.items[0].status.addresses[?(@.type=="InternalIP")].address}');
  const server = await get(
    "endpoints",
    "kubernetes",
    "--output",
    "jsonpath={.subsets[0].addresses[0].ip} {.subsets[0].ports[0].port}",
  );
  const [address = "", port = ""] = server.split(" ");
  return [
    { what: "API server by its service", address: service, port: 443 },
    { what: "API server by its own address", address, port: Number(port) },
    { what: "kubelet of the node", address: node, port: 10250 },
    { what: "SSH of the node", address: node, port: 22 },
    { what: "cloud metadata", address: "169.254.169.254", port: 80 },
  ];
}

/** Every port on which a pod of the other store listens, by the pod's own address. */
function podDestinations(store: string): Destination[] {
  const ports = Object.values(engines.medusa.network).flatMap(({ port }) => (port === undefined ? [] : [port]));
  return (pods[store] ?? []).flatMap(({ component, address }) =>
    [...new Set(ports)].map((port) => ({ what: `${component} pod of ${store} on ${port}`, address, port })),
  );
}

describe("two stores on one cluster", () => {
  it.each([
    ["left", names[0], names[1]],
    ["right", names[1], names[0]],
  ])("no pod of the %s one reaches a pod or a service of the other", async (_side, from, to) => {
    const destinations = [...podDestinations(to), ...(services[to] ?? [])];

    const table = await Promise.all(
      (pods[from] ?? []).map(async (pod) => [pod.component, await reached(machine, pod, destinations)] as const),
    );

    const components = Object.keys(engines.medusa.plans[plans[from] ?? "standard"]);
    expect(new Set(table.map(([component]) => component))).toEqual(new Set(components));
    expect(destinations.length).toBeGreaterThan(15);
    for (const [component, found] of table) expect(found, component).toEqual([]);
  });

  it("no pod reaches the API server, the node or cloud metadata", async () => {
    const everyPod = names.flatMap((name) => pods[name] ?? []);

    const table = await Promise.all(everyPod.map((pod) => reached(machine, pod, cluster)));

    expect(table).toEqual(everyPod.map(() => []));
  });

  it("each component reaches exactly those of its own store that the engine names", async () => {
    const { network } = engines.medusa;
    const own = services[names[0]] ?? [];

    const table = await Promise.all(
      (pods[names[0]] ?? []).map(async ({ component, ...pod }) => {
        const allowed = own.filter(({ what }) => network[what.split(" ")[1] ?? ""]?.from?.includes(component));
        return { component, found: await reached(machine, pod, own), allowed: allowed.map(({ what }) => what) };
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
    await startOutsider();
    const origin: Origin = { namespace: outsider, pod: "probe", by: "bash" };

    const found = await reached(machine, origin, [
      ...cluster,
      ...podDestinations(names[0]),
      ...(services[names[0]] ?? []),
    ]);

    // Without this the tables above would be as empty on a network that is down.
    expect(found).toEqual(expect.arrayContaining(["API server by its service", "kubelet of the node"]));
    expect(found.filter((what) => what.includes(names[0]))).toEqual([]);
  });

  it("a pod that is added by hand to a store's namespace reaches nothing", async () => {
    const namespace = namespaceOf(names[0]);
    await kubectl(machine, "run", "stray", "--namespace", namespace, `--overrides=${overrides}`, `--image=${image}`);
    await kubectl(machine, "wait", "--for=condition=Ready", "pod/stray", "--namespace", namespace, "--timeout=60s");

    const everything = [...cluster, ...names.flatMap((name) => [...podDestinations(name), ...(services[name] ?? [])])];
    const found = await reached(machine, { namespace, pod: "stray", by: "bash" }, everything);

    await kubectl(machine, "delete", "pod", "stray", "--namespace", namespace, "--now");
    expect(found).toEqual([]);
  });
});

describe("a store's namespace", () => {
  it.each([
    [
      "a privileged pod",
      { containers: [{ name: "a", image: "a", securityContext: { privileged: true } }] },
      /violates PodSecurity|disallowed by cluster policy/,
    ],
    [
      "a pod on the node's network",
      { hostNetwork: true, containers: [{ name: "a", image: "a" }] },
      "violates PodSecurity",
    ],
    [
      "a pod that mounts the node's disk",
      { containers: [{ name: "a", image: "a" }], volumes: [{ name: "disk", hostPath: { path: "/" } }] },
      "violates PodSecurity",
    ],
  ])("refuses %s", async (_case, spec, reason) => {
    const namespace = namespaceOf(names[0]);

    const attempt = kubectl(
      machine,
      ...["run", "bad", "--namespace", namespace, "--image=a", "--dry-run=server"],
      `--overrides=${JSON.stringify({ apiVersion: "v1", spec })}`,
    );

    await expect(attempt).rejects.toThrow(reason);
  });

  it("refuses a service that opens a port of the node", async () => {
    const namespace = namespaceOf(names[0]);

    const attempt = kubectl(machine, "create", "service", "nodeport", "open", "--tcp=80", "--namespace", namespace);

    await expect(attempt).rejects.toThrow("exceeded quota");
  });
});

const image = imageReference("redis");

/** A pod that only waits, in the restricted standard, with no label of a component. */
const overrides = JSON.stringify({
  apiVersion: "v1",
  spec: {
    automountServiceAccountToken: false,
    terminationGracePeriodSeconds: 0,
    securityContext: { runAsNonRoot: true, runAsUser: 10001, seccompProfile: { type: "RuntimeDefault" } },
    containers: [
      {
        name: "probe",
        image,
        command: ["sleep", "600"],
        securityContext: { allowPrivilegeEscalation: false, capabilities: { drop: ["ALL"] } },
      },
    ],
  },
});

async function startOutsider(): Promise<void> {
  await kubectl(machine, "create", "namespace", outsider);
  await kubectl(machine, "run", "probe", "--namespace", outsider, `--overrides=${overrides}`, `--image=${image}`);
  await kubectl(machine, "wait", "--for=condition=Ready", "pod/probe", "--namespace", outsider, "--timeout=60s");
}
