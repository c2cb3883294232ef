import { isHttps } from "./certificate-settings.ts";
import type { Settings } from "./settings.ts";

/** Objects of Traefik's own kinds in the platform's namespace, which every Ingress of that class may name. */
export const TO_HTTPS = "to-https";
export const PROMISE_HTTPS = "promise-https";

export function isTraefik({ ingressClass }: Pick<Settings, "ingressClass">): boolean {
  return ingressClass.includes("traefik");
}

/** What controllers are told where http has to become https, by a part of their class's name. */
const toHttps: Readonly<Record<string, (namespace: string) => Record<string, string>>> = {
  traefik: (namespace) => ({
    "traefik.ingress.kubernetes.io/router.middlewares": [TO_HTTPS, PROMISE_HTTPS]
      .map((name) => `${namespace}-${name}@kubernetescrd`)
      .join(","),
  }),
  // Says Strict-Transport-Security by itself; the plain annotation would not count where the controller has the certificate.
  nginx: () => ({ "nginx.ingress.kubernetes.io/force-ssl-redirect": "true" }),
  haproxy: () => ({ "haproxy.org/ssl-redirect": "true" }),
};

/** Annotations of the dashboard's Ingress and of those of stores: what the class needs, and what was set besides. */
export function ingressAnnotations(
  settings: Pick<Settings, "namespace" | "certificates" | "ingressClass" | "ingressAnnotations">,
): Record<string, string> {
  const known = isHttps(settings)
    ? Object.entries(toHttps).filter(([part]) => settings.ingressClass.includes(part))
    : [];
  return Object.assign({}, ...known.map(([, say]) => say(settings.namespace)), settings.ingressAnnotations);
}
