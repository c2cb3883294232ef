import { expect, it } from "vitest";
import { whyItWaits } from "../../../automation-api/domain/waiting.ts";

it.each([
  [{ before: "create", running: 1, ahead: 0 }, "One thing at a time is done to a store: its creation is under way"],
  [{ before: null, running: 4, ahead: 2 }, "It waits for a free slot: 4 operations run and 2 wait before it."],
  [{ before: null, running: 1, ahead: 0 }, "It waits for a free slot: 1 operation runs."],
  [{ before: null, running: 0, ahead: 0 }, "It begins as soon as a worker takes it."],
] as const)("says why an operation waits: %j", (waiting, sentence) => {
  expect(whyItWaits(waiting)).toContain(sentence);
});
