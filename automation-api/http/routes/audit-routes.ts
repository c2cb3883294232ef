import { auditExportSchema, auditListSchema, auditQuerySchema, auditVerificationSchema } from "../../contract/audit.ts";
import { exportAudit, readAudit, verifyAudit } from "../../use-cases/read-audit.ts";
import { type Route, route } from "../route.ts";
import type { Services } from "./services.ts";

const tag = "Audit";
const path = "/api/v1/audit";
const types = { jsonl: "application/jsonl; charset=utf-8", csv: "text/csv; charset=utf-8" } as const;

export function auditRoutes({ connection }: Services): readonly Route[] {
  return [
    route({
      method: "get",
      path,
      summary: "What was done, newest first",
      tag,
      query: auditQuerySchema,
      answers: { 200: { description: "One page.", schema: auditListSchema } },
      problems: [404],
      handle: async ({ caller, query }) => ({ status: 200, body: await readAudit(connection, caller.reach, query) }),
    }),
    route({
      method: "get",
      path: `${path}/export`,
      summary: "What was done, oldest first, as a file",
      tag,
      query: auditExportSchema,
      answers: { 200: { description: "JSON lines or comma-separated values." } },
      problems: [404],
      handle: async ({ caller, query }) => ({
        status: 200,
        lines: exportAudit(connection, caller.reach, query),
        headers: {
          "Content-Type": types[query.format],
          "Content-Disposition": `attachment; filename="storefleet-audit.${query.format}"`,
        },
      }),
    }),
    route({
      method: "get",
      path: `${path}/verification`,
      summary: "Whether the audit log is as it was written; for platform administrators",
      tag,
      answers: { 200: { description: "What was found.", schema: auditVerificationSchema } },
      problems: [],
      handle: async () => ({ status: 200, body: await verifyAudit(connection) }),
    }),
  ];
}
