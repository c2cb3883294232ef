import { createHmac } from "node:crypto";
import { z } from "zod";
import { SESSION_COOKIE, type Visitor } from "../authentication.ts";

// How better-auth is asked, and how its answers are read.

/** Tells it where a request comes from. Only we set it: nothing that a browser sends is handed on but its cookies. */
export const ADDRESS_HEADER = "x-storefleet-address";

/** The headers of a request by this visitor; better-auth wants the cookie of our sessions signed. */
export function headersOf({ address, agent, cookies }: Visitor, origin: string, secret: string): Headers {
  const headers = new Headers({ origin });
  if (address !== undefined) headers.set(ADDRESS_HEADER, address);
  if (agent !== undefined) headers.set("user-agent", agent);
  const signed = (cookies ?? "").split(";").map((pair) => {
    const [name, value = ""] = pair.trim().split("=", 2);
    return name === SESSION_COOKIE ? `${name}=${signedValue(value, secret)}` : pair.trim();
  });
  headers.set("cookie", signed.join("; "));
  return headers;
}

function signedValue(value: string, secret: string): string {
  return encodeURIComponent(`${value}.${createHmac("sha256", secret).update(value).digest("base64")}`);
}

/** An answer as far as it matters. */
export interface AuthAnswer {
  readonly isDone: boolean;
  /** Says what is wrong, when something is. */
  readonly code: string | undefined;
  readonly body: unknown;
  /** The secret of the session that has begun. */
  readonly secret: string | undefined;
  /** `Set-Cookie` headers but that of the session: we write our own. */
  readonly cookies: readonly string[];
  readonly location: string | undefined;
}

const failure = z.looseObject({ code: z.string() });

export async function readAnswer(response: Response): Promise<AuthAnswer> {
  const text = await response.text();
  const body: unknown = text === "" ? undefined : JSON.parse(text);
  const parsed = failure.safeParse(body);
  const cookies = response.headers.getSetCookie();
  const isSession = (cookie: string) => cookie.startsWith(`${SESSION_COOKIE}=`);
  const value = cookies
    .find(isSession)
    ?.split(";")[0]
    ?.slice(SESSION_COOKIE.length + 1);
  const isRedirection = response.status >= 300 && response.status < 400;
  return {
    isDone: response.ok || isRedirection,
    code: !response.ok && parsed.success ? parsed.data.code : undefined,
    body,
    // Before the dot stands the secret, after it the signature.
    secret: value === undefined || value === "" ? undefined : decodeURIComponent(value).split(".")[0],
    cookies: cookies.filter((cookie) => !isSession(cookie)),
    location: response.headers.get("location") ?? undefined,
  };
}
