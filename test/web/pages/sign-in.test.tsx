import { screen, waitFor } from "@testing-library/react";
import { describe, expect, it } from "vitest";
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
