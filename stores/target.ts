import { z } from "zod";
import { isDomain, SettingsProblem, type Spec } from "./spec.ts";

// Where a store runs: what the cluster offers. Set by whoever runs the platform, never by the owner of a store.

/**
 * Addresses that "the outside web" does not mean, although they can be routed: other pods, services and machines of the
 * cluster and its network, and the cloud's metadata service (169.254.169.254 and, at Alibaba, 100.100.100.200).
 */
export const PRIVATE_RANGES = [
  "0.0.0.0/8", // this host
  "10.0.0.0/8", // private (RFC 1918)
  "100.64.0.0/10", // carrier-grade NAT (RFC 6598), used by some clouds for nodes and metadata
  "127.0.0.0/8", // loopback
  "169.254.0.0/16", // link-local, cloud metadata
  "172.16.0.0/12", // private (RFC 1918)
  "192.0.0.0/24", // protocol assignments, metadata of one cloud
  "192.168.0.0/16", // private (RFC 1918)
  "198.18.0.0/15", // benchmarks, used by some service meshes
  "224.0.0.0/4", // multicast
  "240.0.0.0/4", // reserved, broadcast
] as const;

const label = (what: string) =>
  z
    .string()
    .regex(/^([a-z0-9]([a-z0-9.-]*[a-z0-9])?)?$/, {
      error: ({ input }) => `"${String(input)}" cannot be the name of ${what}; use small letters, digits and dashes.`,
    })
    .default("");

const range = z.cidrv4({ error: ({ input }) => `"${String(input)}" is not a range of addresses such as 10.0.0.0/8.` });

export const targetSchema = z
  .strictObject({
    /** Stores without a domain of their own get `<name>.<baseDomain>`. `localhost` needs no DNS. Default `localhost`. */
    baseDomain: z
      .string()
      .toLowerCase()
      .refine((value) => value === "localhost" || isDomain(value), {
        error: ({ input }) =>
          `"${String(input)}" is not a base domain; write one such as localhost or stores.example.com.`,
      })
      .default("localhost"),
    /** Class of the ingress controller; empty where the cluster has none. Default `traefik`. */
    ingressClass: label("an ingress class").default("traefik"),
    /** Namespace of the ingress controller's pods, the only ones let in. Default `traefik`. */
    ingressNamespace: label("a namespace").default("traefik"),
    /** Port on which people reach the ingress controller. Default 8080. */
    ingressPort: z
      .int({ error: ({ input }) => `The ingress port "${String(input)}" is not a whole number.` })
      .min(1, { error: "The ingress port must be between 1 and 65535." })
      .max(65535, { error: "The ingress port must be between 1 and 65535." })
      .default(8080),
    /** Annotations of a store's Ingress, for what a class wants to be told. Default: none. */
    ingressAnnotations: z.record(z.string(), z.string()).default({}),
    /** Listener of a Gateway, as `namespace/name/section`: stores get an HTTPRoute to it in place of an Ingress. */
    gateway: z
      .string()
      .regex(/^([a-z0-9-]+\/[a-z0-9.-]+\/[a-z0-9.-]+)?$/, {
        error: ({ input }) => `"${String(input)}" is no listener of a Gateway; write it as namespace/name/section.`,
      })
      .default(""),
    /** Secret in the store's namespace with its certificate; addresses begin with https when set. Default: none. */
    tlsSecret: label("a Secret"),
    /** ClusterIssuer of cert-manager that fills `tlsSecret`. Default: somebody else does. */
    certificateIssuer: label("an issuer"),
    /** Whether the ingress controller has a certificate for everything below `baseDomain`. Default false. */
    wildcardCertificate: z.boolean({ error: "wildcardCertificate is a yes or no: true or false." }).default(false),
    /** Class of the volumes; empty takes the cluster's default. */
    storageClass: label("a storage class"),
    /** Class of volumes that pods on several nodes can mount at once (ReadWriteMany). Default: the cluster has none. */
    sharedStorageClass: label("a storage class"),
    /** Registry that holds `storefleet/…` images. Default `localhost`: images loaded into the node. */
    imageRegistry: z
      .string()
      .regex(/^[a-z0-9]([a-z0-9.:/_-]*[a-z0-9])?$/, {
        error: ({ input }) =>
          `"${String(input)}" is not an image registry; write one such as registry.example.com/team.`,
      })
      .default("localhost"),
    /** IPv4 ranges that stores cannot reach although they may use the outside web. Default: every private one. */
    blockedRanges: z
      .array(range)
      .min(1, { error: "There must be blocked ranges: without them a store reaches the cluster and its network." })
      .default([...PRIVATE_RANGES]),
  })
  .refine((target) => target.tlsSecret === "" || target.ingressClass !== "", {
    error: "A TLS secret is set, but no ingress class: nothing would serve it. Set ingressClass or remove tlsSecret.",
  })
  .refine((target) => (target.gateway === "" && !target.wildcardCertificate) || target.ingressClass !== "", {
    error: "A gateway or a wildcard certificate is set, but no ingress class: there would be no way in.",
  })
  .refine((target) => target.certificateIssuer === "" || target.tlsSecret !== "", {
    error: "An issuer is set, but no tlsSecret that it could fill. Name one, such as store-tls.",
  })
  .refine((target) => target.ingressClass === "" || target.ingressNamespace !== "", {
    error: "An ingress class is set, but not the namespace of its controller. Set ingressNamespace to let it in.",
  });

