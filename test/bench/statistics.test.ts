import { expect, it } from "vitest";
import { median, percentile, toMarkdown } from "./statistics.ts";

it("takes percentiles by nearest rank", () => {
  const samples = [10, 1, 9, 2, 8, 3, 7, 4, 6, 5];

  expect(median(samples)).toBe(5);
  expect(percentile(samples, 0.95)).toBe(10);
  expect(percentile([7], 0.5)).toBe(7);
});

it("shows a figure beside the one that was wanted", () => {
  const table = toMarkdown([
    { what: "destroy", unit: "s", value: 16.04, atMost: 15 },
    { what: "helm", unit: "s", value: 12 },
  ]);

  expect(table).toContain("| destroy | 16.0 s | ≤ 15 s | ✗ |  |");
  expect(table).toContain("| helm | 12.0 s | – |  |  |");
});
