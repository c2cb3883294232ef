import { screen, waitFor, within } from "@testing-library/react";
import { describe, expect, it } from "vitest";
import { settingsSchema } from "../../../automation-api/contract/settings.ts";
import { problem } from "../fake/answers.ts";
import { sentTo, signedInAs } from "../fake/people.ts";
import { ago, idOf } from "../fake/things.ts";
import { createFakeApi } from "../fake-api.ts";
import { renderApp } from "../render-app.tsx";

const key = {
  id: idOf(3),
  name: "deploys",
  hint: "sfk_abcd",
  user: "ann",
  organization: "main",
  scopes: ["read", "write"],
  createdAt: ago(60),
  expiresAt: ago(-6000),
};
const somebody = { id: idOf(6), name: "bob", administrator: false, organizations: [], createdAt: ago(90) };
const finding = {
  id: idOf(8),
  kind: "orphan-volume",
  subject: "pvc-1",
  text: "The volume belongs to no store; look at it, and remove it by hand.",
  firstSeenAt: ago(60),
  lastSeenAt: ago(1),
};
const sessions = {
  items: [
    { id: idOf(4), current: true, agent: "This browser", createdAt: ago(9), seenAt: ago(0), expiresAt: ago(-60) },
    { id: idOf(5), current: false, agent: "Another browser", createdAt: ago(9), seenAt: ago(5), expiresAt: ago(-60) },
  ],
};

const person = { name: "ann", hasPassword: false, asksForPassword: false, passkeys: [], singleSignOn: false };

function account(administrator = false) {
  const api = createFakeApi();
  signedInAs(api, { main: "owner" }, administrator);
  api.instead.set("GET /keys", { status: 200, body: { items: [key] } });
  api.instead.set("GET /sessions", { status: 200, body: sessions });
  api.instead.set("GET /account", { status: 200, body: person });
  api.instead.set("GET /people", { status: 200, body: { items: [somebody] } });
  api.instead.set("GET /platform/findings", { status: 200, body: { items: [finding] } });
  return api;
}

describe("API keys", () => {
  it("makes a key for what is ticked and shows it once", async () => {
    const api = account();
    api.instead.set("POST /keys", { status: 201, body: { key, secret: "sfk_the-whole-secret" } });
    const { user } = renderApp("/keys", { api });

    await user.type(await screen.findByRole("textbox", { name: "What it is for" }), "deploys");
    await user.click(screen.getByRole("checkbox", { name: "Create and delete stores" }));
    await user.click(screen.getByRole("button", { name: "Make a key" }));

    expect(await screen.findByText("sfk_the-whole-secret")).toBeInTheDocument();
    expect(sentTo(api, "POST /keys")).toEqual([
      { name: "deploys", scopes: ["read", "write"], days: 90, organization: "main" },
    ]);
  });

  it("lists keys by how they begin, and revokes one", async () => {
    const api = account();
    api.instead.set("DELETE /keys", { status: 204 });
    const { user } = renderApp("/keys", { api });
    const table = await screen.findByRole("table", { name: "API keys" });

    await user.click(within(table).getByRole("button", { name: "Revoke deploys" }));
    expect(sentTo(api, `DELETE /keys/${idOf(3)}`)).toHaveLength(0);
    await user.click(within(await screen.findByRole("dialog")).getByRole("button", { name: "Revoke" }));

    expect(within(table).getByRole("row", { name: /deploys/ })).toHaveTextContent("sfk_abcd…");
    await waitFor(() => expect(sentTo(api, `DELETE /keys/${idOf(3)}`)).toHaveLength(1));
  });
});

