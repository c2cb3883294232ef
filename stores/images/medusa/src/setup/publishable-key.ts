import { linkSalesChannelsToApiKeyWorkflow } from "@medusajs/core-flows";
import { ContainerRegistrationKeys, Modules } from "@medusajs/framework/utils";
import type { SeedContext } from "./seed.ts";
import { defaultSalesChannelId } from "./store.ts";

/**
 * Gives a publishable key the token that the storefront was told. Medusa only makes random ones, so storefront and
 * backend could not start side by side; the token is no secret and not hashed, which makes setting it safe.
 */
export async function ensurePublishableKey({ container, environment, state }: SeedContext): Promise<void> {
  const token = environment.publishableKey;
  const applied = await state.value("publishable-key");
  if (applied === token) return;

  const keys = await container
    .resolve(Modules.API_KEY)
    .listApiKeys({ type: "publishable" }, { order: { created_at: "ASC" } });
  const key = keys.find((candidate) => candidate.token === (applied ?? token)) ?? keys[0];
  if (!key) throw new Error("Medusa made no publishable key; look for an earlier error in this log.");
  const redacted = `${token.slice(0, 6)}***${token.slice(-3)}`;
  await container
    .resolve(ContainerRegistrationKeys.PG_CONNECTION)
    .raw("update api_key set token = ?, redacted = ?, title = ?, updated_at = now() where id = ?", [
      token,
      redacted,
      "Storefront",
      key.id,
    ]);
  await linkSalesChannelsToApiKeyWorkflow(container).run({
    input: { id: key.id, add: [await defaultSalesChannelId({ container })] },
  });
  await state.remember("publishable-key", token);
}
