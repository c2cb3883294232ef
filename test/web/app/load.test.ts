import { describe, expect, it } from "vitest";
import { load } from "../../../web/src/app/load.ts";

describe("loading a part of the dashboard", () => {
  it("tries again when it got lost on the way", async () => {
    const pauses: number[] = [];
    let tries = 0;

    const part = load(
      async () => {
        tries += 1;
        if (tries < 3) throw new TypeError("Failed to fetch dynamically imported module");
        return "page";
      },
      async (pause) => void pauses.push(pause),
    );

    await expect(part).resolves.toBe("page");
    expect(pauses).toEqual([300, 1_000]);
  });

  it("gives up in the end with what went wrong", async () => {
    const part = load(
      () => Promise.reject(new TypeError("gone")),
      async () => {},
    );

    await expect(part).rejects.toThrow("gone");
  });
});
