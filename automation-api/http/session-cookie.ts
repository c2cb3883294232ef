import type { Request } from "express";
import { SESSION_COOKIE } from "../authentication.ts";
import type { Connection } from "../database/connection.ts";
import { type Principal, principalOfKey, principalOfSession } from "../use-cases/principal.ts";
import { SESSION_SECONDS } from "../use-cases/sessions.ts";

/** `Set-Cookie` that keeps a session; scripts cannot read it, other sites cannot make a browser send it. */
export function sessionCookie(secret: string, publicOrigin: string): string {
  return `${SESSION_COOKIE}=${secret}; Max-Age=${SESSION_SECONDS}; ${attributes(publicOrigin)}`;
}

/** `Set-Cookie` that removes it. */
export function endedCookie(publicOrigin: string): string {
  return `${SESSION_COOKIE}=; Max-Age=0; ${attributes(publicOrigin)}`;
}

function attributes(publicOrigin: string): string {
  const secure = publicOrigin.startsWith("https:") ? "; Secure" : "";
  return `Path=/; HttpOnly; SameSite=Strict${secure}`;
}

/** What the session cookie of a request holds. */
function secretOf(request: Request): string | undefined {
  for (const pair of (request.headers.cookie ?? "").split(";")) {
    const [name, value] = pair.split("=", 2);
    if (name?.trim() === SESSION_COOKIE) return value?.trim();
  }
  return undefined;
}

/**
 * Who sends a request, by the key in its Authorization header or else by its cookie; `undefined` when nobody is signed
 * in. A header that is there is not passed over for the cookie, whatever it holds.
 */
export async function identify(connection: Connection, request: Request): Promise<Principal | undefined> {
  const { authorization } = request.headers;
  if (authorization !== undefined) {
    const key = /^bearer +(sfk_[\w-]{43})$/i.exec(authorization)?.[1];
    return key === undefined ? undefined : principalOfKey(connection, key);
  }
  const secret = secretOf(request);
  return secret === undefined ? undefined : principalOfSession(connection, secret);
}
