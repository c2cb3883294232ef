import type { Cluster } from "../cluster/cluster.ts";
import type { Database } from "../database/database.ts";
import type { ToolchainContext } from "../lib/context.ts";
import { describePulumi, type Pulumi } from "../pulumi.ts";
import { pulumiEnvironmentFor, storeProgram, targetOf } from "../stores.ts";

/** Everything the service stands on. */
export interface Foundations {
  readonly pulumi: Pulumi;
  readonly cluster: Cluster;
  /** Path of the helm binary. */
  readonly helm: string;
  readonly database: Database;
  /** Folder with the built dashboard. */
  readonly dashboard: string;
}

/** What a person reads about the cluster in use. */
export function describeCluster({ kind, context, enforcesNetworkPolicy }: Cluster): string {
  const kinds: Record<Cluster["kind"], string> = {
    native: "a single-node Kubernetes of our own on this machine",
    k3d: "a k3d cluster of our own in Docker",
    context: `your own cluster, context ${context}`,
  };
  return enforcesNetworkPolicy ? kinds[kind] : `${kinds[kind]} (whether NetworkPolicies bite is not known)`;
}

/** Origin of the dashboard and the API. */
export function serviceOrigin(context: ToolchainContext): string {
  return `http://localhost:${context.environment.STOREFLEET_PORT}`;
}

/** The variables `automation-api/config.ts` reads. */
export function serviceEnvironment(context: ToolchainContext, foundations: Foundations): Record<string, string> {
  const { pulumi, cluster, helm, database, dashboard } = foundations;
  const { environment, paths } = context;
  return {
    ...pulumiEnvironmentFor(pulumi, cluster, helm),
    DATABASE_URL: database.url,
    STOREFLEET_DATABASE_DESCRIPTION: database.description,
    STOREFLEET_PORT: String(environment.STOREFLEET_PORT),
    STOREFLEET_PUBLIC_ORIGIN: serviceOrigin(context),
    STOREFLEET_WEB: dashboard,
    STOREFLEET_STORE_PROGRAM: storeProgram,
    STOREFLEET_WORK: paths.work,
    ...(pulumi.root !== undefined && { STOREFLEET_PULUMI_ROOT: pulumi.root }),
    STOREFLEET_PULUMI_DESCRIPTION: describePulumi(pulumi),
    STOREFLEET_PULUMI_VERSION: pulumi.version,
    STOREFLEET_CLUSTER_DESCRIPTION: describeCluster(cluster),
    STOREFLEET_TARGET: JSON.stringify(targetOf(cluster, environment.STOREFLEET_REGISTRY)),
    ...(environment.STOREFLEET_CONCURRENCY !== undefined && {
      STOREFLEET_CONCURRENCY: environment.STOREFLEET_CONCURRENCY,
    }),
  };
}
