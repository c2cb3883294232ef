import { describe, expect, it } from "vitest";
import { networkRules } from "../../../stores/components/network-rules.ts";
import { engines } from "../../../stores/engines/registry.ts";
import { PLANS, type Plan } from "../../../stores/spec.ts";
import { PRIVATE_RANGES, parseTarget } from "../../../stores/target.ts";

type Port = { protocol: string; port: number };
type Peer = {
  podSelector?: { matchLabels: Record<string, string> };
  namespaceSelector?: { matchLabels: Record<string, string> };
  ipBlock?: { cidr: string; except: string[] };
};
type Policy = {
  podSelector: object;
  policyTypes: string[];
  ingress?: { from: Peer[]; ports: Port[] }[];
  egress?: { to: Peer[]; ports: Port[] }[];
};

function rulesOf(plan: Plan, target: Record<string, unknown> = {}): Record<string, Policy> {
  return networkRules({ spec: { plan }, target: parseTarget(target), engine: engines.medusa });
}

function peerName({ podSelector, namespaceSelector, ipBlock }: Peer): string {
  if (ipBlock) return `outside ${ipBlock.cidr}`;
  const namespace = namespaceSelector?.matchLabels["kubernetes.io/metadata.name"];
  const pods = podSelector?.matchLabels["app.kubernetes.io/component"] ?? podSelector?.matchLabels["k8s-app"];
  return [namespace, pods].filter(Boolean).join("/");
}

/** Each flow as one line: who may call this component, and where it may go. */
function flows({ ingress = [], egress = [] }: Policy): { in: string[]; out: string[] } {
  const lines = (peers: Peer[], ports: Port[]) =>
    peers.flatMap((peer) => ports.map(({ protocol, port }) => `${peerName(peer)} ${protocol} ${port}`));
  return {
    in: ingress.flatMap(({ from, ports }) => lines(from, ports)).sort(),
    out: egress.flatMap(({ to, ports }) => lines(to, ports)).sort(),
  };
}

const dns = ["kube-system/kube-dns TCP 53", "kube-system/kube-dns UDP 53"];
const web = ["outside 0.0.0.0/0 TCP 443", "outside 0.0.0.0/0 TCP 80"];
const data = ["postgres TCP 5432", "redis TCP 6379"];

describe("the network rules of a Medusa store", () => {
  it("are exactly the flows it needs", () => {
    const rules = rulesOf("standard");

    expect(flows(rules.postgres!)).toEqual({ in: ["medusa TCP 5432", "worker TCP 5432"], out: [] });
    expect(flows(rules.redis!)).toEqual({ in: ["medusa TCP 6379", "worker TCP 6379"], out: [] });
    expect(flows(rules.medusa!)).toEqual({
      in: ["storefront TCP 9000", "traefik TCP 9000"],
      out: [...dns, ...web, ...data].sort(),
    });
    expect(flows(rules.worker!)).toEqual({ in: [], out: [...dns, ...web, ...data].sort() });
    expect(flows(rules.storefront!)).toEqual({ in: ["traefik TCP 8000"], out: [...dns, "medusa TCP 9000"] });
  });

  it("know no worker on the plan without one", () => {
    const rules = rulesOf("basic");

    expect(Object.keys(rules).sort()).toEqual(["default-deny", "medusa", "postgres", "redis", "storefront"]);
    expect(flows(rules.postgres!).in).toEqual(["medusa TCP 5432"]);
  });

  it("let nobody in from outside where there is no ingress", () => {
    const rules = rulesOf("basic", { ingressClass: "" });

    expect(flows(rules.storefront!).in).toEqual([]);
    expect(flows(rules.medusa!).in).toEqual(["storefront TCP 9000"]);
  });

  it("let the ingress controller, and nobody else, ask the pod that proves a name while a certificate is made", () => {
    const rules = rulesOf("basic", { tlsSecret: "store-tls", certificateIssuer: "fleet" });

    expect(rules["certificate-solver"]?.podSelector).toEqual({
      matchLabels: { "acme.cert-manager.io/http01-solver": "true" },
    });
    expect(flows(rules["certificate-solver"]!)).toEqual({ in: ["traefik TCP 8089"], out: [] });
    expect(rulesOf("basic")).not.toHaveProperty("certificate-solver");
  });

  it("let the ingress controller in from wherever it runs", () => {
    expect(flows(rulesOf("basic", { ingressNamespace: "kube-system" }).storefront!).in).toEqual([
      "kube-system TCP 8000",
    ]);
  });

  it("except the cluster's own ranges and the metadata service from the outside web", () => {
    const except = (target: Record<string, unknown>) =>
      rulesOf("basic", target).medusa!.egress!.flatMap(({ to }) => to.flatMap(({ ipBlock }) => ipBlock?.except ?? []));

    expect(except({})).toEqual([...PRIVATE_RANGES]);
    expect(except({ blockedRanges: ["10.0.0.0/8", "203.0.113.0/24"] })).toEqual(["10.0.0.0/8", "203.0.113.0/24"]);
  });

  it.each(PLANS)("deny both directions for every pod and for each component of the plan %s", (plan) => {
    const rules = rulesOf(plan);

    expect(rules["default-deny"]).toEqual({ podSelector: {}, policyTypes: ["Ingress", "Egress"] });
    for (const rule of Object.values(rules)) expect(rule.policyTypes).toEqual(["Ingress", "Egress"]);
  });

  it("never choose the pods of every namespace", () => {
    for (const rule of PLANS.flatMap((plan) => Object.values(rulesOf(plan)))) {
      const peers = [
        ...(rule.ingress ?? []).flatMap(({ from }) => from),
        ...(rule.egress ?? []).flatMap(({ to }) => to),
      ];

      for (const peer of peers) expect(peerName(peer)).not.toBe("");
    }
  });
});

describe("an engine's network table", () => {
  const size = engines.medusa.plans.basic.redis!;
  const check = (network: Record<string, object>) =>
    networkRules({
      spec: { plan: "basic" },
      target: parseTarget({}),
      engine: { title: "Tiny", plans: { basic: { web: size }, standard: {}, premium: {} }, network },
    });

  it.each([
    ["lacks a component of the plan", {}, 'Tiny has a component "web" in its plans, but not in its network table.'],
    [
      "names a caller that does not exist",
      { web: { port: 1, from: ["wbe"] } },
      'Tiny lets "wbe" call its web, but has no',
    ],
    [
      "lets others call without a port",
      { web: { from: ["ingress"] } },
      "Tiny lets others call its web, but says no port.",
    ],
  ])("is refused when it %s", (_case, network, sentence) => {
    expect(() => check(network)).toThrow(sentence);
  });
});
