import { isHttps } from "./certificate-settings.ts";
import { STORE_LABEL } from "./names.ts";
import type { Settings } from "./settings.ts";

/** The platform's Gateway, and its listeners: for http that becomes https, for the dashboard, for stores. */
export const GATEWAY = "storefleet";
export const HTTP_LISTENER = "http";
export const DASHBOARD_LISTENER = "dashboard";
/** As stores name it, after the platform's namespace. */
export const STORES_LISTENER = `${GATEWAY}/stores`;

/** Where the certificates are; `undefined` for plain http. */
export interface GatewayCertificates {
  readonly dashboard: string;
  readonly stores: string;
}

/**
 * `spec.listeners` of the Gateway. Only stores may attach to theirs, and only the platform to the others.
 */
export function listenersOf(
  settings: Pick<Settings, "host" | "gatewayPorts" | "certificates">,
  { dashboard, stores }: GatewayCertificates,
) {
  const [http, https] = settings.gatewayPorts.split(",").map(Number);
  const home = { namespaces: { from: "Same" } };
  const ofStores = {
    namespaces: { from: "Selector", selector: { matchExpressions: [{ key: STORE_LABEL, operator: "Exists" }] } },
  };
  const open = (secret: string) =>
    isHttps(settings)
      ? {
          port: https,
          protocol: "HTTPS",
          tls: { mode: "Terminate", certificateRefs: [{ kind: "Secret", name: secret }] },
        }
      : { port: http, protocol: "HTTP" };
  return [
    ...(isHttps(settings) ? [{ name: HTTP_LISTENER, port: http, protocol: "HTTP", allowedRoutes: home }] : []),
    { name: DASHBOARD_LISTENER, hostname: settings.host, ...open(dashboard), allowedRoutes: home },
    { name: "stores", ...open(stores), allowedRoutes: ofStores },
  ];
}

/** `spec` of the HTTPRoute that sends every request by http to https. */
export function redirectRoute({ ingressPort }: Pick<Settings, "ingressPort">) {
  return {
    parentRefs: [{ name: GATEWAY, sectionName: HTTP_LISTENER }],
    rules: [
      {
        filters: [
          { type: "RequestRedirect", requestRedirect: { scheme: "https", port: ingressPort, statusCode: 301 } },
        ],
      },
    ],
  };
}

/** `spec` of the dashboard's HTTPRoute. */
export function dashboardRoute({ host }: Pick<Settings, "host">, service: string) {
  return {
    hostnames: [host],
    parentRefs: [{ name: GATEWAY, sectionName: DASHBOARD_LISTENER }],
    rules: [{ backendRefs: [{ name: service, port: 80 }] }],
  };
}