export type Target = z.infer<typeof targetSchema>;

/** Throws a SettingsProblem that names every mistake at once. */
export function parseTarget(input: unknown): Target {
  const parsed = targetSchema.safeParse(input);
  if (!parsed.success) throw new SettingsProblem(parsed.error);
  return parsed.data;
}

/** Host name of a store where there is a way in. */
function hostOf(spec: Pick<Spec, "name" | "domain">, { baseDomain }: Target): string {
  return spec.domain ?? `${spec.name}.${baseDomain}`;
}

/** How a store is served by https. */
export interface Certificate {
  readonly https: boolean;
  /** Secret in the store's namespace; empty where the ingress controller has the certificate itself. */
  readonly secret: string;
}

/** A wildcard is for one label below the base domain; any other host has a certificate of its own. */
export function certificateOf(spec: Pick<Spec, "name" | "domain">, target: Target): Certificate {
  const label = hostOf(spec, target).slice(0, -target.baseDomain.length - 1);
  const isBelow = hostOf(spec, target) === `${label}.${target.baseDomain}` && !label.includes(".");
  if (target.wildcardCertificate && isBelow) return { https: true, secret: "" };
  return { https: target.tlsSecret !== "", secret: target.tlsSecret };
}

/** Where a store answers. */
export interface Addresses {
  /** Origin of the storefront, without a slash at its end. */
  readonly storefront: string;
  /** Origin of the engine's own server: its API, its admin panel, its files. */
  readonly backend: string;
  /** Host name the ingress controller answers to; `undefined` where there is no ingress. */
  readonly host: string | undefined;
}

const DEFAULT_PORTS: Readonly<Record<string, number>> = { http: 80, https: 443 };

/** A Service that a person forwards to the same port of the own machine where there is no ingress. */
export interface Forward {
  readonly service: string;
  readonly port: number;
}

export interface Forwards {
  readonly storefront: Forward;
  readonly backend: Forward;
}

/**
 * Through the ingress both are one origin. Without one they are the loopback ports of two port-forwards, so that links
 * and cookies agree with what people type.
 */
export function addressesOf(spec: Pick<Spec, "name" | "domain">, target: Target, forwards: Forwards): Addresses {
  if (target.ingressClass === "") {
    const local = ({ port }: Forward) => `http://localhost:${port}`;
    return { storefront: local(forwards.storefront), backend: local(forwards.backend), host: undefined };
  }
  const scheme = certificateOf(spec, target).https ? "https" : "http";
  const port = target.ingressPort === DEFAULT_PORTS[scheme] ? "" : `:${target.ingressPort}`;
  const host = hostOf(spec, target);
  const origin = `${scheme}://${host}${port}`;
  return { storefront: origin, backend: origin, host };
}
