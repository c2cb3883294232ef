import { afterAll, beforeAll, beforeEach, describe, expect, it } from "vitest";
import { settingsSchema } from "../../../automation-api/contract/settings.ts";
import { createSignInToken } from "../../../automation-api/use-cases/sessions.ts";
import { type Answer, type ApiUnderTest, freshName, startApi } from "./api-under-test.ts";
import { somebody } from "./people-under-test.ts";

let api: ApiUnderTest;
let database: ApiUnderTest["database"]["connection"]["pool"];

beforeAll(async () => {
  api = await startApi();
  database = api.database.connection.pool;
});

afterAll(async () => {
  await api.stop();
});

const v1 = "/api/v1";
const password = "correct horse battery";

async function set(changes: Record<string, unknown>): Promise<void> {
  const body = { ...settingsSchema.parse({ signInsPerMinute: 10_000, changesPerMinute: 10_000 }), ...changes };
  const answer = await api.signedIn(`${v1}/settings`, { method: "PUT", body });
  if (answer.status !== 200) throw new Error(answer.text);
}

const freshEmail = () => `${freshName("person")}@example.com`;
const signIn = (email: string, given = password, headers: Record<string, string> = {}) =>
  api.call(`${v1}/sign-in/password`, { body: { email, password: given }, headers });
const signUp = (body: Record<string, unknown>) => api.call(`${v1}/sign-up`, { body });
const cookieOf = (answer: Answer) => String(answer.headers["set-cookie"]?.[0]).split(";")[0] ?? "";

/** Somebody new who can sign in, and their address. */
async function person(): Promise<string> {
  await set({ signUp: "open" });
  const email = freshEmail();
  const answer = await signUp({ name: "Ann", email, password });
  if (answer.status !== 204) throw new Error(answer.text);
  return email;
}

/** What the audit log says last, newest first. */
async function audited(count: number) {
  const { rows } = await database.query(
    "select action, outcome, via, actor, subject, after from audit_entries order by id desc limit $1",
    [count],
  );
  return rows;
}

beforeEach(() => set({}));

describe("signing in by password", () => {
  it("begins a session that is kept like every other", async () => {
    const email = await person();

    const answer = await signIn(email.toUpperCase());
    const session = await api.call(`${v1}/session`, { headers: { cookie: cookieOf(answer) } });
    const open = await api.call(`${v1}/sessions`, { headers: { cookie: cookieOf(answer), "user-agent": "x" } });

    expect(answer.status, answer.text).toBe(200);
    expect(String(answer.headers["set-cookie"])).toMatch(
      /^storefleet_session=\w{32,}; Max-Age=2592000; Path=\/; HttpOnly; SameSite=Strict$/,
    );
    expect(session.json).toEqual(answer.json);
    expect(open.json.items).toMatchObject([{ current: true, address: "127.0.0.1" }]);
    expect(await audited(1)).toMatchObject([{ action: "sign in", outcome: "done", via: "password", actor: "Ann" }]);
  });

  it("keeps neither the password nor the session's secret", async () => {
    const email = await person();
    const secret = cookieOf(await signIn(email)).split("=")[1] ?? "none";

    const { rows } = await database.query("select * from sessions, identities, users, audit_entries, verifications");
    const { rows: some } = await database.query("select identities.*, sessions.hash from identities, sessions");

    expect(JSON.stringify([rows, some]) + api.log.join("")).not.toMatch(new RegExp(`${password}|${secret}`));
    expect(some.length).toBeGreaterThan(0);
  });

  it("answers a wrong password and an unknown address with the same words, in about the same time", async () => {
    const email = await person();
    await signIn(email, "wrong password");
    const timed = async (address: string) => {
      const begun = performance.now();
      const answer = await signIn(address, "wrong password");
      return { took: performance.now() - begun, said: [answer.status, answer.text] };
    };

    const known = [];
    const unknown = [];
    for (let count = 0; count < 5; count += 1) {
      known.push(await timed(email));
      unknown.push(await timed(freshEmail()));
    }

    expect(unknown.map(({ said }) => said)).toEqual(known.map(({ said }) => said));
    expect(known[0]?.said[0]).toBe(401);
    const median = (times: { took: number }[]) => times.map(({ took }) => took).sort((a, b) => a - b)[2] ?? 0;
    // Without the hash, which is most of it, one would be several times the other.
    expect(median(unknown) / median(known)).toBeGreaterThan(0.5);
    expect(median(unknown) / median(known)).toBeLessThan(2);
  });

  it("writes down failures, but not what was typed", async () => {
    const email = await person();

    await signIn(email, "wrong password");
    await signIn("my-secret-typed-wrong@example.com", "wrong password");

    const [stranger, known] = await audited(2);
    expect(known).toMatchObject({ action: "sign in", outcome: "refused", via: "password", subject: "Ann" });
    expect(stranger).toMatchObject({ action: "sign in", outcome: "refused", actor: "somebody" });
    expect(JSON.stringify(await audited(100))).not.toMatch(/my-secret-typed-wrong|wrong password/);
  });

  it("is refused for one address after so many failures, wherever they come from, and for no other", async () => {
    const [email, other] = [await person(), await person()];
    await set({ signInsPerPerson: 3 });

    const statuses: number[] = [];
    for (let count = 0; count < 4; count += 1) statuses.push((await signIn(email, "wrong password")).status);
    const locked = await signIn(email);

    expect(statuses).toEqual([401, 401, 401, 429]);
    expect(locked.status).toBe(429);
    expect(Number(locked.headers["retry-after"])).toBeGreaterThan(600);
    expect((await signIn(other)).status).toBe(200);
  });

  it("counts from nothing again after a success", async () => {
    const email = await person();
    await set({ signInsPerPerson: 3 });

    const statuses: number[] = [];
    for (const given of ["wrong password", "wrong password", password, "wrong password", password]) {
      statuses.push((await signIn(email, given)).status);
    }

    expect(statuses).toEqual([401, 401, 200, 401, 200]);
  });

  it("ends the session that the browser had before", async () => {
    const email = await person();
    const before = cookieOf(await signIn(email));

    const after = cookieOf(await signIn(email, password, { cookie: before }));

    const statusOf = async (cookie: string) => (await api.call(`${v1}/session`, { headers: { cookie } })).status;
    expect([await statusOf(before), await statusOf(after)]).toEqual([401, 200]);
  });

  it("is refused from strange pages, and as a form", async () => {
    const body = { email: freshEmail(), password };
    const path = `${v1}/sign-in/password`;

    const strange = await api.call(path, { body, headers: { origin: "http://evil.example" } });
    const form = await api.call(path, { body, headers: { "content-type": "application/x-www-form-urlencoded" } });

    expect([strange.status, form.status]).toEqual([403, 415]);
  });
});

