import { describe, expect, it } from "vitest";
import {
  OPERATION_KINDS,
  type OperationKind,
  type Progress,
  progressSchema,
} from "../../../automation-api/contract/operation.ts";
import { measuredWeights } from "../../../automation-api/domain/measured-weights.ts";
import { type Observation, observe, partsOf } from "../../../automation-api/domain/observe.ts";
import {
  beginTrack,
  initialProgress,
  progressOf,
  stoppedProgress,
  succeededProgress,
  type Track,
} from "../../../automation-api/domain/progress.ts";
import { stepsOf } from "../../../automation-api/domain/steps.ts";
import { ENGINES } from "../../../stores/spec.ts";

const spec = { engine: "medusa", plan: "basic" } as const;

function begun(kind: OperationKind, weights: Record<string, number> = {}): Track {
  return beginTrack({ kind, engine: "medusa", weights, parts: partsOf(kind, spec) }, 0);
}

const resource = (type: string, action: string, phase: "started" | "finished", name = "any"): Observation => ({
  kind: "resource",
  type,
  action,
  phase,
  name,
});
const namespace = "kubernetes:core/v1:Namespace";
const policy = "kubernetes:networking.k8s.io/v1:NetworkPolicy";
const quota = "kubernetes:core/v1:ResourceQuota";
const limits = "kubernetes:core/v1:LimitRange";
const password = "random:index/randomPassword:RandomPassword";
const secret = "kubernetes:core/v1:Secret";
const release = "kubernetes:helm.sh/v3:Release";

/** Numbers from 0 to 1, the same for the same seed (mulberry32). */
function randomFrom(seed: number): () => number {
  let state = seed;
  return () => {
    state = (state + 0x6d2b79f5) | 0;
    let mixed = Math.imul(state ^ (state >>> 15), 1 | state);
    mixed = (mixed + Math.imul(mixed ^ (mixed >>> 7), 61 | mixed)) ^ mixed;
    return ((mixed ^ (mixed >>> 14)) >>> 0) / 4294967296;
  };
}

const types = [namespace, policy, quota, limits, password, secret, release, "pulumi:pulumi:Stack"];
const actions = ["create", "same", "update", "delete", "refresh", "replace"];
const components = ["postgres", "redis", "medusa", "worker", "storefront", "stranger"];

/** Anything that could be seen, in any order, however senseless. */
function randomObservation(random: () => number): Observation {
  const pick = <T>(choices: readonly T[]): T => choices[Math.floor(random() * choices.length)]!;
  const kind = pick(["resource", "resource", "resource", "pod", "pod", "proof", "close", "verify"] as const);
  switch (kind) {
    case "resource":
      return resource(pick(types), pick(actions), pick(["started", "finished"]));
    case "pod":
      return { kind, component: pick(components), reached: pick(["set-up", "ready"]) };
    default:
      return { kind };
  }
}

describe("whatever is seen, in whatever order", () => {
  const seeds = Array.from({ length: 300 }, (_, seed) => seed);

  it.each(OPERATION_KINDS)("the fraction of a %s stays within 0 and 1, never goes back, and time is left", (kind) => {
    for (const seed of seeds) {
      const random = randomFrom(seed);
      const weights = Object.fromEntries(stepsOf(kind, "medusa").map(({ key }) => [key, random() * 20 - 2]));
      let track = begun(kind, random() < 0.5 ? weights : {});
      let now = 0;
      let before: Progress = progressOf(track, now);
      for (let step = 0; step < 60; step += 1) {
        now += random() * 4000;
        if (random() < 0.7 && !(kind === "create" && random() < 0.3)) track = observe(track, seenIn(kind, random), now);
        const progress = progressOf(track, now);

        progressSchema.parse(progress);
        expect(progress.fraction).toBeGreaterThanOrEqual(before.fraction);
        expect(progress.fraction).toBeLessThan(1);
        expect(progress.etaSeconds).toBeGreaterThanOrEqual(0);
        for (const [index, { status }] of progress.steps.entries()) {
          if (before.steps[index]?.status === "done") expect(status).toBe("done");
        }
        before = progress;
      }
      const end = succeededProgress(track, now);
      expect(end.fraction).toBe(1);
      expect(end.steps.every(({ status }) => status === "done")).toBe(true);
    }
  });

  const strangers: Readonly<Record<OperationKind, readonly string[]>> = {
    create: ["verify", "close"],
    rotate: ["verify"],
    delete: ["proof", "close"],
  };

  /** What is about another kind of operation cannot be seen in this one. */
  function seenIn(kind: OperationKind, random: () => number): Observation {
    for (;;) {
      const seen = randomObservation(random);
      if (!strangers[kind].includes(seen.kind)) return seen;
    }
  }
});

