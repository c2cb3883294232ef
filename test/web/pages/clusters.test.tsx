import { screen, waitFor, within } from "@testing-library/react";
import { describe, expect, it } from "vitest";
import type { Cluster } from "../../../automation-api/contract/cluster.ts";
import { sentTo, signedInAs } from "../fake/people.ts";
import { ago, makePlatform, makeStore } from "../fake/things.ts";
import { createFakeApi } from "../fake-api.ts";
import { renderApp } from "../render-app.tsx";

const path = "/platform/clusters";
const eu: Cluster = {
  name: "eu",
  description: "Frankfurt",
  server: "https://eu.example.com:6443",
  context: "admin",
  target: {},
  state: "active",
  stores: 0,
  createdBy: "ann",
  createdAt: ago(90),
  seenAt: ago(5),
  serverVersion: "v1.36.3",
  version: "3",
};
const two = {
  ...makePlatform(),
  clusters: [
    ...makePlatform().clusters,
    { name: "eu", description: "Frankfurt", takes: true, addressTemplate: "https://{name}.eu.example.com" },
    { name: "old", description: "", takes: false, addressTemplate: "https://{name}.old.example.com" },
  ],
};

function clustersOf(items: readonly Cluster[]) {
  const api = createFakeApi();
  signedInAs(api, { main: "owner" }, true);
  api.instead.set(`GET ${path}`, { status: 200, body: { items } });
  return api;
}

describe("the clusters", () => {
  it("get another one by its kubeconfig, which does not stay in the page", async () => {
    const api = clustersOf([]);
    api.instead.set(`POST ${path}`, { status: 201, body: eu });
    const { user } = renderApp("/clusters", { api });

    await user.type(await screen.findByRole("textbox", { name: /^Name/ }), "eu");
    await user.type(screen.getByRole("textbox", { name: /^Kubeconfig/ }), "secret: content");
    await user.type(screen.getByRole("textbox", { name: /^Base domain/ }), "eu.example.com");
    await user.click(screen.getByRole("button", { name: "Add the cluster" }));

    await waitFor(() => expect(screen.getByRole("textbox", { name: /^Kubeconfig/ })).toHaveValue(""));
    expect(sentTo(api, `POST ${path}`)).toEqual([
      { name: "eu", description: "", kubeconfig: "secret: content", target: { baseDomain: "eu.example.com" } },
    ]);
  });

  it("say at the field why a kubeconfig is refused", async () => {
    const api = clustersOf([]);
    const message = "The user of the kubeconfig begins a program (exec).";
    const errors = [{ field: "kubeconfig", message }];
    const body = { type: "/problems/invalid", title: "Bad Request", status: 400, detail: message, errors };
    api.instead.set(`POST ${path}`, { status: 400, body });
    const { user } = renderApp("/clusters", { api });

    await user.type(await screen.findByRole("textbox", { name: /^Name/ }), "eu");
    await user.type(screen.getByRole("textbox", { name: /^Kubeconfig/ }), "x");
    await user.click(screen.getByRole("button", { name: "Add the cluster" }));

    await waitFor(() => expect(screen.getByRole("textbox", { name: /^Kubeconfig/ })).toBeInvalid());
  });

  it("are tested, drained, and removed after a question", async () => {
    const api = clustersOf([eu]);
    api.instead.set(`POST ${path}/eu/test`, {
      status: 200,
      body: { reachable: true, serverVersion: "v1.36.3", missing: ["There is no ingress class."] },
    });
    api.instead.set(`PATCH ${path}`, { status: 200, body: { ...eu, state: "draining" } });
    api.instead.set(`DELETE ${path}`, { status: 204 });
    const { user } = renderApp("/clusters", { api });
    const card = await screen.findByRole("region", { name: "eu" });

    await user.click(within(card).getByRole("button", { name: "Test eu" }));
    await within(card).findByText("There is no ingress class.");
    await user.click(within(card).getByRole("switch", { name: /^Takes new stores/ }));
    await user.click(within(card).getByRole("button", { name: "Remove eu" }));
    const asked = await screen.findByRole("dialog", { name: "Remove the cluster eu?" });
    expect(sentTo(api, `DELETE ${path}/eu`)).toEqual([]);
    await user.click(within(asked).getByRole("button", { name: "Remove" }));

    expect(sentTo(api, `PATCH ${path}/eu`)).toEqual([{ state: "draining" }]);
    await waitFor(() => expect(sentTo(api, `DELETE ${path}/eu`)).toHaveLength(1));
  });

  it("say since when one does not answer, and cannot be removed while stores run in it", async () => {
    const away = { ...eu, stores: 2, awaySince: ago(600), trouble: "The cluster does not answer." };
    renderApp("/clusters", { api: clustersOf([away]) });
    const card = await screen.findByRole("region", { name: "eu" });

    expect(card).toHaveTextContent("The cluster does not answer. It does not answer since 10 minutes ago");
    expect(within(card).getByRole("button", { name: "Remove eu" })).toBeDisabled();
  });
});

describe("where a store runs", () => {
  it("is chosen among those that take new stores, and changes its address", async () => {
    const api = createFakeApi();
    api.instead.set("GET /platform", { status: 200, body: two });
    const { user } = renderApp("/create", { api });

    await user.click(await screen.findByRole("combobox", { name: "Cluster" }));
    expect(screen.getAllByRole("option", { hidden: true }).map((option) => option.textContent)).not.toContain("old");
    await user.click(screen.getByRole("option", { name: "eu · Frankfurt", hidden: true }));

    expect(await screen.findByText("https://your-store.eu.example.com")).toBeInTheDocument();
  });

  it("is not asked where there is one cluster", async () => {
    renderApp("/create", { api: createFakeApi() });

    await screen.findByRole("button", { name: "Create store" });
    expect(screen.queryByRole("combobox", { name: "Cluster" })).not.toBeInTheDocument();
  });

  it("is told on the page of the store, and that nothing is known while it is away", async () => {
    const api = createFakeApi();
    const store = makeStore("demo", "ready", { cluster: "eu", clusterAway: 'The cluster "eu" does not answer.' });
    api.instead.set("GET /stores/demo", { status: 200, body: store });
    renderApp("/stores/demo", { api });

    expect(await screen.findByText('The cluster "eu" does not answer.')).toBeInTheDocument();
    expect(screen.getByText("Cluster", { selector: "dt" }).nextSibling).toHaveTextContent("eu");
  });
});
