import { createServer, type IncomingMessage, type ServerResponse } from "node:http";
import Provider from "oidc-provider";
import type { SingleSignOnConfig } from "../../automation-api/single-sign-on-config.ts";
import { freePort } from "./free-port.ts";

/** Somebody at the provider. */
export interface ProviderPerson {
  readonly sub: string;
  readonly email: string;
  readonly email_verified: boolean;
  readonly name: string;
}

/** A real OpenID Connect provider on loopback, in which whoever comes is `who`, and agrees to everything. */
export interface IdentityProvider {
  /** How the service is told about it. */
  readonly config: SingleSignOnConfig;
  who: ProviderPerson;
  stop(): Promise<void>;
}

const client = { client_id: "storefleet", client_secret: "a secret of the client" };

/** @param redirectUri where it sends people back to */
export async function startIdentityProvider(redirectUri: string, first: ProviderPerson): Promise<IdentityProvider> {
  const port = await freePort();
  const issuer = `http://localhost:${port}`;
  const people = new Map<string, ProviderPerson>();
  const provider = new Provider(issuer, {
    clients: [{ ...client, redirect_uris: [redirectUri], token_endpoint_auth_method: "client_secret_post" }],
    pkce: { required: () => true },
    claims: { openid: ["sub"], email: ["email", "email_verified"], profile: ["name"] },
    conformIdTokenClaims: false,
    findAccount: (_: unknown, id: string) => ({ accountId: id, claims: () => people.get(id) }),
    interactions: { url: () => "/interaction" },
    features: { devInteractions: { enabled: false } },
    cookies: { keys: ["a key of the provider"] },
  });
  const found: IdentityProvider = {
    config: { issuer, clientId: client.client_id, clientSecret: client.client_secret, title: "Example ID" },
    who: first,
    stop: async () => {
      server.closeAllConnections();
      await new Promise((resolve) => server.close(resolve));
    },
  };

  async function interact(request: IncomingMessage, response: ServerResponse): Promise<void> {
    const { prompt, params, session } = await provider.interactionDetails(request, response);
    if (prompt.name === "login") {
      people.set(found.who.sub, found.who);
      const result = { login: { accountId: found.who.sub, remember: false } };
      return provider.interactionFinished(request, response, result, { mergeWithLastSubmission: false });
    }
    const grant = new provider.Grant({ accountId: session?.accountId, clientId: params.client_id });
    grant.addOIDCScope(params.scope);
    const result = { consent: { grantId: await grant.save() } };
    return provider.interactionFinished(request, response, result, { mergeWithLastSubmission: true });
  }

  const answer = provider.callback();
  const server = createServer((request, response) => {
    if (request.url?.startsWith("/interaction") !== true) return void answer(request, response);
    interact(request, response).catch((error: unknown) => response.writeHead(500).end(String(error)));
  });
  await new Promise<void>((resolve) => server.listen(port, "127.0.0.1", resolve));
  return found;
}
