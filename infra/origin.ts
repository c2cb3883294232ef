import type { Settings } from "./settings.ts";

const DEFAULT_PORTS: Readonly<Record<string, number>> = { http: 80, https: 443 };

/** Origin of the dashboard and the API, without a slash at its end. */
export function originOf(settings: Pick<Settings, "host" | "tlsSecret" | "ingressPort">): string {
  const scheme = settings.tlsSecret === "" ? "http" : "https";
  const port = settings.ingressPort === DEFAULT_PORTS[scheme] ? "" : `:${settings.ingressPort}`;
  return `${scheme}://${settings.host}${port}`;
}
