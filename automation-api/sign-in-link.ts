import type { Connection } from "./database/connection.ts";
import { createSignInToken } from "./use-cases/sessions.ts";

/**
 * An address that signs one person in, once, within the hour. The token stands behind `#`: browsers keep that part to
 * themselves, so it reaches no server's log.
 */
export async function createSignInLink(connection: Connection, origin: string): Promise<string> {
  return `${origin}/sign-in#token=${await createSignInToken(connection)}`;
}
