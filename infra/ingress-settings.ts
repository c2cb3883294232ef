import { z } from "zod";
import { anything, chart, label, optional } from "./setting-kinds.ts";

/** How people and stores are reached. */
export const ingressShape = {
  host: label("a host").default("storefleet.localhost"),
  baseDomain: label("a domain").default("localhost"),
  ingressController: z
    .enum(["cluster", "traefik"], { error: "ingressController must be one of: cluster, traefik." })
    .default("cluster"),
  traefikChart: chart("traefikChart"),
  traefikValues: anything,
  ingressClass: label("an ingress class").default("traefik"),
  ingressNamespace: label("a namespace").default("traefik"),
  ingressService: optional(
    z.string().regex(/^[a-z0-9-]+:\d+$/, { error: "ingressService is written as name:port, such as traefik:80." }),
  ).default("traefik:80"),
  ingressPort: z.coerce.number().int().min(1).max(65535).default(8080),
  ingressAnnotations: z.record(z.string(), z.string()).default({}),
  gatewayClass: optional(label("a class of Gateways")).default(""),
  gatewayPorts: z
    .string()
    .regex(/^\d{1,5},\d{1,5}$/, { error: "gatewayPorts are two ports, for http and https, such as 80,443." })
    .default("80,443"),
  trustedProxies: z
    .string()
    .regex(/^([1-9]|[0-9a-f.:/]+(,[0-9a-f.:/]+)*)$/, {
      error: "trustedProxies is a number of proxies, or their addresses such as 10.0.0.1,192.168.0.0/16.",
    })
    .default("1"),
};
