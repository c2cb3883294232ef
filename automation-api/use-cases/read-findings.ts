import type { Finding } from "../contract/finding.ts";
import type { Connection } from "../database/connection.ts";
import { openFindings } from "../database/finding-repository.ts";

/** What the last comparison with the cluster and Pulumi's state has found, oldest first. */
export async function readFindings({ database }: Connection): Promise<{ items: Finding[] }> {
  return { items: await openFindings(database) };
}
