import { screen, waitFor, within } from "@testing-library/react";
import { describe, expect, it } from "vitest";
import { settingsSchema } from "../../../automation-api/contract/settings.ts";
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
const sessions = {
  items: [
    { id: idOf(4), current: true, agent: "This browser", createdAt: ago(9), seenAt: ago(0), expiresAt: ago(-60) },
    { id: idOf(5), current: false, agent: "Another browser", createdAt: ago(9), seenAt: ago(5), expiresAt: ago(-60) },
  ],
};

function account(administrator = false) {
  const api = createFakeApi();
  signedInAs(api, { main: "owner" }, administrator);
  api.instead.set("GET /keys", { status: 200, body: { items: [key] } });
  api.instead.set("GET /sessions", { status: 200, body: sessions });
  return api;
}

describe("keys and sessions", () => {
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

    expect(within(table).getByRole("row", { name: /deploys/ })).toHaveTextContent("sfk_abcd…");
    await waitFor(() => expect(sentTo(api, `DELETE /keys/${idOf(3)}`)).toHaveLength(1));
  });

  it("signs out elsewhere, one by one or everywhere, but not here", async () => {
    const api = account();
    api.instead.set("DELETE /sessions", { status: 204 });
    const { user } = renderApp("/keys", { api });
    const table = await screen.findByRole("table", { name: "Sessions" });

    await user.click(within(table).getByRole("button", { name: "Sign out Another browser" }));
    await user.click(screen.getByRole("button", { name: "Sign out everywhere else" }));

    expect(within(table).queryByRole("button", { name: "Sign out This browser" })).not.toBeInTheDocument();
    await waitFor(() => expect(sentTo(api, "DELETE /sessions")).toHaveLength(1));
    expect(sentTo(api, `DELETE /sessions/${idOf(5)}`)).toHaveLength(1);
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
    await user.click(screen.getByRole("button", { name: "Save" }));

    expect(await screen.findByText("Saved.")).toBeInTheDocument();
    expect(sentTo(api, "PUT /settings")).toEqual([
      { ...settings, storesPerOrganization: 25, plans: ["basic", "standard"] },
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

  it("are in the menu of administrators only", async () => {
    const { user } = renderApp("/", { api: account() });

    await user.click(await screen.findByRole("button", { name: "Account" }));

    expect(await screen.findByRole("menuitem", { name: "Audit log" })).toBeInTheDocument();
    expect(screen.queryByRole("menuitem", { name: "Settings" })).not.toBeInTheDocument();
  });
});