describe("one's own account", () => {
  it("signs out elsewhere, one by one or everywhere, but not here", async () => {
    const api = account();
    api.instead.set("DELETE /sessions", { status: 204 });
    const { user } = renderApp("/account", { api });
    const table = await screen.findByRole("table", { name: "Sessions" });

    await user.click(within(table).getByRole("button", { name: /^Sign out Another browser/ }));
    await user.click(within(await screen.findByRole("dialog")).getByRole("button", { name: "Sign out" }));
    await user.click(screen.getByRole("button", { name: "Sign out everywhere else" }));

    expect(within(table).queryByRole("button", { name: /^Sign out This browser/ })).not.toBeInTheDocument();
    await waitFor(() => expect(sentTo(api, "DELETE /sessions")).toHaveLength(1));
    expect(sentTo(api, `DELETE /sessions/${idOf(5)}`)).toHaveLength(1);
  });

  it("saves an address before a password can be set, and then asks for the present one", async () => {
    const api = account();
    api.instead.set("GET /account", { status: 200, body: person, etag: '"seen"' });
    const { user } = renderApp("/account", { api });
    expect(await screen.findByText(/Save an e-mail address first/)).toBeInTheDocument();

    api.instead.set("PATCH /account", { status: 200, body: { ...person, email: "ann@example.com" } });
    api.instead.set("GET /account", {
      status: 200,
      body: { ...person, email: "ann@example.com", hasPassword: true, asksForPassword: true },
    });
    await user.type(screen.getByRole("textbox", { name: "E-mail address" }), "ann@example.com");
    await user.click(screen.getByRole("button", { name: "Save" }));

    await user.type(await screen.findByLabelText(/^New password/), "a long password");
    expect(sentTo(api, "PATCH /account")).toEqual([{ name: "ann", email: "ann@example.com" }]);
    expect(api.requests.find(({ line }) => line === "PATCH /account")?.headers.get("if-match")).toBe('"seen"');
  });

  it("says that the present password is wrong, beside its field", async () => {
    const api = account();
    const body = { ...person, email: "ann@example.com", hasPassword: true, asksForPassword: true };
    api.instead.set("GET /account", { status: 200, body });
    const message = "That is not your present password.";
    api.instead.set("PUT /account/password", problem(400, message, [{ field: "currentPassword", message }]));
    const { user } = renderApp("/account", { api });

    await user.type(await screen.findByLabelText(/^Present password/), "wrong password");
    await user.type(screen.getByLabelText(/^New password/), "a long password");
    await user.click(screen.getByRole("button", { name: "Set the password" }));

    expect(await screen.findByRole("alert")).toHaveTextContent(message);
    expect(sentTo(api, "PUT /account/password")).toEqual([
      { password: "a long password", currentPassword: "wrong password" },
    ]);
  });

  it("lists passkeys and removes one", async () => {
    const api = account();
    const passkeys = [{ id: idOf(8), name: "my laptop", createdAt: ago(60) }];
    api.instead.set("GET /account", { status: 200, body: { ...person, passkeys } });
    api.instead.set("DELETE /account/passkeys", { status: 204 });
    const { user } = renderApp("/account", { api });

    await user.click(await screen.findByRole("button", { name: "Remove my laptop" }));
    await user.click(within(await screen.findByRole("dialog")).getByRole("button", { name: "Remove" }));

    await waitFor(() => expect(sentTo(api, `DELETE /account/passkeys/${idOf(8)}`)).toHaveLength(1));
  });

  it("can be disconnected from single sign-on where that is configured", async () => {
    const api = account();
    api.instead.set("GET /sign-in", { status: 200, body: { signUp: "off", singleSignOn: { title: "Example ID" } } });
    api.instead.set("GET /account", { status: 200, body: { ...person, singleSignOn: true } });
    api.instead.set("DELETE /account/single-sign-on", { status: 204 });
    const { user } = renderApp("/account", { api });

    const card = within(await screen.findByRole("region", { name: "Example ID" }));
    await user.click(card.getByRole("button", { name: "Disconnect" }));

    await waitFor(() => expect(sentTo(api, "DELETE /account/single-sign-on")).toHaveLength(1));
  });
});

