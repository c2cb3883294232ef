import { z } from "zod";
import { connectToCluster } from "./api-server.ts";
import type { ClusterAddress } from "./kubeconfig.ts";

export interface ClusterInspection {
  readonly reachable: boolean;
  /** Such as `v1.34.2`. */
  readonly version?: string;
}

/** How long an answer is waited for, in milliseconds. */
const PATIENCE = 2000;

const versionSchema = z.object({ gitVersion: z.string() });

/** Whether the cluster answers, and what it is. Takes two seconds at most and never throws. */
export async function inspectCluster(address: ClusterAddress): Promise<ClusterInspection> {
  try {
    const server = await connectToCluster(address);
    try {
      const answer = await server.get("/version", AbortSignal.timeout(PATIENCE));
      return { reachable: true, version: versionSchema.parse(answer).gitVersion };
    } finally {
      server.close();
    }
  } catch {
    return { reachable: false };
  }
}
