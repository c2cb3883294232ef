import { connect } from "../../automation-api/database/connection.ts";
import { createSignInLink } from "../../automation-api/sign-in-link.ts";

/** A fresh one-time link to the dashboard at `origin`. */
export async function newSignInLink(databaseUrl: string, origin: string): Promise<string> {
  const connection = connect(databaseUrl);
  try {
    return await createSignInLink(connection, origin);
  } finally {
    await connection.close();
  }
}
