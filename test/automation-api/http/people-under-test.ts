import type { Role } from "../../../automation-api/contract/people.ts";
import { addMember } from "../../../automation-api/database/member-repository.ts";
import { insertOrganization } from "../../../automation-api/database/organization-repository.ts";
import { insertUser } from "../../../automation-api/database/user-repository.ts";
import { beginSession } from "../../../automation-api/use-cases/sessions.ts";
import { type Answer, type ApiUnderTest, freshName, type Sent } from "./api-under-test.ts";

const nowhere = { address: undefined, agent: undefined, correlationId: undefined };

export interface PersonUnderTest {
  readonly id: string;
  readonly name: string;
  readonly cookie: string;
  /** A request by them. */
  call(path: string, sent?: Sent): Promise<Answer>;
}

/** Somebody who is signed in. `places` are the ids of organizations and what they are there. */
export async function somebody(
  api: ApiUnderTest,
  { places = {}, administrator = false }: { places?: Record<string, Role>; administrator?: boolean } = {},
): Promise<PersonUnderTest> {
  const { database } = api.database.connection;
  const name = freshName("person");
  const id = await insertUser(database, name);
  if (administrator) await database.updateTable("users").set({ administrator }).where("id", "=", id).execute();
  for (const [organizationId, role] of Object.entries(places)) {
    await addMember(database, { organizationId, userId: id, role });
  }
  const cookie = `storefleet_session=${await beginSession(database, id, "sign-in link", nowhere)}`;
  const call = (path: string, sent: Sent = {}) => api.call(path, { ...sent, headers: { cookie, ...sent.headers } });
  return { id, name, cookie, call };
}

export interface OrganizationUnderTest {
  readonly id: string;
  readonly name: string;
}

export async function someOrganization(api: ApiUnderTest): Promise<OrganizationUnderTest> {
  const name = freshName("org");
  const id = await insertOrganization(api.database.connection.database, { name, displayName: name });
  return { id, name };
}
