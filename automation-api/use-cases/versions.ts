import { createHash } from "node:crypto";
import { DomainError } from "./domain-error.ts";

/** The version of a store: changes whenever anything of its row does. */
export function versionOfStore({ updatedAt, status }: { readonly updatedAt: Date | string; status: string }): string {
  return `${new Date(updatedAt).getTime().toString(36)}-${status}`;
}

/** The version of an organization: of what can be changed about it. */
export function versionOfOrganization({ displayName }: { readonly displayName: string }): string {
  return createHash("sha256").update(displayName).digest("hex").slice(0, 16);
}

/** Throws a DomainError when `seen` is a version, and not the present one. */
export function refuseStale(what: string, present: string, seen: string | undefined): void {
  if (seen === undefined || seen === present) return;
  throw new DomainError("stale", `Somebody has changed ${what} meanwhile; load it again.`, {
    type: "changed-meanwhile",
  });
}
