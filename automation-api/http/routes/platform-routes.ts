import { z } from "zod";
import { findingListSchema } from "../../contract/finding.ts";
import { measuresQuerySchema, measuresSchema } from "../../contract/measures.ts";
import { pageQuerySchema } from "../../contract/page.ts";
import { overviewSchema, platformSchema } from "../../contract/platform.ts";
import { organizationQuery } from "../../contract/store.ts";
import { readFindings } from "../../use-cases/read-findings.ts";
import { readMeasures } from "../../use-cases/read-measures.ts";
import { readOverview } from "../../use-cases/read-overview.ts";
import { readPlatform } from "../../use-cases/read-platform.ts";
import { type Route, route } from "../route.ts";
import type { Services } from "./services.ts";

const tag = "Platform";

export function platformRoutes({ connection, config, inspectCluster }: Services): readonly Route[] {
  return [
    route({
      method: "get",
      path: "/api/v1/platform",
      summary: "What is in use, and which engines and plans there are",
      tag,
      answers: { 200: { description: "The platform.", schema: platformSchema } },
      problems: [],
      handle: async () => ({ status: 200, body: await readPlatform(connection, config, inspectCluster) }),
    }),
    route({
      method: "get",
      path: "/api/v1/platform/findings",
      summary: "What is not as it should be: what is left over, what is gone, what hangs",
      tag,
      query: pageQuerySchema,
      answers: { 200: { description: "One page of what the last comparison has found.", schema: findingListSchema } },
      problems: [],
      handle: async ({ query }) => ({ status: 200, body: await readFindings(connection, query) }),
    }),
    route({
      method: "get",
      path: "/api/v1/platform/measures",
      summary: "How operations, the queue, workers and stores have been over time",
      tag,
      query: measuresQuerySchema,
      answers: { 200: { description: "One point for each part of the time.", schema: measuresSchema } },
      problems: [],
      handle: async ({ query }) => ({ status: 200, body: await readMeasures(connection, query.span) }),
    }),
    route({
      method: "get",
      path: "/api/v1/overview",
      summary: "How many stores there are, and how operations went",
      tag,
      answers: { 200: { description: "The overview.", schema: overviewSchema } },
      query: z.object({ organization: organizationQuery }),
      problems: [404],
      handle: async ({ caller }) => ({ status: 200, body: await readOverview(connection, caller.reach) }),
    }),
  ];
}
