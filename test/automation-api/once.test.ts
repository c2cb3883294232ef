import { expect, it } from "vitest";
import { once } from "../../automation-api/once.ts";

it("makes a thing once for everybody who asks at the same time, and tries again what failed", async () => {
  let tries = 0;
  const thing = once(async () => {
    tries += 1;
    if (tries === 1) throw new Error("not yet");
    return tries;
  });

  const failed = await Promise.allSettled([thing(), thing()]);
  const made = await Promise.all([thing(), thing()]);

  expect(failed.map(({ status }) => status)).toEqual(["rejected", "rejected"]);
  expect([made, await thing(), tries]).toEqual([[2, 2], 2, 2]);
});
