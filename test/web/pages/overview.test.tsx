import { screen, within } from "@testing-library/react";
import { describe, expect, it } from "vitest";
import { medianOf, outcomeCounts, outcomesByDay } from "../../../web/src/pages/overview/plot-data.ts";
import { idOf, makeFinished, makeOperation, makeStore } from "../fake/things.ts";
import { createFakeApi } from "../fake-api.ts";
import { renderApp } from "../render-app.tsx";

describe("the overview", () => {
  it("counts stores and leads to each kind of them", async () => {
    const failed = makeOperation({ id: idOf(2), store: "two", status: "failed" });
    const api = createFakeApi({
      stores: [makeStore("one", "ready"), makeStore("two", "failed", { operation: failed })],
    });
    renderApp("/", { api });

    const counts = within(await screen.findByRole("navigation", { name: "Stores by status" }));

    expect(counts.getByRole("link", { name: "Stores 2" })).toBeInTheDocument();
    expect(counts.getByRole("link", { name: "Failed 1" })).toHaveAttribute("href", "/stores?status=failed");
    expect(screen.getByText("2 stores; one needs your attention.")).toBeInTheDocument();
  });

  it("shows how far a running operation is", async () => {
    const api = createFakeApi({ stores: [makeStore("one", "provisioning")] });
    api.state.operations.clear();
    const { id } = api.state.begin("one", "create");
    api.state.advance(id);
    renderApp("/", { api });

    const bar = await screen.findByRole("progressbar", { name: "Create one" });

    expect(bar).toHaveAttribute("aria-valuetext", "8%, Prepare");
    expect(screen.getByText("Running")).toBeInTheDocument();
  });

  it("says what is in use and tells the plots in words", async () => {
    renderApp("/", { api: createFakeApi({ stores: [makeStore("one", "ready")], finished: 20 }) });

    expect(await screen.findByText("Kubernetes 1.34.1")).toBeInTheDocument();
    expect(screen.getByRole("img", { name: /^Time of \d+ creations: median/ })).toBeInTheDocument();
    expect(screen.getByRole("img", { name: /^Outcomes by day: \d+ succeeded/ })).toBeInTheDocument();
  });
});

describe("the figures of the plots", () => {
  it("take the middle of an odd and of an even number of values", () => {
    expect(medianOf([3, 1, 2])).toBe(2);
    expect(medianOf([4, 1, 2, 3])).toBe(2.5);
    expect(medianOf([])).toBeUndefined();
  });

  it("count every outcome once, by day and in all", () => {
    const finished = makeFinished(30);

    const days = outcomesByDay(finished, (iso) => iso.slice(0, 10));
    const sum = days.reduce((total, day) => total + day.succeeded + day.failed + day.cancelled, 0);

    expect(sum).toBe(30);
    expect(Object.values(outcomeCounts(finished)).reduce((one, other) => one + other)).toBe(30);
  });
});