describe("the audit log", () => {
  const entry = { at: ago(1), action: "delete store", subject: "bakery", via: "key deploys", outcome: "refused" };
  const page = (id: string, nextCursor?: string) => ({
    items: [{ ...entry, id, actor: `actor-${id}` }],
    ...(nextCursor !== undefined && { nextCursor }),
  });

  it("says who did what by what, and goes on to older entries", async () => {
    const api = account();
    api.instead.set("GET /audit", { status: 200, body: page("8", "8") });
    const { user } = renderApp("/audit", { api });
    const table = await screen.findByRole("table", { name: "Audit log" });
    expect(within(table).getByRole("row", { name: /bakery/ })).toHaveTextContent("actor-8 (key deploys)");
    expect(within(table).getByRole("row", { name: /bakery/ })).toHaveTextContent("refused");

    api.instead.set("GET /audit", { status: 200, body: page("7") });
    await user.click(screen.getByRole("button", { name: "Show older entries" }));

    expect(await within(table).findByText(/actor-7/)).toBeInTheDocument();
    expect(screen.getByRole("link", { name: "Export as CSV" })).toHaveAttribute(
      "href",
      "/api/v1/audit/export?format=csv",
    );
    expect(screen.queryByRole("button", { name: "Check the chain" })).not.toBeInTheDocument();
  });

  it("is checked by administrators, who are told where it is broken", async () => {
    const api = account(true);
    api.instead.set("GET /audit/verification", { status: 200, body: { entries: 9, intact: false, brokenAt: "4" } });
    api.instead.set("GET /audit", { status: 200, body: page("8") });
    const { user } = renderApp("/audit", { api });

    await user.click(await screen.findByRole("button", { name: "Check the chain" }));

    expect(await screen.findByText(/Entry 4 is not as it was written/)).toBeInTheDocument();
  });
});

describe("the settings", () => {
  it("are saved as a whole, and say so", async () => {
    const api = account(true);
    const settings = settingsSchema.parse({});
    api.instead.set("GET /settings", { status: 200, body: settings });
    api.instead.set("PUT /settings", { status: 200, body: { ...settings, storesPerOrganization: 25 } });
    const { user } = renderApp("/settings", { api });

    const field = await screen.findByRole("textbox", { name: "Stores of one organization, at most" });
    await user.clear(field);
    await user.type(field, "25");
    await user.click(screen.getByRole("checkbox", { name: "premium" }));
    await user.selectOptions(screen.getByRole("combobox", { name: "Who may become a new person here" }), "everybody");
    await user.click(screen.getByRole("button", { name: "Save" }));

    expect(await screen.findByText("Saved.")).toBeInTheDocument();
    expect(sentTo(api, "PUT /settings")).toEqual([
      { ...settings, storesPerOrganization: 25, plans: ["basic", "standard"], signUp: "open" },
    ]);
  });

  it("say which field is wrong, and that somebody else was faster", async () => {
    const api = account(true);
    api.instead.set("GET /settings", { status: 200, body: settingsSchema.parse({}) });
    const errors = [{ field: "createsPerMinute", message: "Too small: at least 1." }];
    const problem = { type: "about:blank", title: "Bad Request", status: 400, detail: "A field is wrong.", errors };
    api.instead.set("PUT /settings", { status: 400, body: problem });
    const { user } = renderApp("/settings", { api });

    await user.click(await screen.findByRole("button", { name: "Save" }));

    expect(await screen.findByText("Too small: at least 1.")).toBeInTheDocument();
    expect(screen.getByRole("alert")).toHaveTextContent("A field is wrong.");
  });

  it("stand above what is not as it should be", async () => {
    const api = account(true);
    api.instead.set("GET /settings", { status: 200, body: settingsSchema.parse({}) });
    renderApp("/settings", { api });

    const table = await screen.findByRole("table", { name: "Findings" });

    expect(within(table).getByRole("row", { name: /pvc-1/ })).toHaveTextContent("remove it by hand");
  });

  it("stand above everybody there is, for whom a sign-in link can be made", async () => {
    const api = account(true);
    api.instead.set("GET /settings", { status: 200, body: settingsSchema.parse({}) });
    const link = "http://localhost:8090/sign-in#token=secret";
    api.instead.set("POST /people", { status: 201, body: { link, expiresAt: ago(-60) } });
    const { user } = renderApp("/settings", { api });

    await user.click(await screen.findByRole("button", { name: "Make a sign-in link for bob" }));

    expect(await screen.findByText(link)).toBeInTheDocument();
    expect(screen.getByText(/Give this link to bob and to nobody else/)).toBeInTheDocument();
    expect(sentTo(api, `POST /people/${idOf(6)}/sign-in-link`)).toHaveLength(1);
  });

  it("are in the menu of administrators only", async () => {
    const { user } = renderApp("/", { api: account() });

    await user.click(await screen.findByRole("button", { name: "Account" }));

    expect(await screen.findByRole("menuitem", { name: "Audit log" })).toBeInTheDocument();
    expect(screen.queryByRole("menuitem", { name: "Settings" })).not.toBeInTheDocument();
  });
});
