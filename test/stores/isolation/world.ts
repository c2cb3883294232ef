import { networkInterfaces } from "node:os";
import { STORE_LABEL } from "../../../infra/names.ts";
import type { TestCluster } from "../../helpers/cluster.ts";
import { kubectl } from "../../helpers/kubectl.ts";
import type { Destination, Origin } from "../../helpers/probe.ts";
import { clusterDestinations } from "./destinations.ts";
import { outside } from "./outside.ts";

// Everything between which a connection can be tried, as it is in the cluster at the moment.

export type Labels = Readonly<Record<string, string>>;

/** One end of a connection. What is no pod has no namespace. */
export interface End {
  /** What it is, in a word or two: `postgres`, `platform api`, `dns`, `node` … */
  readonly role: string;
  readonly address: string;
  /** Whether it is a pod of a store. */
  readonly isStore: boolean;
  readonly namespace?: string;
  readonly labels?: Labels;
  readonly namespaceLabels?: Labels;
}

/** A pod from which connections are tried. */
export type Source = End & Origin;

/** Something to connect to, and who answers there: the pods behind a Service, otherwise itself. */
export interface Goal extends Destination {
  readonly ends: readonly { readonly end: End; readonly port: number }[];
}

export interface World {
  readonly sources: readonly Source[];
  readonly goals: readonly Goal[];
}

interface Metadata {
  readonly name: string;
  readonly namespace: string;
  readonly labels?: Labels;
  readonly deletionTimestamp?: string;
  readonly ownerReferences?: readonly { readonly kind: string }[];
}
interface PodObject {
  readonly metadata: Metadata;
  readonly spec: {
    readonly containers: readonly { readonly image: string; readonly ports?: readonly { containerPort: number }[] }[];
  };
  readonly status: { readonly podIP: string; readonly phase: string };
}
interface ServiceObject {
  readonly metadata: Metadata;
  readonly spec: {
    readonly clusterIP: string;
    readonly ports: readonly { readonly name?: string; readonly port: number; readonly protocol: "TCP" | "UDP" }[];
  };
}
interface SliceObject {
  readonly metadata: Metadata;
  readonly endpoints?: readonly { readonly addresses: readonly string[] }[] | null;
  readonly ports?: readonly { readonly name?: string; readonly port: number }[] | null;
}

/** Where the platform is, the namespaces of stores, and one whose pods have no walls. */
export interface Places {
  readonly platform: string;
  readonly stores: readonly string[];
  readonly open: string;
}

/** What others run in every cluster of ours, by its namespace. */
const others: Readonly<Record<string, string>> = {
  "kube-system": "system",
  "local-path-storage": "system",
  traefik: "ingress",
};

/** Tried on every pod beside what the containers name: SSH, the web, the API server's. */
const usualPorts = [22, 80, 443, 6443];

export async function findWorld(machine: TestCluster, places: Places): Promise<World> {
  const ours = new Set([places.platform, ...places.stores, places.open, ...Object.keys(others)]);
  async function list<T extends { metadata: Metadata }>(kind: string): Promise<T[]> {
    const said = await kubectl(machine, "get", kind, "--all-namespaces", "--output", "json");
    return (JSON.parse(said) as { items: T[] }).items.filter(
      ({ metadata }) => metadata.deletionTimestamp === undefined && ours.has(metadata.namespace ?? metadata.name),
    );
  }
  const namespaces = await list<{ metadata: Metadata }>("namespaces");
  const labelsOf = new Map(namespaces.map(({ metadata }) => [metadata.name, metadata.labels ?? {}]));
  // Pods of Jobs are gone in a moment; others stand in for them.
  const pods = (await list<PodObject>("pods")).filter(
    ({ metadata, status }) =>
      status.phase === "Running" && !metadata.ownerReferences?.some(({ kind }) => kind === "Job"),
  );
  const ports = pods.flatMap(({ spec }) => spec.containers.flatMap((one) => one.ports ?? []));
  const allPorts = [...new Set([...usualPorts, ...ports.map(({ containerPort }) => containerPort)])];
  const sources = pods.map((pod) => sourceOf(pod, places, labelsOf.get(pod.metadata.namespace) ?? {}));
  const slices = await list<SliceObject>("endpointslices");
  const services = await list<ServiceObject>("services");
  const goals = [
    ...sources.flatMap((end) => goalsAt(`${end.namespace}/${end.pod}`, end, allPorts)),
    ...services.flatMap((service) => goalsBehind(service, slices, sources)),
    ...(await beyondPods(machine)),
  ];
  return {
    sources: sources.filter(({ namespace }) => !(namespace in others)),
    goals: goals.filter(({ ends, address }) => ends.length > 0 && address !== "None"),
  };
}

