import type { Role } from "../../../automation-api/contract/people.ts";
import { sessionSchema } from "../../../automation-api/contract/platform.ts";
import type { FakeApi } from "../fake-api.ts";
import { ago, idOf } from "./things.ts";

/** Answers of the made-up service as somebody of these organizations gets them. */
export function signedInAs(api: FakeApi, organizations: Record<string, Role>, administrator = false): void {
  const body = sessionSchema.parse({
    user: { id: idOf(1), name: "ann", administrator },
    organizations: Object.entries(organizations).map(([name, role]) => ({ name, role })),
    expiresAt: new Date(Date.now() + 86_400_000).toISOString(),
  });
  api.instead.set("GET /session", { status: 200, body });
}

export const members = {
  items: [
    { id: idOf(1), name: "ann", role: "owner", since: ago(90), version: "a" },
    { id: idOf(2), name: "bob", role: "viewer", since: ago(60), version: "b" },
  ],
};

/** Bodies of the requests with this line, oldest first. */
export function sentTo(api: FakeApi, line: string): unknown[] {
  return api.requests.filter((request) => request.line === line).map(({ body }) => body);
}
