import { certificateOf } from "../target.ts";
import type { ValuesInput } from "./engine.ts";

/** The way in, in the words of a chart. */
export interface IngressValues {
  /** Empty where there is none. */
  readonly host: string;
  /** Class of the Ingress; empty makes none. */
  readonly className: string;
  /** Listener that an HTTPRoute in place of the Ingress belongs to; empty names make none. */
  readonly gateway: { readonly namespace: string; readonly name: string; readonly section: string };
  readonly annotations: Readonly<Record<string, string>>;
  readonly https: boolean;
  /** Secret with the certificate; empty where the controller has it itself. */
  readonly tlsSecret: string;
}

/** cert-manager makes a certificate for whatever Ingress asks an issuer for one. */
const ISSUER = "cert-manager.io/cluster-issuer";

export function ingressValues({ spec, target, addresses }: Pick<ValuesInput, "spec" | "target" | "addresses">) {
  const { https, secret } = certificateOf(spec, target);
  const [namespace = "", name = "", section = ""] = target.gateway.split("/");
  const isIssued = secret !== "" && target.certificateIssuer !== "";
  return {
    host: addresses.host ?? "",
    className: target.gateway === "" ? target.ingressClass : "",
    gateway: { namespace, name, section },
    annotations: { ...target.ingressAnnotations, ...(isIssued && { [ISSUER]: target.certificateIssuer }) },
    https,
    tlsSecret: secret,
  } satisfies IngressValues;
}
