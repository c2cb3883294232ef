import { expect, it } from "vitest";
import { slopeOf } from "./slope.ts";

it("finds the trend behind noise", () => {
  const points = Array.from({ length: 100 }, (_, index) => [index, 5 + 2 * index + (index % 2)] as const);

  expect(slopeOf(points)).toBeCloseTo(2, 2);
  expect(slopeOf(points.map(([x]) => [x, 7]))).toBe(0);
});
