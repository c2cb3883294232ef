import { afterAll, beforeAll, beforeEach, describe, expect, it } from "vitest";
import { settingsSchema } from "../../../automation-api/contract/settings.ts";
import { freePort } from "../../helpers/free-port.ts";
import { type IdentityProvider, startIdentityProvider } from "../../helpers/identity-provider.ts";
import { type Answer, type ApiUnderTest, freshName, send, startApi } from "./api-under-test.ts";
import { type PersonUnderTest, somebody } from "./people-under-test.ts";

// The whole way over a real provider and back, as a browser goes it.

const v1 = "/api/v1";
const callback = `${v1}/sign-in/callback/single-sign-on`;

let api: ApiUnderTest;
let provider: IdentityProvider;

beforeAll(async () => {
  const port = await freePort();
  provider = await startIdentityProvider(`http://localhost:${port}${callback}`, someone());
  api = await startApi({ port, singleSignOn: provider.config });
});

afterAll(async () => {
  await api?.stop();
  await provider?.stop();
});

function someone(name = freshName("person")) {
  return { sub: `id-of-${name}`, email: `${name}@example.com`, email_verified: true, name };
}

async function set(changes: Record<string, unknown>): Promise<void> {
  const body = { ...settingsSchema.parse({ signInsPerMinute: 10_000, changesPerMinute: 10_000 }), ...changes };
  const answer = await api.signedIn(`${v1}/settings`, { method: "PUT", body });
  if (answer.status !== 200) throw new Error(answer.text);
}

/** A browser's cookies. Strict ones are left at home on the way back from the provider, as browsers do. */
class Jar {
  readonly #cookies = new Map<string, string>();

  take(answer: Answer): void {
    for (const cookie of answer.headers["set-cookie"] ?? []) {
      const [name = "", value = ""] = cookie.split(";")[0]?.split("=", 2) ?? [];
      if (cookie.includes("Max-Age=0") || value === "") this.#cookies.delete(name);
      else this.#cookies.set(name, value);
    }
  }

