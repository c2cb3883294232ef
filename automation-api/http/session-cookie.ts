import type { Request } from "express";
import type { Connection } from "../database/connection.ts";
import { findSessionOf, SESSION_SECONDS } from "../use-cases/sessions.ts";
import { HttpProblem } from "./problems.ts";
import type { SignedIn } from "./route.ts";

const NAME = "storefleet_session";

/** `Set-Cookie` that keeps a session; scripts cannot read it, other sites cannot make a browser send it. */
export function sessionCookie(secret: string, publicOrigin: string): string {
  return `${NAME}=${secret}; Max-Age=${SESSION_SECONDS}; ${attributes(publicOrigin)}`;
}

/** `Set-Cookie` that removes it. */
export function endedCookie(publicOrigin: string): string {
  return `${NAME}=; Max-Age=0; ${attributes(publicOrigin)}`;
}

function attributes(publicOrigin: string): string {
  const secure = publicOrigin.startsWith("https:") ? "; Secure" : "";
  return `Path=/; HttpOnly; SameSite=Strict${secure}`;
}

/** What the session cookie of a request holds. */
function secretOf(request: Request): string | undefined {
  for (const pair of (request.headers.cookie ?? "").split(";")) {
    const [name, value] = pair.split("=", 2);
    if (name?.trim() === NAME) return value?.trim();
  }
  return undefined;
}

/** Who sends a request. Throws an HttpProblem (401) when nobody is signed in. */
export async function requireSession(connection: Connection, request: Request): Promise<SignedIn> {
  const secret = secretOf(request);
  const session = secret === undefined ? undefined : await findSessionOf(connection, secret);
  if (secret === undefined || session === undefined) {
    throw new HttpProblem(401, "Sign in first: open the link that npm start prints.");
  }
  return { user: session.user.name, secret, expiresAt: session.expiresAt };
}
