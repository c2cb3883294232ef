import { z } from "zod";
import type { Api } from "./api.ts";

const identitiesSchema = z.object({ items: z.array(z.object({ metadata: z.object({ name: z.string() }) })) });
const endpointsSchema = z.object({
  items: z.array(z.object({ status: z.object({ identity: z.object({ id: z.number() }).optional() }).optional() })),
});

const identitiesPath = "/apis/cilium.io/v2/ciliumidentities";

/** Names of the identities no endpoint uses. */
export function unusedIdentities(identities: unknown, endpoints: unknown): string[] {
  const known = identitiesSchema.safeParse(identities).data;
  const users = endpointsSchema.safeParse(endpoints).data;
  // Where either answer is missing nothing may be called unused.
  if (known === undefined || users === undefined) return [];
  const used = new Set(users.items.map(({ status }) => String(status?.identity?.id)));
  return known.items.map(({ metadata }) => metadata.name).filter((name) => !used.has(name));
}

/**
 * Deletes what earlier stores left: Cilium makes one identity per set of labels, and its operator, which we do not run,
 * would collect them. To be called while the agent does not run, because it takes unused ones into use again.
 */
export async function pruneIdentities(api: Api): Promise<void> {
  const identities = await api.getJson(identitiesPath);
  const endpoints = await api.getJson("/apis/cilium.io/v2/ciliumendpoints");
  for (const name of unusedIdentities(identities, endpoints)) await api.delete(`${identitiesPath}/${name}`);
}
