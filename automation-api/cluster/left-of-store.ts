import { z } from "zod";
import { namespaceOf } from "../../stores/names.ts";
import type { ApiServer } from "./api-server.ts";
import { listOf } from "./list-of.ts";

/** How long one answer is waited for, in milliseconds. */
const PATIENCE = 10_000;

const volumesSchema = listOf(
  z.object({
    metadata: z.object({ name: z.string() }),
    spec: z.object({
      claimRef: z.object({ namespace: z.string().optional() }).optional(),
      persistentVolumeReclaimPolicy: z.string().optional(),
    }),
  }),
);

/**
 * What the cluster still holds of a store: its namespace, then the volumes that were made for it, which go some moments after
 * their claims. Volumes that are to be kept (reclaim policy `Retain`) are no leftovers. Throws ClusterUnreachable.
 */
export async function leftOfStore(server: Pick<ApiServer, "get">, store: string): Promise<string[]> {
  const namespace = namespaceOf(store);
  const get = (path: string) => server.get(path, AbortSignal.timeout(PATIENCE));
  if ((await get(`/api/v1/namespaces/${namespace}`)) !== undefined) return [`the namespace ${namespace}`];
  const { items } = volumesSchema.parse(await get("/api/v1/persistentvolumes"));
  return items
    .filter(({ spec }) => spec.claimRef?.namespace === namespace && spec.persistentVolumeReclaimPolicy === "Delete")
    .map(({ metadata }) => `the volume ${metadata.name}`);
}
