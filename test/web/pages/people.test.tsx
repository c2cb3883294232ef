import { screen, waitFor, within } from "@testing-library/react";
import { describe, expect, it } from "vitest";
import { members, sentTo, signedInAs } from "../fake/people.ts";
import { ago, idOf } from "../fake/things.ts";
import { createFakeApi } from "../fake-api.ts";
import { renderApp } from "../render-app.tsx";

function peopleOf(role: "owner" | "admin" | "viewer") {
  const api = createFakeApi();
  signedInAs(api, { main: role });
  api.instead.set("GET /organizations/main/members", { status: 200, body: members });
  api.instead.set("GET /organizations/main/invitations", { status: 200, body: { items: [] } });
  return api;
}

describe("the people of an organization", () => {
  it("are shown to everybody in it, and changed by nobody who only looks", async () => {
    renderApp("/people", { api: peopleOf("viewer") });

    const table = await screen.findByRole("table", { name: "Members" });

    expect(within(table).getByRole("row", { name: /bob/ })).toHaveTextContent("viewer");
    expect(within(table).queryByRole("combobox")).not.toBeInTheDocument();
    expect(within(table).getByRole("button", { name: "Leave" })).toBeInTheDocument();
    expect(within(table).queryByRole("button", { name: "Remove bob" })).not.toBeInTheDocument();
    expect(screen.queryByRole("region", { name: "Invitations" })).not.toBeInTheDocument();
  });

  it("get another role, and it is said why they cannot", async () => {
    const api = peopleOf("owner");
    const detail = "The organization would have no owner; make somebody else one first.";
    const problem = { type: "/problems/last-owner", title: "Conflict", status: 409, detail };
    api.instead.set("PATCH /organizations/main/members", { status: 409, body: problem });
    const { user } = renderApp("/people", { api });

    await user.selectOptions(await screen.findByRole("combobox", { name: "Role of ann" }), "viewer");

    expect(await screen.findByRole("alert")).toHaveTextContent(detail);
    expect(sentTo(api, `PATCH /organizations/main/members/${idOf(1)}`)).toEqual([{ role: "viewer" }]);
    const change = api.requests.find(({ line }) => line.startsWith("PATCH"));
    expect(change?.headers.get("if-match")).toBe(`"${members.items[0]?.version}"`);
  });

  it("are taken out when it is said a second time, and not before", async () => {
    const api = peopleOf("owner");
    const path = `DELETE /organizations/main/members/${idOf(2)}`;
    api.instead.set("DELETE /organizations/main/members", { status: 204 });
    const { user } = renderApp("/people", { api });
    const remove = await screen.findByRole("button", { name: "Remove bob" });

    await user.click(remove);
    const asked = await screen.findByRole("dialog", { name: "Remove bob?" });
    await user.click(within(asked).getByRole("button", { name: "Keep it as it is" }));
    await waitFor(() => expect(screen.queryByRole("dialog")).not.toBeInTheDocument());
    expect(sentTo(api, path)).toEqual([]);
    await user.click(remove);
    await user.click(within(await screen.findByRole("dialog")).getByRole("button", { name: "Remove" }));

    await waitFor(() => expect(sentTo(api, path)).toHaveLength(1));
    expect(screen.queryByRole("dialog")).not.toBeInTheDocument();
  });

  it("leave when they say it a second time, and it is said why they cannot", async () => {
    const api = peopleOf("owner");
    const detail = "The organization would have no owner; make somebody else one first.";
    const problem = { type: "/problems/last-owner", title: "Conflict", status: 409, detail };
    api.instead.set("DELETE /organizations/main/members", { status: 409, body: problem });
    const { user } = renderApp("/people", { api });

    await user.click(await screen.findByRole("button", { name: "Leave" }));
    const asked = await screen.findByRole("dialog", { name: "Leave main?" });
    expect(sentTo(api, `DELETE /organizations/main/members/${idOf(1)}`)).toEqual([]);
    await user.click(within(asked).getByRole("button", { name: "Leave" }));

    expect(await screen.findByRole("alert")).toHaveTextContent(detail);
    expect(sentTo(api, `DELETE /organizations/main/members/${idOf(1)}`)).toHaveLength(1);
  });

  it("come in pages", async () => {
    const api = peopleOf("owner");
    api.instead.set("GET /organizations/main/members", { status: 200, body: { ...members, nextCursor: "next" } });
    const { user } = renderApp("/people", { api });
    const more = await screen.findByRole("button", { name: "Show more of the members" });
    const last = { id: idOf(9), name: "zoe", role: "viewer", since: ago(1), version: "c" };
    api.instead.set("GET /organizations/main/members", { status: 200, body: { items: [last] } });

    await user.click(more);

    const table = await screen.findByRole("table", { name: "Members" });
    await waitFor(() => expect(within(table).getByRole("row", { name: /zoe/ })).toBeInTheDocument());
    expect(within(table).getByRole("row", { name: /bob/ })).toBeInTheDocument();
    expect(more).not.toBeInTheDocument();
    expect(api.queries).toContain("?cursor=next");
  });

  it("are invited by a link that is shown once", async () => {
    const api = peopleOf("admin");
    const invitation = {
      id: idOf(7),
      role: "member",
      note: "Zoe",
      invitedBy: "ann",
      createdAt: ago(0),
      expiresAt: ago(-60),
    };
    const link = "http://localhost:8090/invitation#token=secret";
    api.instead.set("POST /organizations/main/invitations", { status: 201, body: { invitation, link } });
    const { user } = renderApp("/people", { api });

    await user.type(await screen.findByRole("textbox", { name: "Whom for" }), "Zoe");
    await user.click(screen.getByRole("button", { name: "Invite" }));

    expect(await screen.findByText(link)).toBeInTheDocument();
    expect(sentTo(api, "POST /organizations/main/invitations")).toEqual([{ role: "member", note: "Zoe" }]);
    const form = within(screen.getByRole("region", { name: "Invitations" }));
    expect(form.queryByRole("option", { name: "owner" })).not.toBeInTheDocument();
  });
});

