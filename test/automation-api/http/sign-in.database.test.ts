import { afterAll, beforeAll, beforeEach, describe, expect, it } from "vitest";
import { cookieOf, freshEmail, password, type SignInUnderTest, signInUnderTest, v1 } from "./sign-in-under-test.ts";

let test: SignInUnderTest;
beforeAll(async () => {
  test = await signInUnderTest();
});
afterAll(() => test.api.stop());
beforeEach(() => test.set({}));

describe("signing in by password", () => {
  it("begins a session that is kept like every other", async () => {
    const email = await test.person();

    const answer = await test.signIn(email.toUpperCase());
    const session = await test.api.call(`${v1}/session`, { headers: { cookie: cookieOf(answer) } });
    const open = await test.api.call(`${v1}/sessions`, { headers: { cookie: cookieOf(answer), "user-agent": "x" } });

    expect(answer.status, answer.text).toBe(200);
    expect(String(answer.headers["set-cookie"])).toMatch(
      /^storefleet_session=\w{32,}; Max-Age=2592000; Path=\/; HttpOnly; SameSite=Strict$/,
    );
    expect(session.json).toEqual(answer.json);
    expect(open.json.items).toMatchObject([{ current: true, address: "127.0.0.1" }]);
    expect(await test.audited(1)).toMatchObject([
      { action: "sign in", outcome: "done", via: "password", actor: "Ann" },
    ]);
  });

  it("keeps neither the password nor the session's secret", async () => {
    const email = await test.person();
    const secret = cookieOf(await test.signIn(email)).split("=")[1] ?? "none";

    const { rows } = await test.database.query(
      "select * from sessions, identities, users, audit_entries, verifications",
    );
    const { rows: some } = await test.database.query("select identities.*, sessions.hash from identities, sessions");

    expect(JSON.stringify([rows, some]) + test.api.log.join("")).not.toMatch(new RegExp(`${password}|${secret}`));
    expect(some.length).toBeGreaterThan(0);
  });

  it("answers a wrong password and an unknown address with the same words, in about the same time", async () => {
    const email = await test.person();
    await test.signIn(email, "wrong password");
    const timed = async (address: string) => {
      const begun = performance.now();
      const answer = await test.signIn(address, "wrong password");
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
    const email = await test.person();

    await test.signIn(email, "wrong password");
    await test.signIn("my-secret-typed-wrong@example.com", "wrong password");

    const [stranger, known] = await test.audited(2);
    expect(known).toMatchObject({ action: "sign in", outcome: "refused", via: "password", subject: "Ann" });
    expect(stranger).toMatchObject({ action: "sign in", outcome: "refused", actor: "somebody" });
    expect(JSON.stringify(await test.audited(100))).not.toMatch(/my-secret-typed-wrong|wrong password/);
  });

  it("is refused for one address after so many failures, wherever they come from, and for no other", async () => {
    const [email, other] = [await test.person(), await test.person()];
    await test.set({ signInsPerPerson: 3 });

    const statuses: number[] = [];
    for (let count = 0; count < 4; count += 1) statuses.push((await test.signIn(email, "wrong password")).status);
    const locked = await test.signIn(email);

    expect(statuses).toEqual([401, 401, 401, 429]);
    expect(locked.status).toBe(429);
    expect(Number(locked.headers["retry-after"])).toBeGreaterThan(600);
    expect((await test.signIn(other)).status).toBe(200);
  });

  it("counts from nothing again after a success", async () => {
    const email = await test.person();
    await test.set({ signInsPerPerson: 3 });

    const statuses: number[] = [];
    for (const given of ["wrong password", "wrong password", password, "wrong password", password]) {
      statuses.push((await test.signIn(email, given)).status);
    }

    expect(statuses).toEqual([401, 401, 200, 401, 200]);
  });

  it("ends the session that the browser had before", async () => {
    const email = await test.person();
    const before = cookieOf(await test.signIn(email));

    const after = cookieOf(await test.signIn(email, password, { cookie: before }));

    const statusOf = async (cookie: string) => (await test.api.call(`${v1}/session`, { headers: { cookie } })).status;
    expect([await statusOf(before), await statusOf(after)]).toEqual([401, 200]);
  });

  it("is refused from strange pages, and as a form", async () => {
    const body = { email: freshEmail(), password };
    const path = `${v1}/sign-in/password`;

    const strange = await test.api.call(path, { body, headers: { origin: "http://evil.example" } });
    const form = await test.api.call(path, { body, headers: { "content-type": "application/x-www-form-urlencoded" } });

    expect([strange.status, form.status]).toEqual([403, 415]);
  });
});

describe("signing up", () => {
  it.each([
    ["invitation", 403],
    ["off", 403],
    ["open", 204],
  ])("where it is %s: %i", async (mode, status) => {
    await test.set({ signUp: mode });

    const answer = await test.signUp({ name: "New", email: freshEmail(), password });

    expect(answer.status).toBe(status);
    expect((await test.api.call(`${v1}/sign-in`)).json).toEqual({ signUp: mode });
  });

  it("does not tell that an address is taken, and changes nothing about whose it is", async () => {
    const email = await test.person();

    const again = await test.signUp({ name: "Mallory", email, password: "another long password" });

    expect([again.status, again.text]).toEqual([204, ""]);
    expect((await test.signIn(email, "another long password")).status).toBe(401);
    expect((await test.signIn(email)).json.user.name).toBe("Ann");
    expect(await test.audited(3)).toMatchObject([
      {},
      {},
      { action: "sign up", outcome: "refused", subject: "Mallory" },
    ]);
  });

  it.each([
    [{ password: "too short" }, "password"],
    [{ password: "aaaaaaaaaaaaaaaa" }, "password"],
    [{ password: `${"long ".repeat(60)}` }, "password"],
    [{ email: "no address" }, "email"],
    [{ name: "" }, "name"],
    [{ administrator: true }, "administrator"],
  ])("refuses %j with the field %s", async (changed, field) => {
    await test.set({ signUp: "open" });

    const answer = await test.signUp({ name: "New", email: freshEmail(), password, ...changed });

    expect(answer.status).toBe(400);
    expect(answer.json.errors[0].field).toBe(field);
  });

  it("takes passwords of more than 128 characters, in any script", async () => {
    await test.set({ signUp: "open" });
    const email = freshEmail();
    const long = "пароль 🔑 contraseña ".repeat(8);

    await test.signUp({ name: "New", email, password: long });

    expect(long.length).toBeGreaterThan(128);
    expect((await test.signIn(email, long)).status).toBe(200);
    expect((await test.signIn(email, long.slice(0, -1))).status).toBe(401);
  });
});
