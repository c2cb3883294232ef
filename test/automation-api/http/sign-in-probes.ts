import type { Sent } from "./api-under-test.ts";

/** A request for a route about things of an organization, and what it answers when it may be made. */
export interface Probe extends Sent {
  readonly path: string;
  readonly success: number;
}

const v1 = "/api/v1";
const json = (body: unknown = {}) => ({ body });
const strangePasskey = {
  id: "bm9ib2R5",
  rawId: "bm9ib2R5",
  type: "public-key",
  response: { clientDataJSON: "e30", authenticatorData: "AA", signature: "AA" },
};

/** How the routes about signing in, and about one's own account, are asked; see `probesOf`. */
export const signInProbes: Readonly<Record<string, () => Promise<Probe>>> = {
  "GET /api/v1/sign-in": async () => ({ path: `${v1}/sign-in`, success: 200 }),
  // Whatever was typed is refused alike; see the tests of signing in for what is let in.
  "POST /api/v1/sign-in/password": async () => ({
    path: `${v1}/sign-in/password`,
    ...json({ email: "nobody@example.com", password: "not a password" }),
    success: 401,
  }),
  "POST /api/v1/sign-in/passkey/question": async () => ({
    path: `${v1}/sign-in/passkey/question`,
    ...json(),
    success: 200,
  }),
  "POST /api/v1/sign-in/passkey": async () => ({
    path: `${v1}/sign-in/passkey`,
    ...json({ credential: strangePasskey }),
    success: 401,
  }),
  // No provider is configured for this test.
  "POST /api/v1/sign-in/single-sign-on": async () => ({
    path: `${v1}/sign-in/single-sign-on`,
    ...json(),
    success: 404,
  }),
  "GET /api/v1/sign-in/callback/single-sign-on": async () => ({
    path: `${v1}/sign-in/callback/single-sign-on?code=1&state=1`,
    success: 404,
  }),
  // People come by invitation.
  "POST /api/v1/sign-up": async () => ({
    path: `${v1}/sign-up`,
    ...json({ name: "New", email: "new@example.com", password: "a long password" }),
    success: 403,
  }),
  "GET /api/v1/account": async () => ({ path: `${v1}/account`, success: 200 }),
  "PATCH /api/v1/account": async () => ({
    path: `${v1}/account`,
    method: "PATCH",
    ...json({ name: "Other" }),
    success: 200,
  }),
  // Nobody here has an address.
  "PUT /api/v1/account/password": async () => ({
    path: `${v1}/account/password`,
    method: "PUT",
    ...json({ password: "a long password" }),
    success: 409,
  }),
  "POST /api/v1/account/passkeys/question": async () => ({
    path: `${v1}/account/passkeys/question`,
    ...json(),
    success: 200,
  }),
  "POST /api/v1/account/passkeys": async () => ({
    path: `${v1}/account/passkeys`,
    ...json({ name: "", credential: {} }),
    success: 400,
  }),
  "DELETE /api/v1/account/passkeys/:id": async () => ({
    path: `${v1}/account/passkeys/never-was`,
    method: "DELETE",
    success: 404,
  }),
  "POST /api/v1/account/single-sign-on": async () => ({
    path: `${v1}/account/single-sign-on`,
    ...json(),
    success: 404,
  }),
  "DELETE /api/v1/account/single-sign-on": async () => ({
    path: `${v1}/account/single-sign-on`,
    method: "DELETE",
    success: 404,
  }),
};
