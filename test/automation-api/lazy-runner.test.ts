import { expect, it } from "vitest";
import { lazyRunner } from "../../automation-api/lazy-runner.ts";
import { FakeStackRunner } from "./fake-stack-runner.ts";

it("makes its runner once, when it is needed, and again when that failed", async () => {
  const fake = new FakeStackRunner();
  let made = 0;
  const runner = lazyRunner(async () => {
    made += 1;
    if (made === 1) throw new Error("no pulumi yet");
    return fake;
  });
  const before = made;

  await expect(runner.list()).rejects.toThrow("no pulumi yet");
  await Promise.all([runner.up("one", {}), runner.up("two", {})]);
  await runner.destroy("one");

  expect([before, made]).toEqual([0, 2]);
  expect(fake.calls).toEqual(["up one", "up two", "destroy one"]);
});
