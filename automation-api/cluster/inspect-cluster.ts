import { z } from "zod";
import type { ApiServer } from "./api-server.ts";

export interface ClusterInspection {
  readonly reachable: boolean;
  /** Such as `v1.34.2`. */
  readonly version?: string;
}

/** How long an answer is waited for, in milliseconds. */
const PATIENCE = 2000;

const versionSchema = z.object({ gitVersion: z.string() });

/** Which version of Kubernetes answers. Takes two seconds at most. Throws ClusterUnreachable. */
export async function requireVersion(server: Pick<ApiServer, "get">): Promise<string> {
  return versionSchema.parse(await server.get("/version", AbortSignal.timeout(PATIENCE))).gitVersion;
}

/** Whether the cluster answers, and what it is. Takes two seconds at most and never throws. */
export async function inspectCluster(server: Pick<ApiServer, "get">): Promise<ClusterInspection> {
  try {
    return { reachable: true, version: await requireVersion(server) };
  } catch {
    return { reachable: false };
  }
}
