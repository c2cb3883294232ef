import type { Connection } from "../../automation-api/database/connection.ts";
import { insertUser } from "../../automation-api/database/user-repository.ts";
import type { Actor } from "../../automation-api/use-cases/principal.ts";

/** Id of the organization that every database begins with. */
export async function firstOrganization({ database }: Connection): Promise<string> {
  const row = await database.selectFrom("organizations").select("id").orderBy("createdAt").executeTakeFirstOrThrow();
  return row.id;
}

/** A new person who may touch everything in the first organization, as use cases take them. */
export async function someActor(
  connection: Connection,
  name: string,
): Promise<{ actor: Actor; reach: readonly string[] }> {
  const userId = await insertUser(connection.database, name);
  const actor = { userId, name, via: "session", address: undefined, agent: undefined, correlationId: undefined };
  return { actor, reach: [await firstOrganization(connection)] };
}
