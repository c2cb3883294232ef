import type { ComponentNetwork, EngineDefinition } from "../engines/engine.ts";
import type { Spec } from "../spec.ts";
import type { Target } from "../target.ts";

// From an engine's table of who calls whom to NetworkPolicies. Both ends of a connection need a rule: the caller's
// egress and the callee's ingress. Nodes may reach the pods they run (probes); policies do not govern that.

export interface NetworkRulesInput {
  readonly spec: Pick<Spec, "plan">;
  readonly target: Pick<Target, "ingressClass" | "ingressNamespace" | "certificateIssuer" | "blockedRanges">;
  readonly engine: Pick<EngineDefinition, "title" | "plans" | "network">;
}

/** The peer that is not a component: pods of the ingress controller. */
const INGRESS = "ingress";

/** `spec` of each NetworkPolicy by the policy's name: one that denies everything, then one for each component. */
export function networkRules({ spec, target, engine }: NetworkRulesInput) {
  const components = Object.keys(engine.plans[spec.plan]);
  checkTable(engine, components);
  const network = (component: string) => engine.network[component] ?? {};
  const here = (component: string) => components.includes(component);

  const rules = components.map((component) => {
    const { port, from = [], outsideWeb = false } = network(component);
    const callers = [
      ...(from.includes(INGRESS) && target.ingressClass !== "" ? [namespacePods(target.ingressNamespace)] : []),
      ...from.filter(here).map(componentPods),
    ];
    const callees = components.filter((other) => network(other).from?.includes(component));
    const goesOut = callees.length > 0 || outsideWeb;
    return {
      component,
      policy: {
        podSelector: componentPods(component).podSelector,
        policyTypes: ["Ingress", "Egress"],
        ingress: port === undefined || callers.length === 0 ? [] : [{ from: callers, ports: [tcp(port)] }],
        egress: [
          ...callees.map((other) => ({ to: [componentPods(other)], ports: portsOf(network(other)) })),
          ...(goesOut ? [nameLookups] : []),
          ...(outsideWeb ? [webExcept(target.blockedRanges)] : []),
        ],
      },
    };
  });
  return {
    // No rule at all in either direction, for every pod, those that a person adds included.
    "default-deny": { podSelector: {}, policyTypes: ["Ingress", "Egress"] },
    ...Object.fromEntries(rules.map(({ component, policy }) => [component, policy])),
    ...(target.certificateIssuer !== "" && { "certificate-solver": solverRule(target.ingressNamespace) }),
  };
}

/** While a certificate is asked for, cert-manager answers the authority's question by a pod in the store's namespace. */
function solverRule(ingressNamespace: string) {
  return {
    podSelector: { matchLabels: { "acme.cert-manager.io/http01-solver": "true" } },
    policyTypes: ["Ingress", "Egress"],
    ingress: [{ from: [namespacePods(ingressNamespace)], ports: [tcp(8089)] }],
    egress: [],
  };
}

/** A slip in an engine's table would silently cut a component off; it is refused before anything is made. */
function checkTable({ title, network }: Pick<EngineDefinition, "title" | "network">, components: readonly string[]) {
  for (const component of components) {
    if (network[component] === undefined) {
      throw new Error(`${title} has a component "${component}" in its plans, but not in its network table.`);
    }
  }
  for (const [component, { port, from = [] }] of Object.entries(network)) {
    const stranger = from.find((caller) => caller !== INGRESS && network[caller] === undefined);
    if (stranger !== undefined) {
      throw new Error(`${title} lets "${stranger}" call its ${component}, but has no component of that name.`);
    }
    if (from.length > 0 && port === undefined) {
      throw new Error(`${title} lets others call its ${component}, but says no port.`);
    }
  }
}

const tcp = (port: number) => ({ protocol: "TCP", port });

function portsOf({ port }: ComponentNetwork) {
  return port === undefined ? [] : [tcp(port)];
}

function componentPods(component: string) {
  return { podSelector: { matchLabels: { "app.kubernetes.io/component": component } } };
}

/** Kubernetes labels every namespace with its own name; nobody else can take that label. */
function namespacePods(namespace: string) {
  return { namespaceSelector: { matchLabels: { "kubernetes.io/metadata.name": namespace } } };
}

const nameLookups = {
  to: [{ ...namespacePods("kube-system"), podSelector: { matchLabels: { "k8s-app": "kube-dns" } } }],
  ports: [{ protocol: "UDP", port: 53 }, tcp(53)],
};

/** IPv4 only: where a cluster also speaks IPv6, that way out stays denied. */
function webExcept(ranges: readonly string[]) {
  return { to: [{ ipBlock: { cidr: "0.0.0.0/0", except: [...ranges] } }], ports: [tcp(443), tcp(80)] };
}
