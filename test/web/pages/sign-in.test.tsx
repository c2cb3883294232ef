import { screen, waitFor } from "@testing-library/react";
import { describe, expect, it } from "vitest";
import { problem } from "../fake/answers.ts";
import { sentTo, signedInAs } from "../fake/people.ts";
import { makeStore } from "../fake/things.ts";
import { createFakeApi } from "../fake-api.ts";
import { renderApp } from "../render-app.tsx";

describe("signing in", () => {
  it("uses the token of the link once, takes it out of the address and opens the overview", async () => {
    const { api, router } = renderApp("/sign-in#token=once", {
      api: createFakeApi({ signedIn: false, token: "once" }),
    });

    expect(await screen.findByRole("heading", { name: "Overview" })).toBeInTheDocument();
    expect(router.state.location.href).toBe("/");
    expect(api.requests.filter(({ line }) => line === "POST /session")).toHaveLength(1);
  });

  it("says why a link does not work and how to get another", async () => {
    const { router } = renderApp("/sign-in#token=old", { api: createFakeApi({ signedIn: false }) });

    expect(await screen.findByRole("heading", { name: "This link does not work" })).toBeInTheDocument();
    expect(screen.getByText("npm run sign-in")).toBeInTheDocument();
    await waitFor(() => expect(router.state.location.hash).toBe(""));
  });

  it("does not lose the link when the service is away", async () => {
    const api = createFakeApi({ signedIn: false, token: "once" });
    api.away = true;
    const { user } = renderApp("/sign-in#token=once", { api });
    const again = await screen.findByRole("button", { name: "Try again" });

    api.away = false;
    await user.click(again);

    expect(await screen.findByRole("heading", { name: "Overview" })).toBeInTheDocument();
  });

  it("explains itself to somebody without a session, at whatever address", async () => {
    renderApp("/stores", { api: createFakeApi({ signedIn: false }) });

    expect(await screen.findByRole("heading", { name: "Sign in" })).toBeInTheDocument();
    expect(screen.getByText("npm run sign-in")).toBeInTheDocument();
    expect(screen.queryByRole("link", { name: "Sign up" })).not.toBeInTheDocument();
  });

  it("takes an address and a password, and stays where one wanted to go", async () => {
    const api = createFakeApi({ signedIn: false });
    const { user, router } = renderApp("/stores", { api });
    await user.type(await screen.findByRole("textbox", { name: "E-mail address" }), "ann@example.com");
    await user.type(screen.getByLabelText(/^Password/), "a long password");
    signedInAs(api, { main: "owner" });
    api.instead.set("POST /sign-in/password", api.instead.get("GET /session")!);
    api.data.signedIn = true;

    await user.click(screen.getByRole("button", { name: "Sign in" }));

    expect(await screen.findByRole("heading", { name: "Stores" })).toBeInTheDocument();
    expect(router.state.location.pathname).toBe("/stores");
    expect(sentTo(api, "POST /sign-in/password")).toEqual([{ email: "ann@example.com", password: "a long password" }]);
  });

  it("says that they are not right, and forgets nothing that was typed but is wrong", async () => {
    const api = createFakeApi({ signedIn: false });
    const detail = "E-mail address or password are not right.";
    api.instead.set("POST /sign-in/password", problem(401, detail));
    const { user } = renderApp("/sign-in", { api });

    await user.type(await screen.findByRole("textbox", { name: "E-mail address" }), "ann@example.com");
    await user.type(screen.getByLabelText(/^Password/), "a wrong password");
    await user.click(screen.getByRole("button", { name: "Sign in" }));

    expect(await screen.findByRole("alert")).toHaveTextContent(detail);
    expect(screen.getByRole("textbox", { name: "E-mail address" })).toHaveValue("ann@example.com");
  });

  it("offers the provider of single sign-on by its title, and says why it sent somebody back", async () => {
    const api = createFakeApi({ signedIn: false });
    const body = { signUp: "open", singleSignOn: { title: "Example ID" } };
    api.instead.set("GET /sign-in", { status: 200, body });
    renderApp("/sign-in?problem=address-taken", { api });

    expect(await screen.findByRole("button", { name: "Example ID" })).toBeInTheDocument();
    expect(screen.getByRole("alert")).toHaveTextContent("Somebody here has the same address.");
    expect(screen.getByRole("link", { name: "Sign up" })).toBeInTheDocument();
  });

  it("leads back to the invitation that was opened before", async () => {
    sessionStorage.setItem("storefleet-invitation", "secret");
    const { router } = renderApp("/welcome");

    await waitFor(() => expect(router.state.location.href).toBe("/invitation#token=secret"));
    expect(sessionStorage.getItem("storefleet-invitation")).toBeNull();
  });

  it("is asked for when the session ends in the middle", async () => {
    const api = createFakeApi({ stores: [makeStore("one", "ready")] });
    const { user } = renderApp("/stores", { api });
    await screen.findByRole("table");

    api.data.signedIn = false;
    await user.click(screen.getAllByRole("link", { name: "Overview" })[0]!);

    expect(await screen.findByRole("heading", { name: "Sign in" })).toBeInTheDocument();
  });

  it("ends by signing out", async () => {
    const { user } = renderApp("/");
    await user.click(await screen.findByRole("button", { name: "Account" }));

    await user.click(await screen.findByRole("menuitem", { name: "Sign out" }));

    expect(await screen.findByRole("heading", { name: "Sign in" })).toBeInTheDocument();
  });
});

describe("signing up", () => {
  const open = () => {
    const api = createFakeApi({ signedIn: false });
    api.instead.set("GET /sign-in", { status: 200, body: { signUp: "open" } });
    api.instead.set("POST /sign-up", { status: 204 });
    return api;
  };
  const fill = async (user: ReturnType<typeof renderApp>["user"]) => {
    await user.type(await screen.findByRole("textbox", { name: "Your name" }), "Zoe");
    await user.type(screen.getByRole("textbox", { name: "E-mail address" }), "zoe@example.com");
    await user.type(screen.getByLabelText(/^Password/), "a long password");
    await user.click(screen.getByRole("button", { name: "Sign up" }));
  };

  it("makes somebody new and signs them in", async () => {
    const api = open();
    const { user, router } = renderApp("/sign-up", { api });
    signedInAs(api, { main: "owner" });
    api.instead.set("POST /sign-in/password", api.instead.get("GET /session")!);
    api.data.signedIn = true;

    await fill(user);

    await waitFor(() => expect(router.state.location.href).toBe("/"));
    expect(sentTo(api, "POST /sign-up")).toEqual([
      { name: "Zoe", email: "zoe@example.com", password: "a long password" },
    ]);
  });

  it("says what to do when the address is somebody's", async () => {
    const api = open();
    api.instead.set("POST /sign-in/password", problem(401, "E-mail address or password are not right."));
    const { user } = renderApp("/sign-up", { api });

    await fill(user);

    expect(await screen.findByRole("alert")).toHaveTextContent("If it is yours, sign in.");
  });

  it("is not offered where people come by invitation", async () => {
    renderApp("/sign-up", { api: createFakeApi({ signedIn: false }) });

    expect(await screen.findByText(/New people come by invitation here/)).toBeInTheDocument();
    expect(screen.queryByRole("textbox")).not.toBeInTheDocument();
  });
});
