import { describe, expect, it } from "vitest";
import { lineOf, plainText, stepLines, toSentence } from "../../../automation-api/domain/event-lines.ts";
import { beginTrack, endThrough } from "../../../automation-api/domain/progress.ts";
import type { ResourceEvent } from "../../../automation-api/stack-runner.ts";

const event = (fields: Partial<ResourceEvent>): ResourceEvent => ({
  kind: "resource",
  name: "namespace",
  type: "kubernetes:core/v1:Namespace",
  action: "create",
  phase: "finished",
  ...fields,
});
const release = { name: "release", type: "kubernetes:helm.sh/v3:Release" };

describe("a line about a resource", () => {
  it.each([
    [event({}), 'Made Namespace "namespace".'],
    [event({ action: "delete" }), 'Removed Namespace "namespace".'],
    [event({ ...release, phase: "started" }), 'Making Release "release".'],
    [event({ ...release, phase: "started", action: "delete" }), 'Removing Release "release".'],
    [event({ phase: "failed" }), 'Namespace "namespace" failed.'],
    [
      event({ type: "random:index/randomPassword:RandomPassword", name: "jwt-secret" }),
      'Made RandomPassword "jwt-secret".',
    ],
  ])("says what became of it (%#)", (given, text) => {
    expect(lineOf(given)?.text).toBe(text);
  });

  it.each([
    event({ action: "same" }),
    event({ action: "refresh" }),
    event({ phase: "started" }),
    event({ type: "pulumi:pulumi:Stack" }),
    event({ type: "pulumi:providers:kubernetes" }),
    event({ type: "storefleet:stores:Isolation" }),
  ])("is left out when nobody needs it (%#)", (given) => {
    expect(lineOf(given)).toBeUndefined();
  });
});

describe("a line about a message", () => {
  it("is left out when it is by the way", () => {
    expect(lineOf({ kind: "message", severity: "info", text: "[1/2] waiting" })).toBeUndefined();
  });

  it("is one line of bearable length", () => {
    const line = lineOf({ kind: "message", severity: "error", text: `first\n  second ${"x".repeat(2000)}` });

    expect(line?.text).toMatch(/^first second x+…$/);
    expect(line?.text).toHaveLength(600);
  });
});

it("makes a sentence of what others say", () => {
  expect(toSentence("the namespace was not found")).toBe("The namespace was not found.");
  expect(toSentence("It is well (really)")).toBe("It is well (really)");
  expect(toSentence(" Is it? ")).toBe("Is it?");
  expect(plainText("a\n\n b")).toBe("a b");
});

it("says which steps ended and which began", () => {
  const begun = beginTrack({ kind: "delete", engine: "medusa", weights: {}, parts: {} }, 0);

  const lines = stepLines(begun, endThrough(begun, 1, 2500));

  expect(lines.map(({ text }) => text)).toEqual(["Prepare: done in 2.5 s.", "Remove the namespace …"]);
});