describe("signing up", () => {
  it.each([
    ["invitation", 403],
    ["off", 403],
    ["open", 204],
  ])("where it is %s: %i", async (mode, status) => {
    await set({ signUp: mode });

    const answer = await signUp({ name: "New", email: freshEmail(), password });

    expect(answer.status).toBe(status);
    expect((await api.call(`${v1}/sign-in`)).json).toEqual({ signUp: mode });
  });

  it("does not tell that an address is taken, and changes nothing about whose it is", async () => {
    const email = await person();

    const again = await signUp({ name: "Mallory", email, password: "another long password" });

    expect([again.status, again.text]).toEqual([204, ""]);
    expect((await signIn(email, "another long password")).status).toBe(401);
    expect((await signIn(email)).json.user.name).toBe("Ann");
    expect(await audited(3)).toMatchObject([{}, {}, { action: "sign up", outcome: "refused", subject: "Mallory" }]);
  });

  it.each([
    [{ password: "too short" }, "password"],
    [{ password: "aaaaaaaaaaaaaaaa" }, "password"],
    [{ password: `${"long ".repeat(60)}` }, "password"],
    [{ email: "no address" }, "email"],
    [{ name: "" }, "name"],
    [{ administrator: true }, "administrator"],
  ])("refuses %j with the field %s", async (changed, field) => {
    await set({ signUp: "open" });

    const answer = await signUp({ name: "New", email: freshEmail(), password, ...changed });

    expect(answer.status).toBe(400);
    expect(answer.json.errors[0].field).toBe(field);
  });

  it("takes passwords of more than 128 characters, in any script", async () => {
    await set({ signUp: "open" });
    const email = freshEmail();
    const long = "пароль 🔑 contraseña ".repeat(8);

    await signUp({ name: "New", email, password: long });

    expect(long.length).toBeGreaterThan(128);
    expect((await signIn(email, long)).status).toBe(200);
    expect((await signIn(email, long.slice(0, -1))).status).toBe(401);
  });
});

describe("an invitation", () => {
  const invite = async () => {
    const made = await api.signedIn(`${v1}/organizations/main/invitations`, { body: { role: "member" } });
    return String(made.json.link).split("token=")[1] ?? "";
  };
  const accept = (body: Record<string, unknown>) => api.call(`${v1}/invitations/accept`, { body });

  it("gives somebody new a password to come back with", async () => {
    const email = freshEmail();

    const answer = await accept({ token: await invite(), name: "Zoe", email, password });

    expect(answer.status, answer.text).toBe(200);
    expect((await signIn(email)).json).toMatchObject({
      user: { name: "Zoe" },
      organizations: [{ name: "main", role: "member" }],
    });
  });

  it("is not used up by an address that somebody has, or where nobody new is let in", async () => {
    const email = await person();
    const token = await invite();
    const body = { token, name: "Zoe", email, password };

    const taken = await accept(body);
    await set({ signUp: "off" });
    const closed = await accept({ ...body, email: freshEmail() });
    await set({ signUp: "invitation" });
    const open = await accept({ ...body, email: freshEmail() });

    expect([taken.status, closed.status, open.status]).toEqual([400, 403, 200]);
    expect(taken.json.errors[0].field).toBe("email");
  });

  it("asks for address and password together", async () => {
    const answer = await accept({ token: await invite(), name: "Zoe", email: freshEmail() });

    expect(answer.json.errors[0].field).toBe("password");
  });
});

