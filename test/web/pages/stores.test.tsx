import { screen, waitFor, within } from "@testing-library/react";
import { describe, expect, it } from "vitest";
import { ago, idOf, makeOperation, makeStore } from "../fake/things.ts";
import { createFakeApi } from "../fake-api.ts";
import { renderApp } from "../render-app.tsx";

function fleet(count: number) {
  return Array.from({ length: count }, (_, index) => {
    const name = `store-${String(index).padStart(2, "0")}`;
    const operation = makeOperation({ id: idOf(index + 1), store: name });
    return makeStore(name, index === 1 ? "failed" : "ready", {
      operation,
      createdAt: ago(index * 60),
      plan: index === 2 ? "premium" : "basic",
    });
  });
}

const names = async () => {
  const table = await screen.findByRole("table", { name: "Stores" });
  return within(table)
    .getAllByRole("row")
    .slice(1)
    .map((row) => within(row).getAllByRole("link")[0]!.textContent);
};

describe("the list of stores", () => {
  it("shows the newest first and says so in its header", async () => {
    renderApp("/stores", { api: createFakeApi({ stores: fleet(3) }) });

    expect(await names()).toEqual(["store-00", "store-01", "store-02"]);
    expect(screen.getByRole("columnheader", { name: "Created" })).toHaveAttribute("aria-sort", "descending");
  });

  it("sorts by a column and keeps that in the address", async () => {
    const { user, router } = renderApp("/stores", { api: createFakeApi({ stores: fleet(3) }) });
    await names();

    await user.click(screen.getByRole("button", { name: "Created" }));

    await waitFor(() => expect(router.state.location.search).toEqual({ sort: "createdAt" }));
    await waitFor(async () => expect(await names()).toEqual(["store-02", "store-01", "store-00"]));
  });

  it("filters by the address it is opened with", async () => {
    renderApp("/stores?status=failed", { api: createFakeApi({ stores: fleet(3) }) });

    expect(await names()).toEqual(["store-01"]);
  });

  it("forgets a filter that the contract does not know", async () => {
    renderApp("/stores?status=sleepy&plan=huge", { api: createFakeApi({ stores: fleet(3) }) });

    expect(await names()).toHaveLength(3);
  });

  it("filters by plan", async () => {
    const { user } = renderApp("/stores", { api: createFakeApi({ stores: fleet(3) }) });
    await names();

    await user.click(screen.getByRole("combobox", { name: "Plan" }));
    await user.click(await screen.findByRole("option", { name: "Premium" }));

    await waitFor(async () => expect(await names()).toEqual(["store-02"]));
  });

  it("searches, says that nothing was found, and leads back to all", async () => {
    const { user } = renderApp("/stores", { api: createFakeApi({ stores: fleet(2) }) });
    await names();

    await user.type(screen.getByRole("searchbox", { name: "Search by name" }), "zzz");
    expect(await screen.findByRole("heading", { name: "No store matches" })).toBeInTheDocument();
    await user.click(screen.getByRole("button", { name: "Show all stores" }));

    expect(await names()).toHaveLength(2);
    expect(screen.getByRole("searchbox")).toHaveValue("");
  });

  it("fetches the next page when asked", async () => {
    const { user, api } = renderApp("/stores", { api: createFakeApi({ stores: fleet(30) }) });
    expect(await names()).toHaveLength(25);

    await user.click(screen.getByRole("button", { name: "Show more stores" }));

    await waitFor(async () => expect(await names()).toHaveLength(30));
    expect(api.requests.filter(({ line }) => line === "GET /stores").length).toBeGreaterThanOrEqual(2);
    expect(screen.queryByRole("button", { name: "Show more stores" })).not.toBeInTheDocument();
  });
});
