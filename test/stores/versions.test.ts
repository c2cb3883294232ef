import { describe, expect, it } from "vitest";
import { isOlder, versionTitle } from "../../stores/versions.ts";

describe("a version", () => {
  it.each([
    ["2.17.0", "2.18.0"],
    ["2.9.0", "2.10.0"],
    ["11.0.1+wordpress.7.0.4", "11.0.2+wordpress.7.0.4"],
    ["11.0.1+wordpress.7.0.4", "11.0.1+wordpress.7.1"],
    ["12.0.0+wordpress.7.0.4", "11.0.1+wordpress.7.1.0"],
  ])("%s is older than %s", (one, other) => {
    expect(isOlder(one, other)).toBe(true);
  });

  it.each([
    ["2.18.0", "2.18.0"],
    ["2.18.0", "2.9.9"],
    ["11.0.1+wordpress.7.0.4", "11.0.1+wordpress.7.0.4"],
    ["11.1.0+wordpress.7.1", "11.0.1+wordpress.7.0.4"],
    ["11.0.1+wordpress.7.0.4", "11.0.1"],
    ["11.0.1", "11.0.1+wordpress.7.0.4"],
    ["11.0", "11.0.1"],
  ])("%s is not older than %s", (one, other) => {
    expect(isOlder(one, other)).toBe(false);
  });

  it("is read as what it stands on", () => {
    expect(versionTitle("11.0.1+wordpress.7.0.4")).toBe("11.0.1 with WordPress 7.0.4");
    expect(versionTitle("2.18.0")).toBe("2.18.0");
  });
});