describe("an account", () => {
  const change = "a different long password";

  it("gets another password by the present one, which signs out everywhere else", async () => {
    const email = await person();
    const [here, elsewhere] = [cookieOf(await signIn(email)), cookieOf(await signIn(email))];
    const put = (body: Record<string, unknown>) =>
      api.call(`${v1}/account/password`, { method: "PUT", body, headers: { cookie: here } });

    const without = await put({ password: change });
    const wrong = await put({ password: change, currentPassword: "wrong password" });
    const right = await put({ password: change, currentPassword: password });

    expect([without.status, wrong.status, right.status]).toEqual([400, 400, 204]);
    expect(wrong.json.errors[0].field).toBe("currentPassword");
    const statusOf = async (cookie: string) => (await api.call(`${v1}/account`, { headers: { cookie } })).status;
    expect([await statusOf(here), await statusOf(elsewhere)]).toEqual([200, 401]);
    expect([(await signIn(email)).status, (await signIn(email, change)).status]).toEqual([401, 200]);
    const actions = (await audited(4)).map(({ action, outcome }) => `${action} ${outcome}`);
    expect(actions).toEqual(["sign in done", "sign in refused", "change password done", "change password refused"]);
  });

  it("counts guesses of the present password", async () => {
    const email = await person();
    const headers = { cookie: cookieOf(await signIn(email)) };
    await set({ signInsPerPerson: 3 });
    const body = { password: change, currentPassword: "wrong password" };

    const statuses: number[] = [];
    for (let count = 0; count < 4; count += 1) {
      statuses.push((await api.call(`${v1}/account/password`, { method: "PUT", body, headers })).status);
    }

    expect(statuses).toEqual([400, 400, 400, 429]);
  });

  it("is opened again by an administrator's link when the password was forgotten", async () => {
    const email = await person();
    const { id } = (await signIn(email)).json.user;
    const made = await api.signedIn(`${v1}/people/${id}/sign-in-link`, { body: {} });
    const token = String(made.json.link).split("token=")[1];
    const headers = { cookie: cookieOf(await api.call(`${v1}/session`, { body: { token } })) };

    const account = await api.call(`${v1}/account`, { headers });
    const reset = await api.call(`${v1}/account/password`, { method: "PUT", body: { password: change }, headers });

    expect(account.json).toMatchObject({ email, hasPassword: true, asksForPassword: false });
    expect([reset.status, (await signIn(email, change)).status]).toEqual([204, 200]);
  });

  it("needs an address before a password, and somebody who signed in lately", async () => {
    const { id } = await somebody(api);
    const token = await createSignInToken(api.database.connection, id);
    const headers = { cookie: cookieOf(await api.call(`${v1}/session`, { body: { token } })) };
    const put = () => api.call(`${v1}/account/password`, { method: "PUT", body: { password }, headers });
    const email = freshEmail();

    const without = await put();
    const given = await api.call(`${v1}/account`, { method: "PATCH", body: { email }, headers });
    const begin = (when: string) => database.query(`update sessions set created_at = ${when} where user_id = $1`, [id]);
    await begin("now() - interval '2 days'");
    const late = await put();
    await begin("now()");
    const done = await put();

    expect([without.status, given.status, late.status, done.status]).toEqual([409, 200, 403, 204]);
    expect(without.json.type).toBe("/problems/no-email");
    expect(late.json.type).toBe("/problems/sign-in-again");
    expect((await signIn(email)).json.user.id).toBe(id);
  });

  it("cannot have the address of somebody else", async () => {
    const [email, other] = [await person(), await person()];
    const headers = { cookie: cookieOf(await signIn(email)) };

    const body = { email: other, currentPassword: password };
    const answer = await api.call(`${v1}/account`, { method: "PATCH", body, headers });

    expect([answer.status, answer.json.errors[0].field]).toEqual([400, "email"]);
  });

  it("is nothing that an API key can look at or change", async () => {
    const key = (await api.signedIn(`${v1}/keys`, { body: { name: "k", scopes: ["manage", "write"] } })).json.secret;
    const headers = { authorization: `Bearer ${key}` };

    expect((await api.call(`${v1}/account`, { headers })).status).toBe(403);
  });
});

describe("what somebody has not", () => {
  it("is not removed", async () => {
    const ann = await somebody(api);

    const statuses = [
      (await ann.call(`${v1}/account/passkeys/${ann.id}`, { method: "DELETE" })).status,
      (await ann.call(`${v1}/account/single-sign-on`, { method: "DELETE" })).status,
    ];

    expect(statuses).toEqual([404, 404]);
  });
});
