import { type Client, clientWith } from "./client.ts";

/** What can be done by a person who has signed in, and by no key. */
export interface CliSession {
  readonly origin: string;
  readonly client: Client;
}

/** Signs in by a one-time link, for one piece of work. Throws when the link leads to nothing any more. */
export async function withSession<T>(link: string, work: (session: CliSession) => Promise<T>): Promise<T> {
  const { origin, hash } = URL.canParse(link) ? new URL(link) : { origin: "", hash: "" };
  const token = new URLSearchParams(hash.slice(1)).get("token");
  if (token === null) throw new Error("This is no sign-in link; npm run sign-in prints one.");
  const signIn = await fetch(`${origin}/api/v1/session`, {
    method: "POST",
    headers: { "content-type": "application/json" },
    body: JSON.stringify({ token }),
  });
  const cookie = signIn.headers.getSetCookie()[0]?.split(";")[0];
  if (cookie === undefined) throw new Error("This link was used before or is too old; npm run sign-in prints another.");
  const client = clientWith(origin, { cookie });
  try {
    return await work({ origin, client });
  } finally {
    await client.delete("/session");
  }
}
