import { expect, it } from "vitest";
import { beginTrack } from "../../../automation-api/domain/progress.ts";
import { createReporter } from "../../../automation-api/worker/reporter.ts";

it("knows how long there was no sign of life, and that time passing is none", () => {
  let now = 0;
  const clock = { ticks: () => now, date: () => new Date(now) };
  const writer = { add: () => {}, update: () => {}, flush: async () => {} };
  const track = beginTrack({ kind: "create", engine: "medusa", weights: {}, parts: {} }, now);
  const reporter = createReporter(track, writer, clock);
  const silences: number[] = [];
  const after = (seconds: number, sign: () => void) => {
    now += seconds * 1000;
    sign();
    now += 1;
    silences.push(reporter.silentFor());
  };

  after(60, () => reporter.tick());
  after(60, () => reporter.onEvent({ kind: "message", severity: "info", text: "hello" }));
  after(60, () => reporter.onStage("proof"));
  after(60, () =>
    reporter.onNews({ component: "postgres", severity: "info", text: "postgres: ready", reached: "ready" }),
  );
  after(60, () => reporter.tick());

  expect(silences).toEqual([60_001, 1, 1, 1, 60_002]);
});
