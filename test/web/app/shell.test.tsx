import { screen, waitFor } from "@testing-library/react";
import { describe, expect, it } from "vitest";
import { makeStore } from "../fake/things.ts";
import { createFakeApi } from "../fake-api.ts";
import { renderApp } from "../render-app.tsx";

describe("the frame of every page", () => {
  it("begins with a way to skip it", async () => {
    const { user } = renderApp("/");
    await screen.findByRole("heading", { name: "Overview" });

    await user.tab();

    expect(screen.getByRole("link", { name: "Skip to the content" })).toHaveFocus();
  });

  it("leads by keyboard to another page and puts the focus on its heading", async () => {
    const { user } = renderApp("/");
    await screen.findByRole("heading", { name: "Overview" });

    for (let presses = 0; presses < 4; presses += 1) await user.tab();
    expect(screen.getAllByRole("link", { name: "Stores" })[0]).toHaveFocus();
    await user.keyboard("{Enter}");

    await waitFor(async () => expect(await screen.findByRole("heading", { name: "Stores" })).toHaveFocus());
  });

  it("says in the tab's title where one is", async () => {
    renderApp("/stores/bakery", {
      api: createFakeApi({ stores: [makeStore("bakery", "ready", { displayName: "The Bakery" })] }),
    });

    await waitFor(() => expect(document.title).toBe("The Bakery · Storefleet"));
  });

  it("keeps what is shown while the service is away, says so, and goes on by itself", async () => {
    const api = createFakeApi({ stores: [makeStore("bakery", "ready")] });
    const { user, queryClient } = renderApp("/stores", { api });
    await screen.findByRole("link", { name: "bakery" });

    api.away = true;
    await queryClient.invalidateQueries({ queryKey: ["stores"] });
    expect(await screen.findByText(/The service does not answer/)).toBeInTheDocument();
    expect(screen.getByRole("link", { name: "bakery" })).toBeInTheDocument();

    api.away = false;
    await user.click(screen.getByRole("button", { name: "Try now" }));
    await waitFor(() => expect(screen.queryByText(/The service does not answer/)).not.toBeInTheDocument());
  });

  it("remembers the colours that were chosen", async () => {
    const { user } = renderApp("/");
    await user.click(await screen.findByRole("button", { name: "Colours" }));

    await user.click(await screen.findByRole("menuitemradio", { name: "Dark" }));

    expect(document.documentElement).toHaveAttribute("data-mantine-color-scheme", "dark");
    expect(localStorage.getItem("mantine-color-scheme-value")).toBe("dark");
  });
});
