import { expect, it } from "vitest";
import { whyItWaits } from "../../../automation-api/domain/waiting.ts";

const free = { own: 0, slots: 4 };

it.each([
  [
    { ...free, before: "create", running: 1, ahead: 0 },
    "One thing at a time is done to a store: its creation is under",
  ],
  [{ ...free, before: null, running: 4, ahead: 2 }, "It waits for a free slot: 4 operations run and 2 wait before it."],
  [{ ...free, before: null, running: 1, ahead: 0 }, "It waits for a free slot: 1 operation runs."],
  [{ ...free, before: null, running: 0, ahead: 0 }, "It begins as soon as a worker takes it."],
  [{ before: null, running: 3, ahead: 9, own: 2, slots: 2 }, "Of the organization, 2 operations run at the same time,"],
] as const)("says why an operation waits: %j", (waiting, sentence) => {
  expect(whyItWaits(waiting)).toContain(sentence);
});