describe("a creation", () => {
  /** Titles of steps by status after what was seen, one thing a second. */
  function after(...seen: Observation[]) {
    let track = begun("create");
    seen.forEach((each, index) => {
      track = observe(track, each, (index + 1) * 1000);
    });
    const { steps } = progressOf(track, seen.length * 1000);
    const keys = (status: string) => steps.filter((step) => step.status === status).map(({ key }) => key);
    return { done: keys("done"), running: keys("running") };
  }

  const walls = [namespace, quota, limits, policy, policy, policy, policy, policy];
  const made = walls.map((type) => resource(type, "create", "finished"));
  const randoms = Array(7).fill(resource(password, "create", "finished"));

  it("begins by preparing", () => {
    expect(after()).toEqual({ done: [], running: ["prepare"] });
  });

  it("is prepared when the program asks for its first resource", () => {
    const seen = after(resource("pulumi:pulumi:Stack", "create", "started"));

    expect(seen).toEqual({ done: ["prepare"], running: ["isolation"] });
  });

  it("makes credentials beside the walls", () => {
    expect(after(resource(password, "create", "started")).running).toEqual(["isolation", "credentials"]);
  });

  it("knows when the last wall stands and the last credential is made", () => {
    expect(after(...made).done).toEqual(["prepare", "isolation"]);
    expect(after(...made, ...randoms).done).toEqual(["prepare", "isolation", "credentials"]);
  });

  it("goes through the engine's steps by its pods", () => {
    const started = [...made, ...randoms, resource(release, "create", "started")];
    const ready = (component: string): Observation => ({ kind: "pod", component, reached: "ready" });

    expect(after(...started).running).toEqual(["database"]);
    expect(after(...started, ready("postgres")).running).toEqual(["setup"]);
    expect(after(...started, { kind: "pod", component: "medusa", reached: "set-up" }).running).toEqual(["server"]);
    expect(after(...started, ready("redis")).running).toEqual(["database"]);
    expect(after(...started, ready("medusa")).running).toEqual(["storefront"]);
    expect(after(...started, resource(release, "create", "finished")).running).toEqual(["proof"]);
  });

  it("is not advanced by what cleans up after a killed run", () => {
    expect(after(resource(release, "refresh", "finished"), resource(release, "delete", "finished")).running).toEqual([
      "prepare",
    ]);
  });

  it("runs through at once where everything is there already", () => {
    const same = [...walls, password, secret, release].map((type) => resource(type, "same", "finished"));

    expect(after(...same).running).toEqual(["proof"]);
  });
});

describe("a deletion", () => {
  it("goes from the release to the namespace to the check", () => {
    let track = begun("delete");
    const running = () => progressOf(track, 9000).steps.find(({ status }) => status === "running")?.key;

    track = observe(track, resource(release, "delete", "started"), 1000);
    const first = running();
    track = observe(track, resource(release, "delete", "finished"), 2000);
    const second = running();
    track = observe(track, { kind: "verify" }, 3000);

    expect([first, second, running()]).toEqual(["release", "isolation", "verify"]);
  });

  it("passes over the release of a store that has none", () => {
    const track = observe(begun("delete"), resource(namespace, "delete", "started"), 1000);

    expect(progressOf(track, 1000).steps.map(({ status }) => status)).toEqual(["done", "done", "running", "pending"]);
  });
});

describe("progress", () => {
  it.each(ENGINES)("of a queued operation on %s is all pending, with an estimate", (engine) => {
    for (const kind of OPERATION_KINDS) {
      const progress = progressSchema.parse(initialProgress(kind, engine));

      expect(progress.fraction).toBe(0);
      expect(progress.etaSeconds).toBeGreaterThan(5);
      expect(progress.steps.every(({ status }) => status === "pending")).toBe(true);
      expect(new Set(progress.steps.map(({ key }) => key)).size).toBe(progress.steps.length);
    }
  });

  it("counts a step that takes too long as almost done", () => {
    const { fraction, etaSeconds, steps } = progressOf(
      begun("delete", { prepare: 10, release: 10, isolation: 10, verify: 10 }),
      60_000,
    );

    expect(fraction).toBeCloseTo(0.95 / 4, 2);
    expect(etaSeconds).toBe(30.5);
    expect(steps[0]).toMatchObject({ status: "running", seconds: 60 });
  });

  it("says what failed, or lets it wait for somebody else, when an attempt is over", () => {
    const progress = progressOf(begun("create"), 1000);

    expect(stoppedProgress(progress, "failed").steps[0]).toMatchObject({ status: "failed", seconds: 1 });
    expect(stoppedProgress(progress, "pending").steps[0]).toEqual({
      key: "prepare",
      title: "Prepare",
      status: "pending",
    });
    expect(stoppedProgress(progress, "failed").etaSeconds).toBeUndefined();
  });
});

describe("weights from earlier operations", () => {
  const took = (seconds: number): Progress => ({
    fraction: 1,
    steps: [{ key: "prepare", title: "Prepare", status: "done", seconds }],
  });

  it("need three of them", () => {
    expect(measuredWeights([took(1), took(2)])).toEqual({});
  });

  it("are medians, so that one slow run says nothing", () => {
    expect(measuredWeights([took(1), took(2), took(90)])).toEqual({ prepare: 2 });
    expect(measuredWeights([took(1), took(2), took(4), took(90)])).toEqual({ prepare: 3 });
  });
});
