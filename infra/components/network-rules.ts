import type { types } from "@pulumi/kubernetes";
import { isPublic } from "../certificate-settings.ts";
import { DATABASE_CLUSTER_PODS, DATABASE_OPERATOR_NAMESPACE, type Part, selectorOf } from "../names.ts";
import { API_PORT, DATABASE_PORT, VAULT_PORT } from "../ports.ts";
import type { Settings } from "../settings.ts";

// Who may call whom in the platform's namespace. Nodes may reach the pods they run (probes); policies do not govern that.

type PolicySpec = types.input.networking.v1.NetworkPolicySpec;
type Egress = types.input.networking.v1.NetworkPolicyEgressRule;

export type NetworkRulesInput = Pick<
  Settings,
  | "ingressNamespace"
  | "ingressService"
  | "certificates"
  | "database"
  | "stateBackend"
  | "vault"
  | "secretsProvider"
  | "monitoring"
  | "monitoringNamespace"
  | "lokiUrl"
>;

/** Where a server of CloudNativePG tells how it is. */
const SERVER_STATUS_PORT = 8000;

const tcp = (port: number) => ({ protocol: "TCP", port });
const pods = (part: Part) => ({ podSelector: { matchLabels: selectorOf(part) } });
/** Kubernetes labels every namespace with its own name; nobody else can take that label. */
const namespacePods = (namespace: string) => ({
  namespaceSelector: { matchLabels: { "kubernetes.io/metadata.name": namespace } },
});

const clusterPods = { podSelector: { matchLabels: DATABASE_CLUSTER_PODS } };
/** Prometheus as its operator labels it: whoever else is in that namespace may not call the API. */
const prometheus = (namespace: string) => ({
  ...namespacePods(namespace),
  podSelector: { matchLabels: { "app.kubernetes.io/name": "prometheus" } },
});
/** Port of an address, also where it is the usual one. */
const portOf = ({ protocol, port }: URL) => Number(port) || (protocol === "https:" ? 443 : 80);

const nameLookups: Egress = {
  to: [{ ...namespacePods("kube-system"), podSelector: { matchLabels: { "k8s-app": "kube-dns" } } }],
  ports: [{ protocol: "UDP", port: 53 }, tcp(53)],
};

/**
 * To the API server, by port alone: it is no pod, and its address is a node's, which some network agents do not match by
 * ranges of addresses. Backends of Pulumi's state in a cloud are reached the same way.
 */
const apiServer: Egress = { ports: [tcp(443), tcp(6443)] };

/** Servers of the database hear from the control plane, from each other, and from the operator, which also asks how they are. */
const databaseCluster: PolicySpec = {
  podSelector: { matchLabels: DATABASE_CLUSTER_PODS },
  policyTypes: ["Ingress", "Egress"],
  ingress: [
    { from: [pods("api"), pods("worker"), pods("migration")], ports: [tcp(DATABASE_PORT)] },
    {
      from: [namespacePods(DATABASE_OPERATOR_NAMESPACE), clusterPods],
      ports: [tcp(DATABASE_PORT), tcp(SERVER_STATUS_PORT)],
    },
  ],
  // What runs in each server tells the API server how it is, and takes its orders from there.
  egress: [nameLookups, apiServer, { to: [clusterPods], ports: [tcp(DATABASE_PORT), tcp(SERVER_STATUS_PORT)] }],
};

/** To the Vault that holds the key: ours, or one elsewhere by its usual port. */
function vaultRule({ vault, secretsProvider }: NetworkRulesInput): Egress[] {
  if (vault !== "none") return [{ to: [pods("vault")], ports: [tcp(VAULT_PORT)] }];
  return secretsProvider.startsWith("hashivault://") ? [{ ports: [tcp(VAULT_PORT)] }] : [];
}

/** `spec` of each NetworkPolicy by the policy's name: one that denies everything, then one for each part. */
export function networkRules(settings: NetworkRulesInput): Record<string, PolicySpec> {
  const toDatabase: Egress =
    settings.database === "external"
      ? { ports: [tcp(DATABASE_PORT)] }
      : { to: [settings.database === "statefulset" ? pods("database") : clusterPods], ports: [tcp(DATABASE_PORT)] };
  const stateInPostgres = /^postgres/.test(settings.stateBackend);
  const toVault = vaultRule(settings);
  const part = (name: Part, ingress: PolicySpec["ingress"], egress: Egress[]): PolicySpec => ({
    podSelector: { matchLabels: selectorOf(name) },
    policyTypes: ["Ingress", "Egress"],
    ingress,
    egress,
  });
  return {
    "default-deny": { podSelector: {}, policyTypes: ["Ingress", "Egress"] },
    api: part(
      "api",
      [
        {
          from: [
            namespacePods(settings.ingressNamespace),
            ...(settings.monitoring === "none" ? [] : [prometheus(settings.monitoringNamespace)]),
          ],
          ports: [tcp(API_PORT)],
        },
      ],
      [nameLookups, toDatabase, apiServer],
    ),
    worker: part(
      "worker",
      [],
      [
        nameLookups,
        toDatabase,
        apiServer,
        // A store is asked to sell through the ingress controller, as a customer would; its pods are out of reach.
        { to: [namespacePods(settings.ingressNamespace)] },
        ...(stateInPostgres ? [{ ports: [tcp(DATABASE_PORT)] }] : []),
        ...(settings.ingressService === "" ? [{ ports: [tcp(80)] }] : []),
        ...toVault,
      ],
    ),
    // Its state and the API server, and nothing of the platform: an operation knows no database.
    operation: part(
      "operation",
      [],
      [nameLookups, apiServer, ...(stateInPostgres ? [{ ports: [tcp(DATABASE_PORT)] }] : []), ...toVault],
    ),
    ...(settings.database === "cloudnativepg" && { "database-cluster": databaseCluster }),
    ...(settings.lokiUrl !== "" && {
      logs: part("logs", [], [nameLookups, apiServer, { ports: [tcp(portOf(new URL(settings.lokiUrl)))] }]),
    }),
    // While a certificate is asked for, a pod of cert-manager answers the authority's question.
    ...(isPublic(settings) && {
      "certificate-solver": {
        podSelector: { matchLabels: { "acme.cert-manager.io/http01-solver": "true" } },
        policyTypes: ["Ingress", "Egress"],
        ingress: [{ from: [namespacePods(settings.ingressNamespace)], ports: [tcp(8089)] }],
      },
    }),
    migration: part("migration", [], [nameLookups, toDatabase]),
    ...(settings.vault !== "none" && {
      vault: part("vault", [{ from: [pods("worker"), pods("operation")], ports: [tcp(VAULT_PORT)] }], []),
    }),
    ...(settings.database === "statefulset" && {
      database: part(
        "database",
        [{ from: [pods("api"), pods("worker"), pods("migration")], ports: [tcp(DATABASE_PORT)] }],
        [],
      ),
    }),
  };
}
