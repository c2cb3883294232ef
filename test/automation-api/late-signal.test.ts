import { setTimeout as sleep } from "node:timers/promises";
import { expect, it, vi } from "vitest";
import { lateSignal } from "../../automation-api/late-signal.ts";

it("passes an abort on at once when somebody listens", () => {
  const given = new AbortController();
  const late = lateSignal(given.signal);
  const heard = vi.fn();
  late.signal.addEventListener("abort", heard);

  given.abort();

  expect(heard).toHaveBeenCalledOnce();
});

it("keeps an abort until somebody listens, however early it came", async () => {
  const given = new AbortController();
  given.abort();
  const late = lateSignal(given.signal);
  await sleep(50);
  const heard = vi.fn();
  late.signal.addEventListener("abort", heard);

  await vi.waitFor(() => expect(heard).toHaveBeenCalledOnce());
  late.release();
});

it("does nothing after its release", async () => {
  const given = new AbortController();
  const late = lateSignal(given.signal);
  const heard = vi.fn();
  late.signal.addEventListener("abort", heard);
  late.release();

  given.abort();
  await sleep(50);

  expect(heard).not.toHaveBeenCalled();
});
