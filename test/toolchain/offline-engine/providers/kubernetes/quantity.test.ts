import { describe, expect, it } from "vitest";
import { canonicalQuantity } from "../../../../../toolchain/offline-engine/providers/kubernetes/quantity.ts";

describe("a quantity", () => {
  it.each([
    ["1000m", "1"],
    ["0.5", "500m"],
    ["1.5", "1500m"],
    ["100m", "100m"],
    ["1000", "1k"],
    ["12", "12"],
    ["0", "0"],
    ["0.1", "100m"],
    ["1024Mi", "1Gi"],
    ["1536Mi", "1536Mi"],
    ["1.5Gi", "1536Mi"],
    ["100Mi", "100Mi"],
    ["0.5Mi", "512Ki"],
    ["512", "512"],
    ["1Ki", "1Ki"],
    ["0.5Ki", "512"],
    ["1e3", "1e3"],
    ["2E", "2E"],
    ["5G", "5G"],
    ["-1000m", "-1"],
  ])("%s is stored as %s", (given, stored) => {
    expect(canonicalQuantity(given)).toBe(stored);
  });

  it("that is none stays as it is, for the server to refuse", () => {
    expect(canonicalQuantity("a lot")).toBe("a lot");
  });
});
