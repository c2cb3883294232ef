import { describe, expect, it } from "vitest";
import { isFinal, OPERATION_KINDS, OPERATION_STATUSES } from "../../../automation-api/contract/operation.ts";
import { begin, cancel, fail, interrupt, SOURCES, succeed } from "../../../automation-api/domain/operation.ts";
import { reasonWhenCancelled, storeStatusAfter } from "../../../automation-api/domain/store-status.ts";

describe("the moves of an operation", () => {
  it.each(OPERATION_STATUSES)("never lead out of a final status (to %s)", (to) => {
    expect(SOURCES[to].filter(isFinal)).toEqual([]);
  });

  it("reach every status but the first one", () => {
    expect(OPERATION_STATUSES.filter((status) => SOURCES[status].length === 0)).toEqual(["queued"]);
  });

  it("count attempts over interruptions", () => {
    const first = begin({ status: "queued" }, "worker-1");
    const second = begin(interrupt(first, "It was killed."), "worker-2");

    expect(first).toEqual({ status: "running", workerId: "worker-1", attempt: 1 });
    expect(second).toEqual({ status: "running", workerId: "worker-2", attempt: 2 });
    expect(succeed(second)).toEqual({ status: "succeeded" });
    expect(fail(second, "No.")).toEqual({ status: "failed", reason: "No." });
    expect(cancel({ status: "queued" }, "Asked.")).toEqual({ status: "cancelled", reason: "Asked." });
  });

  it("cannot be written when they are illegal", () => {
    // @ts-expect-error what is over does not begin again
    begin({ status: "succeeded" }, "worker-1");
    // @ts-expect-error what has not begun cannot have failed
    fail({ status: "queued" }, "No.");
    // @ts-expect-error what nobody works on cannot be interrupted
    interrupt({ status: "queued" }, "No.");
    // @ts-expect-error what is over cannot be cancelled
    cancel({ status: "failed", reason: "No." }, "No.");
  });
});

describe("the status of a store", () => {
  it.each([
    ["create", "running", "provisioning"],
    ["create", "succeeded", "ready"],
    ["create", "failed", "failed"],
    ["create", "cancelled", "failed"],
    ["rotate", "running", "updating"],
    ["rotate", "succeeded", "ready"],
    ["rotate", "failed", "failed"],
    ["rotate", "cancelled", "failed"],
    ["delete", "running", "deleting"],
    ["delete", "succeeded", "deleted"],
    ["delete", "failed", "failed"],
    ["delete", "cancelled", "failed"],
  ] as const)("after %s %s is %s", (kind, moment, status) => {
    expect(storeStatusAfter(kind, moment)).toBe(status);
  });

  it.each(OPERATION_KINDS)("after a cancelled %s says what can be done", (kind) => {
    expect(reasonWhenCancelled(kind)).toMatch(/(retry|[Dd]elete).*\.$/);
  });
});
