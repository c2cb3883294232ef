import { hasDnsSolver, isPublic, issuerOf } from "./certificate-settings.ts";
import { GATEWAY, HTTP_LISTENER } from "./gateway.ts";
import type { Settings } from "./settings.ts";

// What cert-manager is asked for, by its own kinds.

/** Directories of the authority; the stage gives certificates that nobody trusts, and does not count them. */
const DIRECTORIES = {
  letsencrypt: "https://acme-v02.api.letsencrypt.org/directory",
  "letsencrypt-staging": "https://acme-staging-v02.api.letsencrypt.org/directory",
} as const;

/** An object of cert-manager. */
export interface Asked {
  readonly kind: "ClusterIssuer" | "Certificate";
  readonly name: string;
  /** Left out by what belongs to the whole cluster. */
  readonly namespace?: string;
  readonly spec: object;
}

/** Names are proved by a page below each; those below the stores' domain by a record where there is a solver for it. */
function solversOf(settings: Settings): object[] {
  const { namespace, ingressClass, gatewayClass, baseDomain, dnsSolver } = settings;
  // ClusterIP: cert-manager's default opens a port of the node.
  const serviceType = "ClusterIP";
  const parentRefs = [{ namespace, name: GATEWAY, kind: "Gateway", sectionName: HTTP_LISTENER }];
  const http01 =
    gatewayClass === ""
      ? { ingress: { ingressClassName: ingressClass, serviceType } }
      : { gatewayHTTPRoute: { parentRefs, serviceType } };
  return [{ http01 }, ...(hasDnsSolver(settings) ? [{ dns01: dnsSolver, selector: { dnsZones: [baseDomain] } }] : [])];
}

function certificate(namespace: string, secretName: string, issuer: string, more: object): Asked {
  return {
    kind: "Certificate",
    name: secretName,
    namespace,
    spec: {
      secretName,
      issuerRef: { kind: "ClusterIssuer", name: issuer },
      privateKey: { algorithm: "ECDSA", size: 256, rotationPolicy: "Always" },
      ...more,
    },
  };
}

/** The issuer, and for a certificate authority of our own what it signs with. */
export function issuersOf(settings: Settings): Asked[] {
  const name = issuerOf(settings);
  if (!isPublic(settings)) {
    const root = `${name}-root`;
    const secret = `${name}-ca`;
    return [
      { kind: "ClusterIssuer", name: root, spec: { selfSigned: {} } },
      certificate(settings.certManagerNamespace, secret, root, {
        isCA: true,
        commonName: "Storefleet",
        duration: "87600h",
        // Made anew only when it ends: everybody who trusts it would have to be told.
        privateKey: { algorithm: "ECDSA", size: 256, rotationPolicy: "Never" },
      }),
      { kind: "ClusterIssuer", name, spec: { ca: { secretName: secret } } },
    ];
  }
  const acme = {
    server: settings.certificates === "letsencrypt" ? DIRECTORIES.letsencrypt : DIRECTORIES["letsencrypt-staging"],
    ...(settings.certificateEmail !== "" && { email: settings.certificateEmail }),
    privateKeySecretRef: { name: `${name}-acme-account` },
    solvers: solversOf(settings),
  };
  return [{ kind: "ClusterIssuer", name, spec: { acme } }];
}

/** The certificates of the platform's namespace: the dashboard's, and the wildcard of stores. */
export function certificatesAtHome(settings: Settings): Asked[] {
  const { namespace, tlsSecret, storesTlsSecret, host, baseDomain, storeCertificates } = settings;
  const issuer = issuerOf(settings);
  return [
    certificate(namespace, tlsSecret, issuer, { dnsNames: [host] }),
    ...(storeCertificates === "wildcard"
      ? [certificate(namespace, storesTlsSecret, issuer, { dnsNames: [`*.${baseDomain}`] })]
      : []),
  ];
}
