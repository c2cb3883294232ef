import { setTimeout as sleep } from "node:timers/promises";
import { expect, it, vi } from "vitest";
import type { Progress } from "../../../automation-api/contract/operation.ts";
import type { NewProgressEvent } from "../../../automation-api/database/progress-event-repository.ts";
import { createProgressWriter } from "../../../automation-api/worker/progress-writer.ts";

const progress = (fraction: number): Progress => ({ fraction, steps: [] });
const event = (text: string, fraction = 0): NewProgressEvent => ({
  at: new Date(0),
  kind: "message",
  severity: "info",
  text,
  status: "running",
  progress: progress(fraction),
});

/** A writer whose saves end when the test says so. */
function trial(save: (progress: Progress, events: readonly NewProgressEvent[]) => Promise<boolean>) {
  const onLost = vi.fn();
  const onError = vi.fn();
  const mayRetry = (error: unknown) => error instanceof Error && error.message === "away";
  return { writer: createProgressWriter({ save, mayRetry, onLost, onError }), onLost, onError };
}

it("writes the first line at once and what comes meanwhile together, in order", async () => {
  const saved: string[][] = [];
  const { writer } = trial(async (_progress, events) => {
    saved.push(events.map(({ text }) => text));
    await sleep(10);
    return true;
  });

  for (const text of ["a", "b", "c"]) writer.add(event(text));
  await writer.flush();

  expect(saved).toEqual([["a"], ["b", "c"]]);
});

it("writes only the last of several changes without a line", async () => {
  const saved: number[] = [];
  const { writer } = trial(async ({ fraction }) => {
    saved.push(fraction);
    await sleep(10);
    return true;
  });

  for (const fraction of [0.1, 0.2, 0.3, 0.4]) writer.update(progress(fraction));
  await writer.flush();

  expect(saved).toEqual([0.1, 0.4]);
});

it("keeps lines while the database is away", async () => {
  let isAway = true;
  const saved: string[] = [];
  const { writer } = trial(async (_progress, events) => {
    if (isAway) throw new Error("away");
    saved.push(...events.map(({ text }) => text));
    return true;
  });
  writer.add(event("a"));
  writer.add(event("b"));
  await sleep(20);
  isAway = false;

  await writer.flush();

  expect(saved).toEqual(["a", "b"]);
});

it("writes nothing more when the operation is lost, or a save failed for good", async () => {
  const save = vi.fn(async () => false);
  const lost = trial(save);
  lost.writer.add(event("a"));
  await lost.writer.flush();
  lost.writer.add(event("b"));
  await lost.writer.flush();
  const broken = trial(async () => {
    throw new Error("no such column");
  });
  broken.writer.add(event("a"));
  await broken.writer.flush();

  expect(save).toHaveBeenCalledOnce();
  expect(lost.onLost).toHaveBeenCalledOnce();
  expect(broken.onError).toHaveBeenCalledOnce();
});
