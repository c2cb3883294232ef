import { isHttps } from "./certificate-settings.ts";
import type { Settings } from "./settings.ts";

const DEFAULT_PORTS: Readonly<Record<string, number>> = { http: 80, https: 443 };

/** Origin of the dashboard and the API, without a slash at its end. */
export function originOf(settings: Pick<Settings, "host" | "certificates" | "ingressPort">): string {
  const scheme = isHttps(settings) ? "https" : "http";
  const port = settings.ingressPort === DEFAULT_PORTS[scheme] ? "" : `:${settings.ingressPort}`;
  return `${scheme}://${settings.host}${port}`;
}
