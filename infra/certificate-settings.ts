import { z } from "zod";
import { anything, chart, label, optional } from "./setting-kinds.ts";

/** Where certificates come from, and who has which. */
export const certificateShape = {
  certificates: z
    .enum(["none", "self-signed", "letsencrypt-staging", "letsencrypt", "given"], {
      error: "certificates must be one of: none, self-signed, letsencrypt-staging, letsencrypt, given.",
    })
    .default("none"),
  storeCertificates: z
    .enum(["each", "wildcard"], { error: "storeCertificates must be one of: each, wildcard." })
    .default("each"),
  certificateEmail: optional(
    z.email({ error: "certificateEmail is the e-mail address of whoever looks after certificates." }),
  ).default(""),
  dnsSolver: anything,
  certManager: z
    .enum(["expect", "install"], { error: "certManager must be one of: expect, install." })
    .default("expect"),
  certManagerNamespace: label("a namespace").default("cert-manager"),
  certManagerChart: chart("certManagerChart"),
  tlsSecret: label("a Secret").default("dashboard-tls"),
  storesTlsSecret: label("a Secret").default("stores-tls"),
};

const shape = z.object(certificateShape);
export type CertificateSettings = z.infer<typeof shape>;

/** What a certificate depends on besides. */
interface Checked extends CertificateSettings {
  readonly baseDomain: string;
  readonly ingressService: string;
  readonly gatewayClass: string;
}

/** What does not go together, by the sentence that says so. */
export const certificateMistakes: Readonly<Record<string, (settings: Checked) => boolean>> = {
  "certificates are given, which cannot be one for each store: set storeCertificates to wildcard.": ({
    certificates,
    storeCertificates,
  }) => certificates === "given" && storeCertificates === "each",
  "Let's Encrypt gives a wildcard only to whoever changes the domain's records: set dnsSolver, or storeCertificates to each.":
    (settings) => isPublic(settings) && settings.storeCertificates === "wildcard" && !hasDnsSolver(settings),
  "Let's Encrypt knows no localhost: set host and baseDomain to names of the public DNS, or certificates to self-signed.":
    (settings) => isPublic(settings) && settings.baseDomain === "localhost",
  "A Gateway serves the certificates that it lists, not one for each store: set storeCertificates to wildcard.": (
    settings,
  ) => isHttps(settings) && settings.gatewayClass !== "" && settings.storeCertificates === "each",
  "Stores are asked to sell by https: ingressService has to name its port, such as traefik:443.": (settings) =>
    isHttps(settings) && settings.ingressService.endsWith(":80"),
};

/** Whether the dashboard and the stores are served by https. */
export function isHttps({ certificates }: Pick<CertificateSettings, "certificates">): boolean {
  return certificates !== "none";
}

/** Whether an authority that everybody trusts, or its stage, asks for a proof of each name (ACME). */
export function isPublic({ certificates }: Pick<CertificateSettings, "certificates">): boolean {
  return certificates === "letsencrypt" || certificates === "letsencrypt-staging";
}

/** Whether cert-manager makes the certificates, and renews them. */
export function isIssued(settings: Pick<CertificateSettings, "certificates">): boolean {
  return isPublic(settings) || settings.certificates === "self-signed";
}

export function hasDnsSolver({ dnsSolver }: Pick<CertificateSettings, "dnsSolver">): boolean {
  return Object.keys(dnsSolver).length > 0;
}

/** Name of the ClusterIssuer, which carries the namespace, so that two platforms in one cluster do not share it. */
export function issuerOf({ namespace }: { readonly namespace: string }): string {
  return namespace;
}
