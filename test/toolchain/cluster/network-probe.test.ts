import { describe, expect, it } from "vitest";
import {
  judgeNetworkPolicies,
  probeNetworkPolicies,
  type RunKubectl,
} from "../../../toolchain/cluster/network-probe.ts";

interface Network {
  /** Whether pods reach each other at all, and whether policies change that. */
  readonly connects: boolean;
  readonly enforces: boolean;
}

/** A cluster of ours in memory: it remembers what is applied, and pods connect as its network lets them. */
function clusterWith({ connects, enforces }: Network) {
  const said: string[] = [];
  const codes = new Map<string, string>();
  let isDenied = false;
  const kubectl: RunKubectl = async (args, object) => {
    said.push(args.slice(0, 3).join(" "));
    const { kind, metadata } = (object ?? {}) as { kind?: string; metadata?: { name: string } };
    if (kind === "NetworkPolicy") isDenied = true;
    if (kind === "Pod") codes.set(metadata?.name ?? "", connects && !(isDenied && enforces) ? "0" : "3");
    if (args.includes("jsonpath={.status.podIP}")) return "10.0.0.7";
    return args.some((arg) => arg.endsWith(".terminated.exitCode}")) ? (codes.get(args[2] ?? "") ?? "") : "";
  };
  return { kubectl, said };
}

describe("the probe of a cluster's network", () => {
  it.each([
    ["bite", { connects: true, enforces: true }],
    ["do nothing", { connects: true, enforces: false }],
    ["unknown", { connects: false, enforces: true }],
  ] as const)("finds that policies %s", async (policies, network) => {
    const { kubectl, said } = clusterWith(network);

    expect(await probeNetworkPolicies(kubectl, "redis")).toMatchObject({ policies });
    expect(said.at(-1)).toMatch(/^delete namespace storefleet-probe-/);
  });

  it("says why it found nothing out, and leaves nothing", async () => {
    const { kubectl, said } = clusterWith({ connects: true, enforces: true });
    const broken: RunKubectl = async (args, object) => {
      if (args[0] === "wait") throw new Error("timed out waiting for the condition");
      return kubectl(args, object);
    };

    const answer = await probeNetworkPolicies(broken, "redis");

    expect(answer).toEqual({ policies: "unknown", reason: "timed out waiting for the condition" });
    expect(said.at(-1)).toMatch(/^delete namespace storefleet-probe-/);
  });
});

describe("what comes of it", () => {
  it("is nothing where policies bite", () => {
    expect(judgeNetworkPolicies({ policies: "bite" }, "require")).toBeUndefined();
  });

  it.each([{ policies: "do nothing" }, { policies: "unknown", reason: "No image." }] as const)(
    "is a remark or a refusal, by setting, where they %o",
    (answer) => {
      expect(judgeNetworkPolicies(answer, "warn")).toMatch(/^(This cluster|Whether) .*Cilium/);
      expect(() => judgeNetworkPolicies(answer, "require")).toThrow(/NetworkPolicies/);
    },
  );
});
