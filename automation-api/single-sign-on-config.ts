import { z } from "zod";

// The variables about single sign-on; `config.ts` reads them.

export interface SingleSignOnConfig {
  /** Below it stands `.well-known/openid-configuration`. Without a slash at its end. */
  readonly issuer: string;
  readonly clientId: string;
  /** `undefined` for a public client: PKCE alone protects the exchange then. */
  readonly clientSecret: string | undefined;
  /** What the button says. */
  readonly title: string;
}

const loopback = /^(localhost|127\.0\.0\.1|\[::1\])$/;
const issuer = z
  .url({ protocol: /^https?$/, error: "must be an address such as https://id.example.com" })
  .refine((value) => value.startsWith("https:") || loopback.test(new URL(value).hostname), {
    error: "must begin with https://, except on this machine",
  });

export const singleSignOnShape = {
  STOREFLEET_OIDC_ISSUER: issuer.optional(),
  STOREFLEET_OIDC_CLIENT_ID: z.string().optional(),
  STOREFLEET_OIDC_CLIENT_SECRET: z.string().optional(),
  STOREFLEET_OIDC_TITLE: z.string().max(40, { error: "is longer than 40 characters" }).default("Single sign-on"),
};

type Values = z.infer<z.ZodObject<typeof singleSignOnShape>>;

/** One without the other would be forgotten without a word. */
export function requireBoth(
  { STOREFLEET_OIDC_ISSUER, STOREFLEET_OIDC_CLIENT_ID }: Values,
  context: z.core.$RefinementCtx,
): void {
  if ((STOREFLEET_OIDC_ISSUER === undefined) === (STOREFLEET_OIDC_CLIENT_ID === undefined)) return;
  const path = [STOREFLEET_OIDC_ISSUER === undefined ? "STOREFLEET_OIDC_ISSUER" : "STOREFLEET_OIDC_CLIENT_ID"];
  context.addIssue({ code: "custom", path, message: "is not set; single sign-on needs an issuer and a client id" });
}

export function singleSignOnOf(values: Values): SingleSignOnConfig | undefined {
  const { STOREFLEET_OIDC_ISSUER: address, STOREFLEET_OIDC_CLIENT_ID: clientId } = values;
  if (address === undefined || clientId === undefined) return undefined;
  return {
    issuer: address.replace(/\/$/, ""),
    clientId,
    clientSecret: values.STOREFLEET_OIDC_CLIENT_SECRET,
    title: values.STOREFLEET_OIDC_TITLE,
  };
}