/** What a pod can be asked to connect to. Of a Service that leads to itself and to others, nobody knows where it would end. */
export function goalsFor(source: Source, goals: readonly Goal[]): readonly Goal[] {
  return goals.filter(({ ends }) => new Set(ends.map(({ end }) => end === source)).size === 1);
}

function sourceOf({ metadata, spec, status }: PodObject, { platform, open }: Places, namespaceLabels: Labels): Source {
  const { namespace, name, labels = {} } = metadata;
  const component = labels["app.kubernetes.io/component"] ?? "stray";
  const roles = { ...others, [platform]: `platform ${component}`, [open]: "open" };
  const hasNode = spec.containers.some(({ image }) => /\/(medusa|storefront|api|worker):/.test(image));
  return {
    role: labels["k8s-app"] === "kube-dns" ? "dns" : (roles[namespace] ?? component),
    address: status.podIP,
    isStore: STORE_LABEL in namespaceLabels,
    ...{ pod: name, namespace, labels, namespaceLabels },
    by: hasNode ? "node" : "bash",
  };
}

/** Ports of something by its own address; of name servers, also the one that is asked by UDP. */
function goalsAt(what: string, end: End, ports: readonly number[]): Goal[] {
  const { address } = end;
  const named = ports.map((port) => ({ what: `${what}:${port}`, address, port, ends: [{ end, port }] }));
  const question: Goal = { what: `${what}:53/udp`, address, port: 53, protocol: "UDP", ends: [{ end, port: 53 }] };
  return end.role === "dns" ? [...named, question] : named;
}

/** Ports of a Service, which leads to the pods that its slices name. */
function goalsBehind(
  { metadata, spec }: ServiceObject,
  slices: readonly SliceObject[],
  pods: readonly Source[],
): Goal[] {
  const behind = slices.filter(
    (slice) =>
      slice.metadata.namespace === metadata.namespace &&
      slice.metadata.labels?.["kubernetes.io/service-name"] === metadata.name,
  );
  return spec.ports.map(({ name = "", port, protocol }) => ({
    what: `service ${metadata.namespace}/${metadata.name}:${port}${protocol === "UDP" ? "/udp" : ""}`,
    address: spec.clusterIP,
    port,
    protocol,
    ends: behind.flatMap((slice) => {
      const target = (slice.ports ?? []).find((one) => (one.name ?? "") === name)?.port ?? port;
      const addresses = (slice.endpoints ?? []).flatMap((endpoint) => endpoint.addresses);
      return pods.filter(({ address }) => addresses.includes(address)).map((end) => ({ end, port: target }));
    }),
  }));
}

/** The API server, the node, the metadata service of clouds, and a host of the web. */
async function beyondPods(machine: TestCluster): Promise<Goal[]> {
  const end = (role: string, address: string): End => ({ role, address, isStore: false });
  const known = await clusterDestinations(machine);
  const own = known.find(({ what }) => what === "API server by its own address");
  if (own === undefined) throw new Error("The API server has no address of its own.");
  const atNode = known.map((goal) => {
    const isService = goal.what === "API server by its service";
    const role = goal.address === outside.metadata ? "metadata" : "node";
    return {
      ...goal,
      ends: [
        isService
          ? { end: end("node", own.address), port: own.port }
          : { end: end(role, goal.address), port: goal.port },
      ],
    };
  });
  return [
    ...atNode,
    ...goalsAt("node", end("node", own.address), [80, 443, 5432]),
    ...otherAddresses(own.address).flatMap((one) => goalsAt(`node by ${one}`, end("node", one), [22, 6443, 10250])),
    ...goalsAt("metadata", end("metadata", outside.metadata), [22, 443, 6443]),
    ...goalsAt("outside", end("outside", outside.web), [22, 53, 80, 443, 5432, 6443]),
  ];
}

/** By which the node can be reached besides: the native cluster's node is this machine. */
function otherAddresses(known: string): string[] {
  const all = Object.values(networkInterfaces()).flatMap((addresses) => addresses ?? []);
  return all
    .filter(({ family, internal }) => family === "IPv4" && !internal)
    .map(({ address }) => address)
    .filter((one) => one !== known);
}
