import { setTimeout as sleep } from "node:timers/promises";
import { beforeAll, expect, it } from "vitest";
import { findingListSchema } from "../../automation-api/contract/finding.ts";
import type { Operation } from "../../automation-api/contract/operation.ts";
import { leftovers } from "../helpers/kubectl.ts";
import { testStoreName } from "../helpers/names.ts";
import { beginStory, liftPlatformLimits, type PlatformStory } from "../helpers/platform-story.ts";

/** Each is created and deleted. */
const stores = Number(process.env.STOREFLEET_TEST_PLATFORM_STORES ?? 10);
/** Milliseconds between a kill of a worker and one of the API, and after which the pod of an operation dies, at most. */
const PAUSE = { parts: 30_000, operation: 20_000 };

let story: PlatformStory;
beforeAll(async () => {
  story = await beginStory();
  await liftPlatformLimits(story.session);
});

const kubectl = (...words: string[]) => story.platform.kubectl(...words);

async function podsOf(component: string): Promise<string[]> {
  const selector = `app.kubernetes.io/component=${component}`;
  const found = await kubectl("get", "pods", "--selector", selector, "--output", "name");
  return found.split("\n").filter((name) => name !== "");
}

const killed = { operation: 0, worker: 0, api: 0 };

async function kill(part: keyof typeof killed, pod: string): Promise<void> {
  await kubectl("delete", pod, "--grace-period=1", "--ignore-not-found", "--wait=false");
  killed[part] += 1;
}

/** Kills the worker and the API in turns until it is told to stop. */
function killer() {
  const stopping = new AbortController();
  const working = (async () => {
    for (let round = 0; !stopping.signal.aborted; round += 1) {
      await sleep(PAUSE.parts, undefined, { signal: stopping.signal }).catch(() => {});
      const part = round % 2 === 0 ? "worker" : "api";
      const [pod] = await podsOf(part);
      if (pod !== undefined && !stopping.signal.aborted) await kill(part, pod);
    }
  })();
  return async () => {
    stopping.abort();
    await working;
  };
}

/** Kills an operation's pod once, at a random moment of its work; the operation once it is over. */
async function endedAfterKill(id: string): Promise<Operation> {
  const ended = story.ended(id);
  const selector = `storefleet.dev/operation=${id}`;
  let pod: string | undefined;
  while (pod === undefined) {
    [pod] = (await kubectl("get", "pods", "--selector", selector, "--output", "name")).split("\n").filter(Boolean);
    if ((await Promise.race([ended, sleep(500)])) !== undefined) return ended;
  }
  await sleep(Math.random() * PAUSE.operation);
  const [there] = (await kubectl("get", "pods", "--selector", selector, "--output", "name"))
    .split("\n")
    .filter(Boolean);
  if (there !== undefined) await kill("operation", there);
  return ended;
}

it(`ends ${2 * stores} operations well, and leaves nothing, while pods of every part are killed`, async () => {
  const names = Array.from({ length: stores }, (_, index) => testStoreName(`kill${index}`));
  const stopKilling = killer();
  const begin = performance.now();

  const created = await Promise.all(names.map(async (name) => endedAfterKill(await story.create(name))));
  const deleted = await Promise.all(names.map(async (name) => endedAfterKill(await story.remove(name))));
  const seconds = (performance.now() - begin) / 1000;
  await stopKilling();

  const attempts = [...created, ...deleted].reduce((sum, { attempt }) => sum + attempt, 0);
  process.stdout.write(
    `${2 * stores} operations ended in ${seconds.toFixed(0)} s with ${attempts} attempts; killed: ${JSON.stringify(killed)}\n`,
  );
  expect([...created, ...deleted].map(({ kind, status, reason }) => [kind, status, reason])).toEqual([
    ...Array(stores).fill(["create", "succeeded", undefined]),
    ...Array(stores).fill(["delete", "succeeded", undefined]),
  ]);
  expect(killed.operation).toBeGreaterThan(stores / 2);
  expect(killed.worker).toBeGreaterThan(1);
  for (const name of names) expect(await leftovers(story.machine, name)).toEqual([]);
  expect(await podsOf("operation")).toEqual([]);
  await kubectl("rollout", "status", "statefulset/worker", "--timeout=60s");
  const state = "find /state/.pulumi/stacks /state/.pulumi/locks -name '*.json' | grep kill || true";
  expect(await kubectl("exec", "statefulset/worker", "--", "sh", "-c", state)).toBe("");
  // The cluster is not ours alone: what others left in it is found, too.
  const { items } = findingListSchema.parse(await story.session.get("/platform/findings"));
  expect(items.filter(({ subject }) => names.some((name) => subject.includes(name)))).toEqual([]);
}, 1_800_000);
