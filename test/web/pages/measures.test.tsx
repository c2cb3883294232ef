import { screen, within } from "@testing-library/react";
import { describe, expect, it } from "vitest";
import type { Measures } from "../../../automation-api/contract/measures.ts";
import { drawnLines, plots, tickOf } from "../../../web/src/pages/measures/series.ts";
import { signedInAs } from "../fake/people.ts";
import { makeMeasures } from "../fake/things.ts";
import { createFakeApi } from "../fake-api.ts";
import { renderApp } from "../render-app.tsx";

describe("the measures of the platform", () => {
  it("are plotted, and told in words to those who do not see the plots", async () => {
    renderApp("/measures");

    const cards = await screen.findAllByRole("img");

    const { points } = makeMeasures("day");
    const ended = points.reduce((sum, { operations }) => sum + operations.succeeded, 0);
    expect(cards.map((card) => card.getAttribute("aria-label"))).toEqual([
      `Operations over time: ${ended} succeeded, 5 failed, 2 cancelled.`,
      "How long they took over time: nineteen of twenty took 54 s at most.",
      "Waiting operations over time: 2 now, 2 at most.",
      "The oldest of them over time: 1 min 20 s now, 1 min 20 s at most.",
      "Stores over time: 22 now, 22 at most.",
      "Workers over time: 2 now, 2 at most.",
    ]);
    const stores = within(screen.getByRole("region", { name: "Stores" }));
    expect(stores.getByText("Ready")).toBeInTheDocument();
    expect(stores.queryByText("Asleep")).not.toBeInTheDocument();
  });

  it("go as far back as one likes, by keyboard too", async () => {
    const { api, user } = renderApp("/measures");
    await screen.findAllByRole("img");

    await user.click(screen.getByRole("radio", { name: "Week" }));
    await user.keyboard("{ArrowRight}");

    expect(screen.getByRole("radio", { name: "30 days" })).toBeChecked();
    await screen.findByRole("region", { name: "Workers" });
    expect(api.queries.filter((query) => query.startsWith("?span="))).toEqual([
      "?span=day",
      "?span=week",
      "?span=month",
    ]);
  });

  it("are offered to administrators of the platform, and to nobody else", async () => {
    const { user } = renderApp("/stores");
    await user.click(await screen.findByRole("button", { name: "Account" }));
    expect(await screen.findByRole("menuitem", { name: "Measures" })).toHaveAttribute("href", "/measures");
  });

  it("are kept from the menu of an owner who administers nothing", async () => {
    const api = createFakeApi();
    signedInAs(api, { main: "owner" });
    const { user } = renderApp("/stores", { api });

    await user.click(await screen.findByRole("button", { name: "Account" }));

    expect(await screen.findByRole("menuitem", { name: "Audit log" })).toBeInTheDocument();
    expect(screen.queryByRole("menuitem", { name: "Measures" })).not.toBeInTheDocument();
  });
});

describe("what a plot draws", () => {
  const nothing: Measures = { span: "hour", step: 60, points: [] };

  it("is at least one line, also of nothing", () => {
    for (const plot of plots) {
      expect(drawnLines(plot, nothing)).toHaveLength(1);
      expect(plot.describe([])).toMatch(/\b0\b/);
    }
  });

  it("stands above the hour of a day, and the day of a month", () => {
    const iso = "2026-11-22T10:30:00.000Z";

    expect(tickOf("day", iso)).toMatch(/^\d\d:30$/);
    expect(tickOf("month", iso)).toMatch(/Nov/);
  });
});