  header(isFromElsewhere = false): string {
    const kept = [...this.#cookies].filter(([name]) => !(isFromElsewhere && name === "storefleet_session"));
    return kept.map(([name, value]) => `${name}=${value}`).join("; ");
  }
}

/** Goes where the provider sends somebody, until it sends them back; returns the address it sends them back to. */
async function throughProvider(url: string): Promise<URL> {
  const jar = new Jar();
  let next = new URL(url);
  for (let steps = 0; steps < 10 && next.pathname !== callback; steps += 1) {
    const answer = await send(Number(next.port), `${next.pathname}${next.search}`, {
      headers: { cookie: jar.header(), host: next.host },
    });
    jar.take(answer);
    if (answer.headers.location === undefined) throw new Error(`${next.href} answers ${answer.status}: ${answer.text}`);
    next = new URL(answer.headers.location, next);
  }
  return next;
}

/** The whole way, by a browser with these cookies. */
async function signIn(
  who = provider.who,
  { jar = new Jar(), body = {} as Record<string, unknown>, path = `${v1}/sign-in/single-sign-on` } = {},
) {
  provider.who = who;
  const begun = await api.call(path, { body, headers: { cookie: jar.header() } });
  if (begun.status !== 200) throw new Error(begun.text);
  jar.take(begun);
  const back = await throughProvider(begun.json.url);
  const answer = await api.call(`${back.pathname}${back.search}`, { headers: { cookie: jar.header(true) } });
  jar.take(answer);
  const session = await api.call(`${v1}/session`, { headers: { cookie: jar.header() } });
  return { to: answer.headers.location, back, jar, session };
}

const jarOf = (person: PersonUnderTest) => {
  const jar = new Jar();
  jar.take({ status: 200, headers: { "set-cookie": [`${person.cookie}; Path=/`] }, text: "", json: undefined });
  return jar;
};

beforeEach(() => set({ signUp: "open" }));

describe("single sign-on", () => {
  it("makes somebody new, who is the same the next time, and keeps no token of the provider", async () => {
    const who = someone();

    const first = await signIn(who);
    const second = await signIn(who);

    expect([first.to, first.session.status]).toEqual(["/welcome", 200]);
    expect(first.session.json.user).toMatchObject({ name: who.name, administrator: false });
    expect(second.session.json.user.id).toBe(first.session.json.user.id);
    const { rows } = await api.database.connection.pool.query("select * from identities");
    expect(rows).toMatchObject([{ provider_id: "single-sign-on", account_id: who.sub, password: null }]);
    expect(rows[0]).toMatchObject({ access_token: null, refresh_token: null, id_token: null });
    const { rows: audit } = await api.database.connection.pool.query(
      "select action, via from audit_entries where actor = $1 order by id",
      [who.name],
    );
    expect(audit.map(({ action }) => action)).toEqual(["sign up", "sign in", "sign in"]);
    expect(audit[0].via).toBe("single sign-on");
  });

  it("begins a session that no strange site can use", async () => {
    const jar = new Jar();
    const begun = await api.call(`${v1}/sign-in/single-sign-on`, { body: {} });
    jar.take(begun);
    const back = await throughProvider(begun.json.url);

    const answer = await api.call(`${back.pathname}${back.search}`, { headers: { cookie: jar.header() } });

    const session = answer.headers["set-cookie"]?.find((cookie) => cookie.startsWith("storefleet_session="));
    expect(session).toMatch(/HttpOnly; SameSite=Strict$/);
  });

  it("lets nobody new in where people come by invitation, and whoever has one", async () => {
    await set({ signUp: "invitation" });
    const made = await api.signedIn(`${v1}/organizations/main/invitations`, { body: { role: "viewer" } });
    const invitation = String(made.json.link).split("token=")[1];

    const stranger = await signIn(someone());
    const guessed = await signIn(someone(), { body: { invitation: "guessed" } });
    const invited = await signIn(someone(), { body: { invitation } });
    const accepted = await api.call(`${v1}/invitations/accept`, {
      body: { token: invitation },
      headers: { cookie: invited.jar.header() },
    });

    expect([stranger.to, stranger.session.status]).toEqual(["/sign-in?problem=unknown-person", 401]);
    expect([guessed.to, guessed.session.status]).toEqual(["/sign-in?problem=unknown-person", 401]);
    expect([invited.to, invited.session.status]).toEqual(["/welcome", 200]);
    expect(accepted.json.organizations).toEqual([{ name: "main", role: "viewer" }]);
  });

  it("does not hand over somebody because the provider knows the same address", async () => {
    const who = someone();
    await api.call(`${v1}/sign-up`, { body: { name: "Ann", email: who.email, password: "a long password" } });

    const answer = await signIn(who);

    expect([answer.to, answer.session.status]).toEqual(["/sign-in?problem=address-taken", 401]);
  });

  it("is connected by whoever is signed in, and disconnected", async () => {
    const ann = await somebody(api);
    const who = someone();
    await set({ signUp: "off" });

    const connected = await signIn(who, { jar: jarOf(ann), path: `${v1}/account/single-sign-on` });
    const later = await signIn(who);
    const account = await ann.call(`${v1}/account`);
    const ended = await ann.call(`${v1}/account/single-sign-on`, { method: "DELETE" });
    const after = await signIn(who);

    expect(connected.to).toBe("/account");
    expect(later.session.json.user.id).toBe(ann.id);
    expect(account.json.singleSignOn).toBe(true);
    expect([ended.status, after.to]).toEqual([204, "/sign-in?problem=unknown-person"]);
  });

  it("connects nobody with two people", async () => {
    const who = someone();
    const [ann, bob] = [await somebody(api), await somebody(api)];
    await signIn(who, { jar: jarOf(ann), path: `${v1}/account/single-sign-on` });

    const answer = await signIn(who, { jar: jarOf(bob), path: `${v1}/account/single-sign-on` });

    expect(answer.to).toBe("/sign-in?problem=taken");
    expect((await bob.call(`${v1}/account`)).json.singleSignOn).toBe(false);
  });

  it("takes an answer once, in the browser that asked, and none that was made up", async () => {
    const { back, jar } = await signIn(someone());
    const address = `${back.pathname}${back.search}`;
    const begun = await api.call(`${v1}/sign-in/single-sign-on`, { body: {} });
    const other = await throughProvider(begun.json.url);

    const again = await api.call(address, { headers: { cookie: jar.header(true) } });
    const elsewhere = await api.call(`${other.pathname}${other.search}`);
    const invented = await api.call(`${callback}?code=invented&state=invented`);
    const nothing = await api.call(callback);

    for (const answer of [again, elsewhere, invented, nothing]) {
      expect([answer.status, answer.headers.location]).toEqual([302, "/sign-in?problem=failed"]);
      expect(String(answer.headers["set-cookie"])).not.toContain("storefleet_session=");
    }
  });

  it("says that the provider is away, while everybody else signs in", async () => {
    const away = { ...provider.config, issuer: `http://localhost:${await freePort()}` };
    const other = await startApi({ singleSignOn: away });

    const begun = await other.call(`${v1}/sign-in/single-sign-on`, { body: {} });
    const typed = { email: "nobody@example.com", password: "a long password" };
    const password = await other.call(`${v1}/sign-in/password`, { body: typed });
    await other.stop();

    expect([begun.status, begun.json.type]).toEqual([503, "/problems/single-sign-on-unreachable"]);
    expect(password.status).toBe(401);
  });

  it("is told about by its title alone", async () => {
    const answer = await api.call(`${v1}/sign-in`);

    expect(answer.json).toEqual({ signUp: "open", singleSignOn: { title: "Example ID" } });
  });
});
