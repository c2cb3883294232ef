import { setTimeout as sleep } from "node:timers/promises";
import { z } from "zod";
import type { Finished, SingleSignOn, Visitor } from "../authentication.ts";
import { SINGLE_SIGN_ON } from "../database/identity-repository.ts";
import { once } from "../once.ts";
import type { SingleSignOnConfig } from "../single-sign-on-config.ts";
import { DomainError } from "../use-cases/domain-error.ts";
import { type AuthAnswer, headersOf, readAnswer } from "./ask.ts";
import type { AuthOptions } from "./options.ts";

/** Where better-auth thinks it sends people; what it means is translated, and the address never used. */
const PLACES = { known: "/known", stranger: "/stranger", connected: "/connected", refused: "/refused" } as const;

/** Why somebody was sent back without being signed in, by better-auth's words for it. */
const reasons: Readonly<Record<string, Extract<Finished, { outcome: "refused" }>["why"]>> = {
  signup_disabled: "unknown-person",
  account_not_linked: "address-taken",
  account_already_linked_to_different_user: "taken",
};

const redirection = z.object({ url: z.url() });

/**
 * Signing in by an OpenID Connect provider: authorization code with PKCE, state and nonce, and an ID token whose
 * signature is verified. Asks the provider about itself when it is first needed, so that nothing else waits for it.
 */
export function createSingleSignOn(
  options: AuthOptions,
  config: SingleSignOnConfig,
  signingKey: () => Promise<string>,
): SingleSignOn {
  const auth = once(async () => {
    const { createProviderAuth } = await import("./provider-auth.ts");
    return createProviderAuth(options, config, await signingKey());
  });
  const asked = async (visitor: Visitor) => ({
    api: (await auth()).api,
    headers: headersOf(visitor, options.publicOrigin, await signingKey()),
  });
  const common = { provider: SINGLE_SIGN_ON, disableRedirect: true, errorCallbackURL: PLACES.refused };
  return {
    title: config.title,
    begin: async (visitor, { signUp }) => {
      const { api, headers } = await asked(visitor);
      const places = { callbackURL: PLACES.known, newUserCallbackURL: PLACES.stranger };
      const body = { ...common, ...places, requestSignUp: signUp };
      return begun(await withPatience(api.signInSocial({ body, headers, asResponse: true })));
    },
    connect: async (visitor, userId) => {
      const { api, headers } = await asked(visitor);
      const body = { ...common, callbackURL: `${PLACES.connected}?user=${userId}` };
      return begun(await withPatience(api.linkSocialAccount({ body, headers, asResponse: true })));
    },
    finish: async (visitor, query) => {
      const { api, headers } = await asked(visitor);
      const params = { id: SINGLE_SIGN_ON };
      const answer = withPatience(api.callbackOAuth({ method: "GET", params, query, headers, asResponse: true }));
      return finished(await answer, options.publicOrigin);
    },
  };
}

/** How long the provider may take, in milliseconds; better-auth would wait for minutes. */
const PATIENCE = 8_000;

async function withPatience(answer: Promise<Response>): Promise<AuthAnswer> {
  const late = sleep(PATIENCE, undefined, { ref: false }).then(() => {
    throw unreachable();
  });
  return readAnswer(await Promise.race([answer, late]));
}

const unreachable = () =>
  new DomainError("unavailable", "The provider of single sign-on does not answer; sign in another way.", {
    type: "single-sign-on-unreachable",
  });

function begun({ isDone, body, cookies }: AuthAnswer) {
  const parsed = redirection.safeParse(body);
  if (!isDone || !parsed.success) throw unreachable();
  return { body: parsed.data, cookies };
}

function finished({ location, secret, cookies }: AuthAnswer, origin: string): Finished {
  const to = new URL(location ?? PLACES.refused, origin);
  if (to.pathname === PLACES.connected) {
    return { outcome: "connected", userId: to.searchParams.get("user") ?? "", cookies };
  }
  if (secret !== undefined && (to.pathname === PLACES.known || to.pathname === PLACES.stranger)) {
    return { outcome: "signed-in", secret, isNew: to.pathname === PLACES.stranger, cookies };
  }
  return { outcome: "refused", why: reasons[to.searchParams.get("error") ?? ""] ?? "failed", cookies };
}
