import { beginSession, createSignInToken } from "../../../automation-api/use-cases/sessions.ts";
import { finish } from "../../helpers/play-worker.ts";
import { type ApiUnderTest, freshName } from "../http/api-under-test.ts";
import { somebody } from "../http/people-under-test.ts";

/** What made-up requests are led to; `known_things.py` reads it. */
export interface KnownThings {
  readonly cookie: string;
  /** Of somebody else, to be signed out. */
  readonly spareCookies: readonly string[];
  readonly organizations: readonly string[];
  readonly stores: readonly string[];
  readonly operations: readonly string[];
  readonly people: readonly string[];
  readonly members: readonly string[];
  readonly invitations: readonly string[];
  /** Of invitations. */
  readonly tokens: readonly string[];
  readonly signInTokens: readonly string[];
  readonly keys: readonly string[];
  readonly webhooks: readonly string[];
  readonly deliveries: readonly string[];
  readonly webhookOfDeliveries: string;
  readonly sessions: readonly string[];
  readonly login: { readonly email: string; readonly password: string };
}

const nowhere = { address: undefined, agent: "a browser", correlationId: undefined };
const main = "/api/v1/organizations/main";
const login = { email: "known@example.com", password: "correct horse battery" };

async function times<Made>(count: number, make: (index: number) => Promise<Made>): Promise<Made[]> {
  const made: Made[] = [];
  for (let index = 0; index < count; index += 1) made.push(await make(index));
  return made;
}

async function stores(api: ApiUnderTest) {
  return times(12, async (index) => {
    const wanted = { name: freshName("known"), engine: "medusa" };
    const { operation: begun } = await post(api, "/api/v1/stores?organization=main", wanted);
    const [name, operation] = [wanted.name, String(begun.id)];
    const ended = index % 3 === 1 ? "succeeded" : "failed";
    if (index % 3 !== 0) await finish(api.database.connection, operation, ended, { status: statusOf[ended] });
    return { name, operation };
  });
}
const statusOf = { succeeded: "ready", failed: "failed" } as const;

async function post(api: ApiUnderTest, path: string, body: unknown = {}) {
  const answer = await api.signedIn(path, { body });
  if (answer.status >= 300) throw new Error(`${path}: ${answer.text}`);
  return answer.json;
}

/** What there is for a while: an organization has few webhooks, so that those of the round before go. */
async function webhooks(api: ApiUnderTest): Promise<{ ids: string[]; deliveries: string[] }> {
  const { items } = (await api.signedIn(`${main}/webhooks`)).json;
  for (const { id } of items) await api.signedIn(`${main}/webhooks/${id}`, { method: "DELETE" });
  const ids = await times(10, async (index) => {
    const made = await post(api, `${main}/webhooks`, { url: `https://hooks.example.com/${index}` });
    return String(made.webhook.id);
  });
  const deliveries = await times(5, async () => String((await post(api, `${main}/webhooks/${ids[0]}/test`)).id));
  return { ids, deliveries };
}

/** Makes some of everything, anew for each round: requests use things up. */
export async function makeKnownThings(api: ApiUnderTest): Promise<KnownThings> {
  const { database, pool } = api.database.connection;
  const { rows } = await pool.query("select id from organizations where name = 'main'");
  const made = await stores(api);
  const people = await times(20, () => somebody(api, { places: { [rows[0].id]: "viewer" } }));
  const spares = await times(20, () => somebody(api, { places: { [rows[0].id]: "viewer" } }));
  const invitations = await times(10, () => post(api, `${main}/invitations`, { role: "viewer" }));
  const keys = await times(10, () => post(api, `/api/v1/keys`, { name: "known", organization: "main" }));
  const { ids, deliveries } = await webhooks(api);
  await api.call("/api/v1/sign-up", { body: { ...login, name: "Known" } });
  const ours = (await api.signedIn("/api/v1/session")).json.user.id;
  await times(10, () => beginSession(database, ours, "password", nowhere));
  const sessions = (await api.signedIn("/api/v1/sessions?limit=100")).json.items;
  return {
    cookie: api.cookie,
    spareCookies: spares.map(({ cookie }) => cookie),
    organizations: ["main"],
    stores: made.map(({ name }) => name),
    operations: made.map(({ operation }) => operation),
    people: people.map(({ id }) => id),
    members: people.map(({ id }) => id),
    invitations: invitations.map(({ invitation }) => String(invitation.id)),
    tokens: invitations.map(({ link }) => String(link).split("token=")[1] ?? ""),
    signInTokens: await times(5, () => createSignInToken(api.database.connection, spares[0]?.id)),
    keys: keys.map(({ key }) => String(key.id)),
    webhooks: ids,
    deliveries,
    webhookOfDeliveries: ids[0] ?? "",
    sessions: sessions.flatMap(({ id, current }: { id: string; current: boolean }) => (current ? [] : [id])),
    login,
  };
}
