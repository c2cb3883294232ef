import { act, screen, waitFor, within } from "@testing-library/react";
import { describe, expect, it } from "vitest";
import { makeStore } from "../fake/things.ts";
import { createFakeApi, type FakeApi } from "../fake-api.ts";
import { createFakeSources } from "../fake-event-source.ts";
import { renderApp } from "../render-app.tsx";

/** A store that is being set up, after `beats` of its events. */
function settingUp(beats: number): { api: FakeApi; id: string } {
  const can = { delete: true, rotate: false, retry: false, cancel: true, credentials: false };
  const api = createFakeApi({ stores: [makeStore("bakery", "provisioning", { can })] });
  api.state.operations.clear();
  const { id } = api.state.begin("bakery", "create");
  for (let beat = 0; beat < beats; beat += 1) api.state.advance(id);
  return { api, id };
}

const bar = () => screen.findByRole("progressbar", { name: "Setting up the store" });

describe("a store that is being set up", () => {
  it("shows its steps and events, and goes on as the stream tells", async () => {
    const { api, id } = settingUp(5);
    renderApp("/stores/bakery", { api });
    expect(await bar()).toHaveAttribute("aria-valuetext", "38%, Start the database");
    expect(await screen.findByText("postgres: starting")).toBeInTheDocument();

    act(() => {
      for (let beat = 0; beat < 4; beat += 1) api.state.advance(id);
    });

    expect(await screen.findByText("medusa: starting")).toBeInTheDocument();
    expect(await bar()).toHaveAttribute("aria-valuetext", "69%, Start the server");
    const steps = within(screen.getByRole("list", { name: "Steps" }));
    expect(steps.getByText("Start the database").closest("li")).toHaveTextContent("done");
  });

  it("takes a broken connection up again without losing or repeating a line", async () => {
    const { api, id } = settingUp(2);
    const sources = createFakeSources();
    renderApp("/stores/bakery", { api, sources });
    await bar();
    await waitFor(() => expect(sources.opened).toHaveLength(1));
    expect(sources.opened[0]?.url).toContain(`/operations/${id}/events?after=3`);

    act(() => sources.opened[0]?.drop());
    expect(await screen.findByText(/The connection is interrupted/)).toBeInTheDocument();
    api.state.advance(id);
    act(() => {
      for (const event of api.state.events.get(id) ?? []) sources.opened[0]?.say(event);
    });

    const log = screen.getByRole("region", { name: "Events" });
    await waitFor(() => expect(within(log).getAllByRole("listitem")).toHaveLength(4));
  });

  it("ends on the store that is ready", async () => {
    const { api, id } = settingUp(11);
    renderApp("/stores/bakery", { api });
    await bar();

    await waitFor(() => expect(api.requests.some(({ line }) => line.endsWith("/events"))).toBe(true));
    act(() => {
      for (let beat = 0; beat < 3; beat += 1) api.state.advance(id);
    });

    expect(await screen.findByRole("link", { name: "Open storefront" })).toHaveAttribute(
      "href",
      "http://bakery.localhost:8080",
    );
    expect(screen.queryByRole("progressbar")).not.toBeInTheDocument();
  });

  it("is cancelled when asked", async () => {
    const { api, id } = settingUp(3);
    const { user } = renderApp("/stores/bakery", { api });

    await user.click(await screen.findByRole("button", { name: "Cancel" }));

    expect(await screen.findByRole("button", { name: "Cancelling…" })).toBeDisabled();
    expect(api.requests.some(({ line }) => line === `POST /operations/${id}/cancel`)).toBe(true);
  });
});

describe("a store that failed", () => {
  it("says why and goes on with a retry", async () => {
    const { api, id } = settingUp(6);
    api.state.finish(id, "failed", "The node has no room for postgres.");
    const { user } = renderApp("/stores/bakery", { api });
    expect((await screen.findAllByText("The node has no room for postgres."))[0]).toBeInTheDocument();
    expect(screen.getByRole("button", { name: "Delete store" })).toBeInTheDocument();

    await user.click(screen.getByRole("button", { name: "Retry" }));

    expect(await bar()).toBeInTheDocument();
  });
});

