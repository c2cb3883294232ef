import { setTimeout as sleep } from "node:timers/promises";
import { describe, expect, it } from "vitest";
import { type ApiServer, ClusterUnreachable } from "../../../automation-api/cluster/api-server.ts";
import { guardedCluster } from "../../../automation-api/cluster/guarded-cluster.ts";

const address = { kubeconfig: "/somewhere", context: "test" };
const patient = () => new AbortController().signal;

/** A cluster that does as it is told. */
function scripted(answer: (asked: number, signal: AbortSignal) => Promise<unknown>) {
  const seen = { asked: 0, connected: 0 };
  const connect = async (): Promise<ApiServer> => {
    seen.connected += 1;
    return {
      get: (_path, signal) => {
        seen.asked += 1;
        return answer(seen.asked, signal);
      },
      follow: async function* () {
        yield* [];
      },
      post: async () => {},
      put: async () => {},
      remove: async () => {},
      close: () => {},
    };
  };
  return { seen, cluster: guardedCluster(address, { connect, pause: 100 }) };
}

const away = async () => {
  throw new ClusterUnreachable("The cluster does not answer.");
};

describe("a cluster behind a circuit breaker", () => {
  it("that did not answer five times in a row is not asked for a while, and then asked once more", async () => {
    const { seen, cluster } = scripted(async (asked) => (asked <= 5 ? away() : { well: true }));
    for (let tries = 0; tries < 8; tries += 1) {
      await expect(cluster.get("/version", patient())).rejects.toBeInstanceOf(ClusterUnreachable);
    }
    const whileOpen = seen.asked;
    await sleep(120);

    const answer = await cluster.get("/version", patient());

    expect(whileOpen).toBe(5);
    expect(answer).toEqual({ well: true });
  });

  it("is connected to anew after a failure, and with the same connections otherwise", async () => {
    const { seen, cluster } = scripted(async (asked) => (asked === 2 ? away() : {}));

    await cluster.get("/a", patient());
    await cluster.get("/b", patient()).catch(() => {});
    await cluster.get("/c", patient());
    await cluster.get("/d", patient());

    expect(seen).toEqual({ asked: 4, connected: 2 });
  });

  it("is not blamed for those who do not wait any more, but for not answering in time", async () => {
    const { seen, cluster } = scripted((_asked, signal) => sleep(60_000, undefined, { signal }));
    for (let tries = 0; tries < 6; tries += 1) {
      const impatient = new AbortController();
      const asking = cluster.get("/a", impatient.signal);
      impatient.abort();
      await expect(asking).rejects.toBeInstanceOf(ClusterUnreachable);
    }
    const unblamed = seen.asked;
    for (let tries = 0; tries < 7; tries += 1) {
      await expect(cluster.get("/a", AbortSignal.timeout(5))).rejects.toBeInstanceOf(ClusterUnreachable);
    }

    expect([unblamed, seen.asked]).toEqual([6, 11]);
  });
});
