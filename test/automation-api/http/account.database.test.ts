import { afterAll, beforeAll, beforeEach, describe, expect, it } from "vitest";
import { createSignInToken } from "../../../automation-api/use-cases/sessions.ts";
import { somebody } from "./people-under-test.ts";
import { cookieOf, freshEmail, password, type SignInUnderTest, signInUnderTest, v1 } from "./sign-in-under-test.ts";

let test: SignInUnderTest;
beforeAll(async () => {
  test = await signInUnderTest();
});
afterAll(() => test.api.stop());
beforeEach(() => test.set({}));

describe("an invitation", () => {
  const invite = async () => {
    const made = await test.api.signedIn(`${v1}/organizations/main/invitations`, { body: { role: "member" } });
    return String(made.json.link).split("token=")[1] ?? "";
  };
  const accept = (body: Record<string, unknown>) => test.api.call(`${v1}/invitations/accept`, { body });

  it("gives somebody new a password to come back with", async () => {
    const email = freshEmail();

    const answer = await accept({ token: await invite(), name: "Zoe", email, password });

    expect(answer.status, answer.text).toBe(200);
    expect((await test.signIn(email)).json).toMatchObject({
      user: { name: "Zoe" },
      organizations: [{ name: "main", role: "member" }],
    });
  });

  it("is not used up by an address that somebody has, or where nobody new is let in", async () => {
    const email = await test.person();
    const token = await invite();
    const body = { token, name: "Zoe", email, password };

    const taken = await accept(body);
    await test.set({ signUp: "off" });
    const closed = await accept({ ...body, email: freshEmail() });
    await test.set({ signUp: "invitation" });
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
    const email = await test.person();
    const [here, elsewhere] = [cookieOf(await test.signIn(email)), cookieOf(await test.signIn(email))];
    const put = (body: Record<string, unknown>) =>
      test.api.call(`${v1}/account/password`, { method: "PUT", body, headers: { cookie: here } });

    const without = await put({ password: change });
    const wrong = await put({ password: change, currentPassword: "wrong password" });
    const right = await put({ password: change, currentPassword: password });

    expect([without.status, wrong.status, right.status]).toEqual([400, 400, 204]);
    expect(wrong.json.errors[0].field).toBe("currentPassword");
    const statusOf = async (cookie: string) => (await test.api.call(`${v1}/account`, { headers: { cookie } })).status;
    expect([await statusOf(here), await statusOf(elsewhere)]).toEqual([200, 401]);
    expect([(await test.signIn(email)).status, (await test.signIn(email, change)).status]).toEqual([401, 200]);
    const actions = (await test.audited(4)).map(({ action, outcome }) => `${action} ${outcome}`);
    expect(actions).toEqual(["sign in done", "sign in refused", "change password done", "change password refused"]);
  });

  it("counts guesses of the present password", async () => {
    const email = await test.person();
    const headers = { cookie: cookieOf(await test.signIn(email)) };
    await test.set({ signInsPerPerson: 3 });
    const body = { password: change, currentPassword: "wrong password" };

    const statuses: number[] = [];
    for (let count = 0; count < 4; count += 1) {
      statuses.push((await test.api.call(`${v1}/account/password`, { method: "PUT", body, headers })).status);
    }

    expect(statuses).toEqual([400, 400, 400, 429]);
  });

  it("is opened again by an administrator's link when the password was forgotten", async () => {
    const email = await test.person();
    const { id } = (await test.signIn(email)).json.user;
    const made = await test.api.signedIn(`${v1}/people/${id}/sign-in-link`, { body: {} });
    const token = String(made.json.link).split("token=")[1];
    const headers = { cookie: cookieOf(await test.api.call(`${v1}/session`, { body: { token } })) };

    const account = await test.api.call(`${v1}/account`, { headers });
    const reset = await test.api.call(`${v1}/account/password`, { method: "PUT", body: { password: change }, headers });

    expect(account.json).toMatchObject({ email, hasPassword: true, asksForPassword: false });
    expect([reset.status, (await test.signIn(email, change)).status]).toEqual([204, 200]);
  });

  it("needs an address before a password, and somebody who signed in lately", async () => {
    const { id } = await somebody(test.api);
    const token = await createSignInToken(test.api.database.connection, id);
    const headers = { cookie: cookieOf(await test.api.call(`${v1}/session`, { body: { token } })) };
    const put = () => test.api.call(`${v1}/account/password`, { method: "PUT", body: { password }, headers });
    const email = freshEmail();

    const without = await put();
    const given = await test.api.call(`${v1}/account`, { method: "PATCH", body: { email }, headers });
    const begin = (when: string) =>
      test.database.query(`update sessions set created_at = ${when} where user_id = $1`, [id]);
    await begin("now() - interval '2 days'");
    const late = await put();
    await begin("now()");
    const done = await put();

    expect([without.status, given.status, late.status, done.status]).toEqual([409, 200, 403, 204]);
    expect(without.json.type).toBe("/problems/no-email");
    expect(late.json.type).toBe("/problems/sign-in-again");
    expect((await test.signIn(email)).json.user.id).toBe(id);
  });

  it("cannot have the address of somebody else", async () => {
    const [email, other] = [await test.person(), await test.person()];
    const headers = { cookie: cookieOf(await test.signIn(email)) };

    const body = { email: other, currentPassword: password };
    const answer = await test.api.call(`${v1}/account`, { method: "PATCH", body, headers });

    expect([answer.status, answer.json.errors[0].field]).toEqual([400, "email"]);
  });

  it("is nothing that an API key can look at or change", async () => {
    const key = (await test.api.signedIn(`${v1}/keys`, { body: { name: "k", scopes: ["manage", "write"] } })).json
      .secret;
    const headers = { authorization: `Bearer ${key}` };

    expect((await test.api.call(`${v1}/account`, { headers })).status).toBe(403);
  });
});

describe("what somebody has not", () => {
  it("is not removed", async () => {
    const ann = await somebody(test.api);

    const statuses = [
      (await ann.call(`${v1}/account/passkeys/${ann.id}`, { method: "DELETE" })).status,
      (await ann.call(`${v1}/account/single-sign-on`, { method: "DELETE" })).status,
    ];

    expect(statuses).toEqual([404, 404]);
  });
});
