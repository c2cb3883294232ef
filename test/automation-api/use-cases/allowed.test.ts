import { describe, expect, it } from "vitest";
import { allowedFor } from "../../../automation-api/use-cases/allowed.ts";

const newest = { kind: "create", status: "succeeded", cancelRequested: false } as const;

describe("allowedFor", () => {
  it.each([
    ["a ready store", { status: "ready", hasOutputs: true }, newest, "delete rotate credentials"],
    [
      "one being made",
      { status: "provisioning", hasOutputs: false },
      { ...newest, status: "running" },
      "delete cancel",
    ],
    [
      "one whose making is being cancelled",
      { status: "provisioning", hasOutputs: false },
      { ...newest, status: "running", cancelRequested: true },
      "delete",
    ],
    ["one that failed early", { status: "failed", hasOutputs: false }, { ...newest, status: "failed" }, "delete retry"],
    [
      "a ready one whose deletion was cancelled before it began",
      { status: "ready", hasOutputs: true },
      { ...newest, kind: "delete", status: "cancelled" },
      "delete rotate retry credentials",
    ],
    [
      "one that waits for new secrets",
      { status: "ready", hasOutputs: true },
      { ...newest, kind: "rotate", status: "queued" },
      "delete rotate cancel credentials",
    ],
    [
      "one that gets new secrets",
      { status: "updating", hasOutputs: true },
      { ...newest, kind: "rotate", status: "running" },
      "delete cancel credentials",
    ],
    [
      "one whose removal failed",
      { status: "failed", hasOutputs: true },
      { ...newest, kind: "delete", status: "failed" },
      "delete retry credentials",
    ],
    [
      "one whose removal waits",
      { status: "ready", hasOutputs: true },
      { ...newest, kind: "delete", status: "queued" },
      "cancel credentials",
    ],
    [
      "one being removed",
      { status: "deleting", hasOutputs: true },
      { ...newest, kind: "delete", status: "interrupted" },
      "cancel",
    ],
    ["one that is gone", { status: "deleted", hasOutputs: true }, { ...newest, kind: "delete" }, ""],
  ] as const)("%s", (_what, store, operation, expected) => {
    const can = allowedFor(store, operation);

    const allowed = (["delete", "rotate", "retry", "cancel", "credentials"] as const).filter((action) => can[action]);
    expect(allowed.join(" ")).toBe(expected);
  });
});
