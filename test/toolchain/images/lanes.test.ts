import { setTimeout as sleep } from "node:timers/promises";
import { describe, expect, it } from "vitest";
import { inLanes } from "../../../toolchain/images/lanes.ts";

describe("working in lanes", () => {
  it("begins in the given order and never has more in hand than there are lanes", async () => {
    const begun: number[] = [];
    let inHand = 0;
    let most = 0;

    await inLanes(2, [1, 2, 3, 4, 5], async (item) => {
      begun.push(item);
      most = Math.max(most, ++inHand);
      await sleep(1);
      inHand--;
    });

    expect(begun).toEqual([1, 2, 3, 4, 5]);
    expect(most).toBe(2);
  });

  it("begins nothing new after a failure, but waits for what is running", async () => {
    const done: string[] = [];
    const work = async (item: string) => {
      if (item === "bad") throw new Error("It is bad.");
      await sleep(5);
      done.push(item);
    };

    await expect(inLanes(2, ["slow", "bad", "never"], work)).rejects.toThrow("It is bad.");

    expect(done).toEqual(["slow"]);
  });

  it("has nothing to do for nobody", async () => {
    await expect(inLanes(2, [], () => Promise.reject(new Error("never")))).resolves.toBeUndefined();
  });
});
