import { describe, expect, it } from "vitest";
import { causeOf, causes, MOST_RETRIES, pauseBeforeRetry, sentenceFor } from "../../../automation-api/domain/causes.ts";

const said = (text: string) => causeOf({ kind: "said", said: text });

describe("the cause of a failure", () => {
  it.each([
    ['pods "medusa-0" is forbidden: exceeded quota: quota, requested: pods=1', "quota"],
    ['admission webhook "policy" denied the request: no Secrets here', "refused"],
    ["The pod medusa-1 does not become ready (ErrImagePull): registry/x:1: not found", "image-missing"],
    ["The pod medusa-1 does not become ready (InvalidImageName): bad", "image-missing"],
    ["The pod medusa-1 does not become ready (ErrImagePull): dial tcp: i/o timeout", "image-away"],
    ["0/1 nodes are available: 1 Insufficient memory.", "no-room"],
    ["write /data/x: no space left on device", "disk-full"],
    ['Get "https://10.0.0.1:6443/api": dial tcp 10.0.0.1:6443: connect: connection refused', "cluster-busy"],
    ["etcdserver: leader changed", "cluster-busy"],
    [
      "Configured Kubernetes cluster is unreachable: https://10.0.0.1:6443: Client network socket disconnected",
      "cluster-busy",
    ],
    ["connect EHOSTUNREACH 10.0.0.1:6443", "cluster-busy"],
    ["dial tcp 10.0.0.1:6443: connect: no route to host", "cluster-busy"],
    ["the program was ended by the signal SIGKILL", "program-killed"],
    ["helm ended with exit code null", "program-killed"],
    ["object is being deleted: namespaces store-a already exists", "being-removed"],
    ["The store has no products.", "unknown"],
  ])("of %j is %s", (text, cause) => {
    expect(said(text)).toBe(cause);
  });

  it("is told by its kind where that is known, whatever was said", () => {
    expect(causeOf({ kind: "locked", said: "exceeded quota" })).toBe("locked");
    expect(causeOf({ kind: "settings", said: "connection refused" })).toBe("settings");
  });
});

describe("the table of causes", () => {
  it.each(Object.entries(causes))("has a sentence for the owner: %s", (_cause, { sentence }) => {
    expect(sentence("It was so.")).toMatch(/[.!?]$|: It was so\.$/);
  });

  it("never tries again what time does not mend", () => {
    const lasting = Object.entries(causes).filter(([, { retries }]) => retries === 0);

    expect(lasting.map(([cause]) => cause).toSorted()).toEqual(
      ["disk-full", "image-missing", "problem", "quota", "refused", "settings", "unknown"].toSorted(),
    );
  });

  it("waits longer each time, at most a minute, and not for ever", () => {
    const pauses = Array.from({ length: 6 }, (_, tries) =>
      pauseBeforeRetry("cluster-away", Array(tries).fill("cluster-away")),
    );

    expect(pauses).toEqual([5, 10, 20, 40, 60, undefined]);
    expect(pauseBeforeRetry("locked", Array(MOST_RETRIES).fill("killed"))).toBeUndefined();
    expect(pauseBeforeRetry("quota", [])).toBeUndefined();
  });

  it("adds advice to what was said", () => {
    expect(sentenceFor({ kind: "said", said: "Exceeded quota: quota." })).toBe(
      "Exceeded quota: quota. The store's plan allows no more; choose a larger plan.",
    );
  });
});
