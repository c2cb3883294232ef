import {
  type AUDIT_FORMATS,
  auditListSchema,
  auditVerificationSchema,
} from "../../../automation-api/contract/audit.ts";
import { call } from "./client.ts";
import { chosenOrganization } from "./organization-choice.ts";
import { pagesOf } from "./pages.ts";

function searchOf(more: Record<string, string>): string {
  const organization = chosenOrganization();
  return new URLSearchParams({ ...(organization !== undefined && { organization }), ...more }).toString();
}

export const auditQuery = pagesOf(["audit"], () => `/audit?${searchOf({})}`, auditListSchema);

/** Address of the file with all of it. */
export function exportAddress(format: (typeof AUDIT_FORMATS)[number]): string {
  return `/api/v1/audit/export?${searchOf({ format })}`;
}

export const verifyAudit = () => call("/audit/verification", auditVerificationSchema);
