import { z } from "zod";
import { STORE_LABEL } from "../../stores/names.ts";
import type { World } from "../domain/reconcile.ts";
import type { ApiServer } from "./api-server.ts";
import { listOf } from "./list-of.ts";

/** How long one answer is waited for, in milliseconds, and how many objects come with it. */
const PATIENCE = 20_000;
const PAGE = 500;

/** Of stores: what the toolchain puts into a cluster of its own is ours, too, but belongs to no store. */
const OURS = `app.kubernetes.io/managed-by=storefleet,${STORE_LABEL}`;

/** Where objects are listed whose absence is seen. */
const paths = {
  ResourceQuota: "/api/v1/resourcequotas",
  LimitRange: "/api/v1/limitranges",
  Secret: "/api/v1/secrets",
  NetworkPolicy: "/apis/networking.k8s.io/v1/networkpolicies",
} as const;

const metadataSchema = z.object({
  name: z.string(),
  namespace: z.string().default(""),
  labels: z.record(z.string(), z.string()).default({}),
  deletionTimestamp: z.string().optional(),
});
const itemSchema = z.object({
  metadata: metadataSchema,
  spec: z.object({ claimRef: z.object({ namespace: z.string() }).optional() }).optional(),
});
const listSchema = listOf(itemSchema);
type Item = z.infer<typeof itemSchema>;

/** Everything in the cluster that a comparison needs. Of Secrets and others only names and labels. Throws ClusterUnreachable. */
export async function readWorld(server: ApiServer): Promise<Omit<World, "stacks">> {
  const namespaces = await list(server, "/api/v1/namespaces", OURS);
  const objects = new Set<string>();
  for (const [kind, path] of Object.entries(paths)) {
    for (const { metadata } of await list(server, path, OURS)) {
      objects.add(`${kind} ${metadata.namespace}/${metadata.name}`);
    }
  }
  const records = await list(server, "/api/v1/secrets", "owner=helm");
  const ours = new Set(namespaces.map(({ metadata }) => metadata.name));
  // Volumes have no label of ours; what they were made for tells.
  const volumes = await list(server, "/api/v1/persistentvolumes", undefined);
  return {
    namespaces: namespaces.map(({ metadata: { name, deletionTimestamp } }) => ({
      name,
      isTerminating: deletionTimestamp !== undefined,
    })),
    objects,
    releases: newestRevisions(records.filter(({ metadata }) => ours.has(metadata.namespace))),
    volumes: volumes.map(({ metadata, spec }) => ({
      name: metadata.name,
      namespace: spec?.claimRef?.namespace ?? "",
    })),
  };
}

function newestRevisions(records: readonly Item[]): World["releases"] {
  const newest = new Map<string, { revision: number; status: string }>();
  for (const { metadata } of records) {
    const { namespace, labels } = metadata;
    const revision = Number(labels.version ?? 0);
    const before = newest.get(namespace);
    if (before === undefined || before.revision < revision) {
      newest.set(namespace, { revision, status: labels.status ?? "" });
    }
  }
  return [...newest].map(([namespace, { status }]) => ({ namespace, status }));
}

async function list(server: ApiServer, path: string, labels: string | undefined): Promise<Item[]> {
  const found: Item[] = [];
  // Claims of volumes are in their spec; of everything else, what it holds stays where it is.
  const form = labels === undefined ? "whole" : "metadata";
  for (let next: string | undefined = ""; next !== undefined; ) {
    const query = new URLSearchParams({ limit: String(PAGE), ...(next !== "" && { continue: next }) });
    if (labels !== undefined) query.set("labelSelector", labels);
    const page = listSchema.parse(await server.get(`${path}?${query}`, AbortSignal.timeout(PATIENCE), form));
    found.push(...page.items);
    next = page.metadata?.continue || undefined;
  }
  return found;
}
