import { betterAuth } from "better-auth";
import { genericOAuth } from "better-auth/plugins/generic-oauth";
import { SINGLE_SIGN_ON } from "../database/identity-repository.ts";
import type { SingleSignOnConfig } from "../single-sign-on-config.ts";
import { type AuthOptions, authOptions } from "./options.ts";

/** Single sign-on, apart from the rest: it asks the provider about itself first, and nothing else waits for that. */
export function createProviderAuth(
  options: AuthOptions,
  { issuer, clientId, clientSecret, title }: SingleSignOnConfig,
  key: string,
) {
  const provider = {
    providerId: SINGLE_SIGN_ON,
    name: title,
    discoveryUrl: `${issuer}/.well-known/openid-configuration`,
    clientId,
    ...(clientSecret !== undefined && { clientSecret }),
    scopes: ["openid", "email", "profile"],
    pkce: true,
    requireIdTokenVerification: true,
    // Who may become a new person is said when the way begins.
    disableImplicitSignUp: true,
  };
  return betterAuth({ ...authOptions(options, key), plugins: [genericOAuth({ config: [provider] })] });
}
