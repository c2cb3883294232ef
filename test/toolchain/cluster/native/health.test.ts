import { describe, expect, test } from "vitest";
import type { Api } from "../../../../toolchain/cluster/native/api.ts";
import { nodeIsReady, pendingPods } from "../../../../toolchain/cluster/native/health.ts";

const startedAt = new Date("2026-01-01T10:00:00Z");

function fakeApi(answers: (path: string) => unknown): Api {
  return {
    get: async () => undefined,
    getJson: async (path) => answers(path),
    delete: async () => undefined,
    close: () => undefined,
  };
}

describe("the node", () => {
  const api = (status: string, lastHeartbeatTime: string) =>
    fakeApi(() => ({ status: { conditions: [{ type: "Ready", status, lastHeartbeatTime }] } }));

  test("is ready when its kubelet said so since the start", async () => {
    expect(await nodeIsReady(api("True", "2026-01-01T10:00:05Z"), startedAt)).toBe(true);
  });

  test("is not ready on the word of the kubelet before the stop", async () => {
    expect(await nodeIsReady(api("True", "2026-01-01T09:00:00Z"), startedAt)).toBe(false);
  });

  test("is not ready while nothing answers", async () => {
    expect(
      await nodeIsReady(
        fakeApi(() => undefined),
        startedAt,
      ),
    ).toBe(false);
  });
});

describe("the add-ons", () => {
  const deployment = {
    metadata: { generation: 2 },
    status: { observedGeneration: 2, replicas: 1, updatedReplicas: 1, availableReplicas: 1 },
  };
  const pod = (started: string) => ({
    metadata: { name: "a" },
    status: { containerStatuses: [{ ready: true, state: { running: { startedAt: started } } }] },
  });
  const api = (options: { deployment: object; started: string }) =>
    fakeApi((path) => (path.includes("/deployments/") ? options.deployment : { items: [pod(options.started)] }));

  test("are ready when each runs in its latest version since the start", async () => {
    expect(await pendingPods(api({ deployment, started: "2026-01-01T10:00:00Z" }), startedAt)).toEqual([]);
  });

  test("are pending while the cluster remembers only the pods before the stop", async () => {
    expect(await pendingPods(api({ deployment, started: "2026-01-01T09:59:59Z" }), startedAt)).toHaveLength(3);
  });

  test("are pending while an older version still runs", async () => {
    const older = { ...deployment, status: { ...deployment.status, observedGeneration: 1 } };

    expect(await pendingPods(api({ deployment: older, started: "2026-01-01T10:00:05Z" }), startedAt)).toContain(
      "traefik",
    );
  });
});
