import { isHttps, isIssued, issuerOf } from "./certificate-settings.ts";
import { STORES_LISTENER } from "./gateway.ts";
import { ingressAnnotations } from "./ingress-annotations.ts";
import type { Settings } from "./settings.ts";

/** Secret in each store's namespace for a certificate of its own. */
const STORE_SECRET = "store-tls";

/** Where stores run, in the words of the store program; `stores/target.ts` reads it. */
export function storeTarget(settings: Settings): Record<string, unknown> {
  const annotations = ingressAnnotations(settings);
  return {
    baseDomain: settings.baseDomain,
    ingressClass: settings.ingressClass,
    ingressNamespace: settings.ingressNamespace,
    ingressPort: settings.ingressPort,
    ...(Object.keys(annotations).length > 0 && { ingressAnnotations: annotations }),
    ...(settings.gatewayClass !== "" && { gateway: `${settings.namespace}/${STORES_LISTENER}` }),
    ...(isHttps(settings) && certificatesOfStores(settings)),
    storageClass: settings.storageClass,
    imageRegistry: settings.storeImageRegistry,
  };
}

/** Also with a wildcard: a store with a domain of its own needs a certificate of its own. */
function certificatesOfStores(settings: Settings): Record<string, unknown> {
  return {
    tlsSecret: STORE_SECRET,
    ...(isIssued(settings) && settings.gatewayClass === "" && { certificateIssuer: issuerOf(settings) }),
    ...(settings.storeCertificates === "wildcard" && { wildcardCertificate: true }),
  };
}
