import { describe, expect, it } from "vitest";
import {
  clusterEventSchema,
  isBefore,
  newsOfClusterEvent,
} from "../../../automation-api/cluster/cluster-event-news.ts";
import { knownPod, newsOfPod, type Pod } from "../../../automation-api/cluster/pod-news.ts";

type Status = NonNullable<Pod["status"]>;
type Containers = NonNullable<Status["containerStatuses"]>;

const pod = (component: string, status: Status = {}, deletionTimestamp?: string): Pod => ({
  metadata: {
    name: `${component}-6d5f7c9b8-x2x4z`,
    uid: component,
    labels: { "app.kubernetes.io/component": component },
    ...(deletionTimestamp !== undefined && { deletionTimestamp }),
  },
  status,
});
const running: Containers = [{ name: "main", state: { running: {} } }];
const done: Containers = [{ name: "setup", state: { terminated: { exitCode: 0 } } }];
const waiting = (reason: string, message?: string): Containers => [
  { name: "main", state: { waiting: { reason, ...(message !== undefined && { message }) } } },
];
const isReady = [{ type: "Ready", status: "True" }];

const texts = (before: Pod | undefined, now: Pod) =>
  newsOfPod(now, before && knownPod(before)).map(({ severity, text, reached }) => [severity, text, reached]);

describe("news of a pod", () => {
  const medusa = (status: Status) => pod("medusa", status);
  it.each([
    ["is only planned", undefined, medusa({}), []],
    ["makes its containers", undefined, medusa({ containerStatuses: waiting("ContainerCreating") }), []],
    [
      "sets up",
      medusa({}),
      medusa({ initContainerStatuses: running, containerStatuses: waiting("PodInitializing") }),
      [["info", "medusa: setting up", undefined]],
    ],
    [
      "is set up and starts",
      medusa({ initContainerStatuses: running }),
      medusa({ initContainerStatuses: done, containerStatuses: running }),
      [
        ["info", "medusa: set up", "set-up"],
        ["info", "medusa: starting", undefined],
      ],
    ],
    [
      "is ready",
      medusa({ initContainerStatuses: done, containerStatuses: running }),
      medusa({ initContainerStatuses: done, containerStatuses: running, conditions: isReady }),
      [["info", "medusa: ready", "ready"]],
    ],
    [
      "cannot get its image",
      medusa({}),
      medusa({ containerStatuses: waiting("ErrImagePull", "no such image") }),
      [["warning", "medusa: main does not start (ErrImagePull): no such image", undefined]],
    ],
    [
      "stops with an error",
      medusa({ containerStatuses: running }),
      medusa({ containerStatuses: [{ name: "main", state: { terminated: { exitCode: 137, reason: "OOMKilled" } } }] }),
      [["warning", "medusa: main stopped with exit code 137 (OOMKilled)", undefined]],
    ],
    [
      "refuses in its own words",
      medusa({ containerStatuses: running }),
      medusa({
        containerStatuses: [
          { name: "main", state: { terminated: { exitCode: 78, reason: "Error", message: "It cannot go back." } } },
        ],
      }),
      [["warning", "medusa: main stopped with exit code 78 (Error): It cannot go back.", undefined]],
    ],
  ])("when it %s", (_what, before, now, news) => {
    expect(texts(before, now)).toEqual(news);
  });

  it("says the same thing once", () => {
    const now = pod("postgres", { containerStatuses: running, conditions: isReady });

    expect(texts(now, now)).toEqual([]);
  });

  it("tells everything at once about a pod that was there before", () => {
    const now = pod("medusa", { initContainerStatuses: done, containerStatuses: running, conditions: isReady });

    expect(texts(undefined, now).map(([, , reached]) => reached)).toEqual(["set-up", "ready"]);
  });

  it("does not complain about how a pod ends that is being stopped", () => {
    const stopped: Containers = [{ name: "main", state: { terminated: { exitCode: 143 } } }];
    const before = pod("medusa", { containerStatuses: running, conditions: isReady });

    expect(texts(before, pod("medusa", { containerStatuses: stopped }, "2026-01-01T00:00:00Z"))).toEqual([
      ["info", "medusa: stopping", undefined],
    ]);
  });
});

describe("news of a cluster event", () => {
  const event = (type: string, reason: string, message: string, name = "medusa-6d5f7c9b8-x2x4z") =>
    clusterEventSchema.parse({ metadata: { uid: "1" }, type, reason, message, involvedObject: { kind: "Pod", name } });

  it.each([
    [event("Normal", "Pulling", 'Pulling image "x"'), "medusa: pulling image"],
    [event("Normal", "Pulling", 'Pulling image "x"', "postgres-0"), "postgres: pulling image"],
    [
      event("Warning", "FailedScheduling", "0/1 nodes are available: 1 Insufficient memory.\nmore"),
      "medusa: 0/1 nodes are available: 1 Insufficient memory. (FailedScheduling)",
    ],
    [
      event("Warning", "FailedCreate", "exceeded quota", "medusa-worker-6d5f7c9b8"),
      "medusa-worker: exceeded quota (FailedCreate)",
    ],
  ])("that matters (%#)", (given, text) => {
    expect(newsOfClusterEvent(given)?.text).toBe(text);
  });

  it.each([
    event("Normal", "Started", "Started container main"),
    event("Warning", "Unhealthy", "Startup probe failed: connection refused"),
    event("Warning", "BackOff", "Back-off restarting failed container"),
  ])("is none when it is part of every start, or said by the pod itself (%#)", (given) => {
    expect(newsOfClusterEvent(given)).toBeUndefined();
  });

  it("is none of an earlier attempt", () => {
    const old = { ...event("Warning", "FailedMount", "no"), lastTimestamp: "2026-01-01T00:00:00Z" };

    expect(isBefore(old, new Date("2026-01-01T00:00:01Z"))).toBe(true);
    expect(isBefore(old, new Date("2026-01-01T00:00:00Z"))).toBe(false);
    expect(isBefore({ ...old, lastTimestamp: null }, new Date())).toBe(false);
  });
});