describe("an invitation", () => {
  it("asks somebody new who they are and lets them in", async () => {
    const api = createFakeApi({ signedIn: false });
    const { user, router } = renderApp("/invitation#token=secret", { api });
    const name = await screen.findByRole("textbox", { name: "Your name" });
    signedInAs(api, { main: "member" });
    api.instead.set("POST /invitations/accept", api.instead.get("GET /session")!);
    api.data.signedIn = true;

    await user.type(name, "Zoe");
    await user.type(screen.getByRole("textbox", { name: "E-mail address" }), "zoe@example.com");
    await user.type(screen.getByLabelText(/^Password/), "a long password");
    await user.click(screen.getByRole("button", { name: "Accept the invitation" }));

    await waitFor(() => expect(router.state.location.href).toBe("/"));
    expect(sentTo(api, "POST /invitations/accept")).toEqual([
      { token: "secret", name: "Zoe", email: "zoe@example.com", password: "a long password" },
    ]);
  });

  it("says why it does not work, to somebody who is signed in already", async () => {
    const api = createFakeApi();
    const detail = "This invitation was used, withdrawn, or is too old; ask for another one.";
    api.instead.set("POST /invitations/accept", {
      status: 404,
      body: { type: "about:blank", title: "Not Found", status: 404, detail },
    });
    const { user } = renderApp("/invitation#token=old", { api });

    await user.click(await screen.findByRole("button", { name: "Accept the invitation" }));

    expect(await screen.findByRole("alert")).toHaveTextContent(detail);
    expect(sentTo(api, "POST /invitations/accept")).toEqual([{ token: "old" }]);
  });
});

describe("somebody of two organizations", () => {
  it("chooses whose stores are shown, and where new ones belong", async () => {
    const api = createFakeApi();
    signedInAs(api, { main: "viewer", bakery: "owner" });
    const { user } = renderApp("/stores", { api });

    await user.click(await screen.findByRole("button", { name: "Organization: all" }));
    await user.click(await screen.findByRole("menuitemradio", { name: "bakery" }));

    expect(await screen.findByRole("button", { name: "Organization: bakery" })).toBeInTheDocument();
    await waitFor(() => expect(api.queries.some((query) => query.includes("organization=bakery"))).toBe(true));
    expect(localStorage.getItem("storefleet-organization")).toBe("bakery");
  });

  it("is not asked when there is only one", async () => {
    renderApp("/stores");
    await screen.findByRole("heading", { name: "Stores" });

    expect(screen.queryByRole("button", { name: /^Organization/ })).not.toBeInTheDocument();
  });

  it("is not held to an organization that they have left", async () => {
    localStorage.setItem("storefleet-organization", "left");
    const api = createFakeApi();
    signedInAs(api, { main: "viewer" });

    renderApp("/stores", { api });

    await waitFor(() => expect(localStorage.getItem("storefleet-organization")).toBeNull());
  });
});
