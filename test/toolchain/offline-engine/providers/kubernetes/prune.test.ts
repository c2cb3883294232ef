import { describe, expect, it } from "vitest";
import { pruned } from "../../../../../toolchain/offline-engine/providers/kubernetes/prune.ts";

describe("a pruned live object", () => {
  it("shows our fields with their live values and nothing the server added", () => {
    const live = { metadata: { name: "quota", uid: "1" }, spec: { hard: { pods: "99" } }, status: {} };

    expect(pruned(live, { metadata: { name: "quota" }, spec: { hard: { pods: "12" } } })).toEqual({
      metadata: { name: "quota" },
      spec: { hard: { pods: "99" } },
    });
  });

  it("lacks a field of ours that somebody removed", () => {
    expect(pruned({ data: {} }, { data: { key: "value" } })).toEqual({ data: {} });
  });

  it("keeps an empty value the server does not store", () => {
    expect(pruned({ spec: {} }, { spec: { ingress: [] } })).toEqual({ spec: { ingress: [] } });
  });

  it("matches items of lists by their position", () => {
    const live = {
      ports: [
        { port: 80, protocol: "TCP" },
        { port: 81, protocol: "TCP" },
      ],
    };

    expect(pruned(live, { ports: [{ port: 80 }] })).toEqual({ ports: [{ port: 80 }] });
  });
});
