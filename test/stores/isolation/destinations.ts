import { engines } from "../../../stores/engines/registry.ts";
import { namespaceOf } from "../../../stores/names.ts";
import type { TestCluster } from "../../helpers/cluster.ts";
import { kubectl } from "../../helpers/kubectl.ts";
import type { Machine } from "../../helpers/machine.ts";
import type { Destination, Origin } from "../../helpers/probe.ts";

/** A pod of a store with everything the truth table needs to know about it. */
export interface StorePod extends Origin {
  readonly component: string;
  readonly address: string;
}

const lines = (text: string) => text.split("\n").filter((line) => line !== "");

/** The pods of a store that run and are to stay. */
export async function podsOf(machine: Machine, store: string): Promise<StorePod[]> {
  const namespace = namespaceOf(store);
  const columns =
    "{.metadata.name} {.metadata.labels.app\\.kubernetes\\.io/component} {.status.podIP} {.metadata.deletionTimestamp}";
  const said = await kubectl(
    machine,
    ...["get", "pods", "--namespace", namespace, "--field-selector=status.phase=Running"],
    ...["--output", `jsonpath={range .items[*]}${columns}{"\\n"}{end}`],
  );
  return lines(said).flatMap((line) => {
    const [pod = "", component = "", address = "", leaving = ""] = line.split(" ");
    const by = component === "postgres" || component === "redis" ? "bash" : "node";
    return leaving === "" ? [{ namespace, pod, component, address, by }] : [];
  });
}

export async function servicesOf(machine: Machine, store: string): Promise<Destination[]> {
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
export async function clusterDestinations(machine: Pick<TestCluster, "cluster" | "kubectl">): Promise<Destination[]> {
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

/** Every port on which a pod of a store listens, by the pod's own address. */
export function podDestinations(store: string, pods: readonly StorePod[]): Destination[] {
  const ports = Object.values(engines.medusa.network).flatMap(({ port }) => (port === undefined ? [] : [port]));
  return pods.flatMap(({ component, address }) =>
    [...new Set(ports)].map((port) => ({ what: `${component} pod of ${store} on ${port}`, address, port })),
  );
}
