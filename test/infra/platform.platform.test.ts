import { setTimeout as sleep } from "node:timers/promises";
import { beforeAll, describe, expect, inject, it } from "vitest";
import { storeSchema } from "../../automation-api/contract/store.ts";
import { loopbackFetch } from "../../automation-api/loopback-fetch.ts";
import { leftovers } from "../helpers/kubectl.ts";
import { testStoreName } from "../helpers/names.ts";
import { beginStory, type PlatformStory } from "../helpers/platform-story.ts";

let story: PlatformStory;
beforeAll(async () => {
  story = await beginStory();
});
const store = testStoreName("inside");

/** Seconds from the start of a pod's container until the pod is ready; Kubernetes tells whole seconds. */
async function secondsUntilReady(selector: string): Promise<number> {
  const pods: {
    items: {
      status: {
        conditions: { type: string; lastTransitionTime: string }[];
        containerStatuses: { state: { running?: { startedAt: string } } }[];
      };
    }[];
  } = JSON.parse(await story.platform.kubectl("get", "pods", "--selector", selector, "--output", "json"));
  const [{ status }] = pods.items as [(typeof pods.items)[0]];
  const ready = Date.parse(status.conditions.find(({ type }) => type === "Ready")!.lastTransitionTime);
  return (ready - Date.parse(status.containerStatuses[0]!.state.running!.startedAt)) / 1000;
}

// One story: each test goes on where the one before it ended.
describe("the platform in a cluster", () => {
  it("comes up within three minutes, its API five seconds after its start", async () => {
    const seconds = inject("platformUp");
    const api = await secondsUntilReady("app.kubernetes.io/component=api");
    process.stdout.write(`the platform was up after ${seconds.toFixed(1)} s, the API ready after ${api} s\n`);

    expect(seconds).toBeLessThan(180);
    expect(api).toBeLessThanOrEqual(5);
  });

  it("is left as it is by a second up", async () => {
    const changes = await story.platform.up();

    expect(Object.keys(changes)).toEqual(["same"]);
  });

  it("makes a store through its API, which proves that it sells", async () => {
    const done = await story.ended(await story.create(store));

    expect(done.status, done.reason ?? "").toBe("succeeded");
    const { url, status } = storeSchema.parse(await story.session.get(`/stores/${store}`));
    expect(status).toBe("ready");
    expect((await loopbackFetch(url!)).status).toBe(200);
  });

  it("reads the store's credentials from the cluster when they are asked for", async () => {
    const credentials = await story.session.get(`/stores/${store}/credentials`);

    expect(credentials).toMatchObject({
      adminUser: "admin@example.com",
      adminPassword: expect.stringMatching(/.{16}/),
    });
  });

  it("answers every one of 50 requests a second while its API is replaced", async () => {
    await story.platform.up({ apiReplicas: "2" });
    const failures: string[] = [];
    let sent = 0;
    const one = async () => {
      sent += 1;
      const answer = await loopbackFetch(`${story.platform.origin}/api/v1/stores`, {
        headers: { cookie: story.session.cookie },
      });
      if (answer.status !== 200) failures.push(`${answer.status} ${await answer.text()}`);
      else await answer.text();
    };
    const requests: Promise<void>[] = [];
    const clock = setInterval(() => requests.push(one().catch((error) => void failures.push(String(error)))), 20);

    await story.platform.kubectl("rollout", "restart", "deployment/api");
    await story.platform.kubectl("rollout", "status", "deployment/api", "--timeout=110s");
    // The last ones of pods that are about to end come after that.
    await sleep(5000);
    clearInterval(clock);
    await Promise.all(requests);

    process.stdout.write(`${sent} requests while the API was replaced, ${failures.length} without an answer\n`);
    expect(sent).toBeGreaterThan(250);
    expect(failures).toEqual([]);
  });

  it("deletes a store without a trace", async () => {
    const done = await story.ended(await story.remove(store));

    expect(done.status, done.reason ?? "").toBe("succeeded");
    expect(await leftovers(story.machine, store)).toEqual([]);
  });
});
