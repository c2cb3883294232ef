import { infiniteQueryOptions } from "@tanstack/react-query";
import {
  type AUDIT_FORMATS,
  auditListSchema,
  auditVerificationSchema,
} from "../../../automation-api/contract/audit.ts";
import { call } from "./client.ts";
import { chosenOrganization } from "./organization-choice.ts";

function searchOf(more: Record<string, string>): string {
  const organization = chosenOrganization();
  return new URLSearchParams({ ...(organization !== undefined && { organization }), ...more }).toString();
}

export const auditQuery = infiniteQueryOptions({
  queryKey: ["audit"],
  queryFn: ({ signal, pageParam }) =>
    call(`/audit?${searchOf(pageParam === "" ? {} : { cursor: pageParam })}`, auditListSchema, { signal }),
  initialPageParam: "",
  getNextPageParam: (page): string | undefined => page.nextCursor,
});

/** Address of the file with all of it. */
export function exportAddress(format: (typeof AUDIT_FORMATS)[number]): string {
  return `/api/v1/audit/export?${searchOf({ format })}`;
}

export const verifyAudit = () => call("/audit/verification", auditVerificationSchema);
