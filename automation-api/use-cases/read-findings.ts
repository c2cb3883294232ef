import type { Finding } from "../contract/finding.ts";
import type { Page, PageQuery } from "../contract/page.ts";
import type { Connection } from "../database/connection.ts";
import { openFindings } from "../database/finding-repository.ts";
import type { PageOfRows } from "../database/page.ts";
import { readPage } from "./cursor.ts";

/** One page of what the last comparison with the cluster and Pulumi's state has found, oldest first. */
export async function readFindings({ database }: Connection, query: PageQuery): Promise<Page<Finding>> {
  const { rows, next } = await readPage("findings", "time", query, (page: PageOfRows) => openFindings(database, page));
  return {
    ...next,
    items: rows.map(({ id, kind, subject, text, firstSeenAt, lastSeenAt }) => ({
      id,
      kind,
      subject,
      text,
      firstSeenAt: firstSeenAt.toISOString(),
      lastSeenAt: lastSeenAt.toISOString(),
    })),
  };
}