describe("a store that is ready", () => {
  const ready = () => createFakeApi({ stores: [makeStore("bakery", "ready")] });

  it("asks for its credentials only when told, and shows a secret only when told again", async () => {
    const { user, api } = renderApp("/stores/bakery", { api: ready() });
    const get = await screen.findByRole("button", { name: "Get credentials" });
    expect(api.requests.some(({ line }) => line.endsWith("/credentials"))).toBe(false);

    await user.click(get);
    const reveal = await screen.findByRole("button", { name: "Reveal password" });
    expect(screen.queryByText("n0t-a-real-passw0rd")).not.toBeInTheDocument();
    await user.click(reveal);
    expect(screen.getByText("n0t-a-real-passw0rd")).toBeInTheDocument();
    await user.click(screen.getByRole("button", { name: "Hide password" }));

    expect(screen.queryByText("n0t-a-real-passw0rd")).not.toBeInTheDocument();
  });

  it("gets new secrets once that was confirmed, and shows the old ones no longer", async () => {
    const { user, api } = renderApp("/stores/bakery", { api: ready() });
    await user.click(await screen.findByRole("button", { name: "Make new secrets" }));
    const dialog = await screen.findByRole("dialog", { name: "Make new secrets for bakery?" });
    expect(api.requests.some(({ line }) => line.endsWith("/rotate"))).toBe(false);

    await user.click(within(dialog).getByRole("button", { name: "Make new secrets" }));

    expect(await screen.findByText("Start the servers with them")).toBeInTheDocument();
    expect(api.requests.filter(({ line }) => line === "POST /stores/bakery/rotate")).toHaveLength(1);
    expect(screen.queryByRole("button", { name: "Make new secrets" })).not.toBeInTheDocument();
  });

  it("copies a secret without showing it, and puts all of them away", async () => {
    const { user } = renderApp("/stores/bakery", { api: ready() });
    await user.click(await screen.findByRole("button", { name: "Get credentials" }));

    await user.click(await screen.findByRole("button", { name: "Copy the password" }));
    expect(await navigator.clipboard.readText()).toBe("n0t-a-real-passw0rd");
    expect(screen.queryByText("n0t-a-real-passw0rd")).not.toBeInTheDocument();
    await user.click(screen.getByRole("button", { name: "Put away" }));

    expect(await screen.findByRole("button", { name: "Get credentials" })).toBeInTheDocument();
  });

  it("is deleted only by its typed name, and gives the focus back when kept", async () => {
    const { user, api } = renderApp("/stores/bakery", { api: ready() });
    const open = await screen.findByRole("button", { name: "Delete store" });
    await user.click(open);
    const dialog = within(await screen.findByRole("dialog", { name: "Delete bakery?" }));
    expect(dialog.getByRole("button", { name: "Delete for good" })).toBeDisabled();
    await user.type(dialog.getByRole("textbox", { name: "Type bakery to go on" }), "baker");
    expect(dialog.getByRole("button", { name: "Delete for good" })).toBeDisabled();
    await user.click(dialog.getByRole("button", { name: "Keep it" }));
    await waitFor(() => expect(open).toHaveFocus());

    await user.click(open);
    await user.type(await screen.findByRole("textbox", { name: "Type bakery to go on" }), "bakery{Enter}");

    expect(await screen.findByRole("progressbar", { name: "Deleting the store" })).toBeInTheDocument();
    expect(api.requests.some(({ line }) => line === "DELETE /stores/bakery")).toBe(true);
  });

  it("shows the events of an operation of its history", async () => {
    const { api, id } = settingUp(12);
    api.state.finish(id, "succeeded");
    const { user } = renderApp("/stores/bakery", { api });

    await user.click(await screen.findByText("Create the store"));

    expect(await screen.findByText("Namespace created")).toBeInTheDocument();
  });

  it("lists its resources below their parents, and the commands to look at them", async () => {
    renderApp("/stores/bakery", { api: ready() });

    expect(await screen.findByText("store-credentials")).toBeInTheDocument();
    expect(screen.getByText(/pulumi stack output --stack bakery/)).toBeInTheDocument();
    expect(screen.getByRole("button", { name: "Copy the commands" })).toBeInTheDocument();
  });

  it("says that it is gone once it was deleted", async () => {
    const { api, queryClient } = renderApp("/stores/bakery", { api: ready() });
    await screen.findByRole("button", { name: "Delete store" });

    api.state.stores.delete("bakery");
    await act(() => queryClient.invalidateQueries());

    expect(await screen.findByRole("heading", { name: "This store is gone" })).toBeInTheDocument();
  });
});
