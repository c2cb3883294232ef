import { createHash } from "node:crypto";
import type { Key } from "../contract/keys.ts";
import type { Operation } from "../contract/operation.ts";
import type { Invitation } from "../contract/people.ts";
import type { Account } from "../contract/sign-in.ts";
import { DomainError } from "./domain-error.ts";

/** The version of a store: changes whenever anything of its row does. */
export function versionOfStore({ updatedAt, status }: { readonly updatedAt: Date | string; status: string }): string {
  return `${new Date(updatedAt).getTime().toString(36)}-${status}`;
}

/** The versions of the others: of what can be changed about them. */
export function versionOfOrganization({ displayName }: { readonly displayName: string }): string {
  return versionOf(displayName);
}

export function versionOfAccount({ name, email }: Pick<Account, "name" | "email">): string {
  return versionOf(name, email);
}

export function versionOfMember({ role, since }: { readonly role: string; since: Date }): string {
  return versionOf(role, since.toISOString());
}

export function versionOfInvitation({ id, role, expiresAt }: Invitation): string {
  return versionOf(id, role, expiresAt);
}

export function versionOfKey({ id, expiresAt }: Key): string {
  return versionOf(id, expiresAt);
}

/** Not of how far it is: that would be another one whenever it is looked at. */
export function versionOfOperation({ status, attempt, cancelRequested }: Operation): string {
  return versionOf(status, attempt, cancelRequested);
}

function versionOf(...parts: readonly unknown[]): string {
  return createHash("sha256").update(JSON.stringify(parts)).digest("hex").slice(0, 16);
}

/** Throws a DomainError when `seen` is a version, and not the present one. */
export function refuseStale(what: string, present: string, seen: string | undefined): void {
  if (seen === undefined || seen === present) return;
  throw new DomainError("stale", `Somebody has changed ${what} meanwhile; load it again.`, {
    type: "changed-meanwhile",
  });
}
