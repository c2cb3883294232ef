import type * as pulumi from "@pulumi/pulumi";
import { isHttps } from "./certificate-settings.ts";
import { isTraefik, PROMISE_HTTPS, TO_HTTPS } from "./ingress-annotations.ts";
import type { Settings } from "./settings.ts";

type Values = Readonly<Record<string, unknown>>;

/** Values of Traefik's chart: its class, and nothing that asks or tells the outside; `settings.traefikValues` on top. */
export function traefikValues(settings: Settings): Values {
  const { ingressClass, gatewayClass, apiReplicas } = settings;
  return merged(
    {
      ingressClass: { enabled: true, isDefaultClass: false, name: ingressClass },
      providers: {
        kubernetesIngress: { ingressClass },
        kubernetesGateway: { enabled: gatewayClass !== "" },
      },
      // The Gateway is the platform's own.
      gateway: { enabled: false },
      gatewayClass: { enabled: gatewayClass !== "", name: gatewayClass },
      // As many as there are of the API, whose way in it is.
      deployment: { replicas: apiReplicas },
      resources: { requests: { cpu: "50m", memory: "60Mi" }, limits: { memory: "300Mi" } },
      global: { checkNewVersion: false, sendAnonymousUsage: false },
    },
    settings.traefikValues,
  );
}

/** What both say; where they differ, the second counts. */
function merged(values: Values, over: Values): Values {
  const pairs = Object.entries(over).map(([key, value]) => {
    const given = values[key];
    return [key, isValues(given) && isValues(value) ? merged(given, value) : value] as const;
  });
  return { ...values, ...Object.fromEntries(pairs) };
}

function isValues(value: unknown): value is Values {
  return typeof value === "object" && value !== null && !Array.isArray(value);
}

/** Seconds for which browsers come by https only: a year. */
const A_YEAR = 31_536_000;

/**
 * Objects of Traefik's own kinds, where it serves https: what makes http https, and the certificate that it shows for stores.
 * @param stores Secret with the wildcard of stores
 */
export function traefikObjects(settings: Settings, stores: pulumi.Output<string> | undefined) {
  if (stores === undefined || !isHttps(settings) || !isTraefik(settings)) return [];
  const apiVersion = "traefik.io/v1alpha1";
  const port = settings.ingressPort === 443 ? {} : { port: String(settings.ingressPort) };
  const middleware = (name: string, spec: object) => ({ apiVersion, kind: "Middleware", name, spec });
  return [
    middleware(TO_HTTPS, { redirectScheme: { scheme: "https", permanent: true, ...port } }),
    middleware(PROMISE_HTTPS, { headers: { stsSeconds: A_YEAR } }),
    // The name is Traefik's: what this store holds is shown for every host that has no certificate of its own.
    ...(settings.storeCertificates === "wildcard"
      ? [{ apiVersion, kind: "TLSStore", name: "default", spec: { defaultCertificate: { secretName: stores } } }]
      : []),
  ];
}
