import { describe, expect, it } from "vitest";
import { formatAgo, formatCpu, formatDuration, formatMemory } from "../../../web/src/components/format.ts";

describe("formats", () => {
  it.each([
    [0.42, "0.4 s"],
    [12.4, "12 s"],
    [59.7, "1 min"],
    [65, "1 min 5 s"],
    [7380, "2 h 3 min"],
  ])("writes %d seconds as %s", (seconds, text) => {
    expect(formatDuration(seconds)).toBe(text);
  });

  it.each([
    [10, "just now"],
    [300, "5 minutes ago"],
    [86_400, "yesterday"],
  ])("writes %d seconds ago as %s", (seconds, text) => {
    const now = Date.parse("2026-11-21T10:00:00Z");

    expect(formatAgo(new Date(now - seconds * 1000).toISOString(), now)).toBe(text);
  });

  it("writes amounts of a plan with their units", () => {
    expect(formatCpu(1000)).toBe("1 core");
    expect(formatCpu(250)).toBe("0.25 cores");
    expect(formatMemory(512)).toBe("512 MiB");
    expect(formatMemory(1536)).toBe("1.5 GiB");
  });
});
