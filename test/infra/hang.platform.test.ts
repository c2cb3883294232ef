import { setTimeout as sleep } from "node:timers/promises";
import { beforeAll, expect, it } from "vitest";
import { beginStory, type PlatformStory } from "../helpers/platform-story.ts";

let story: PlatformStory;
beforeAll(async () => {
  story = await beginStory();
});

const kubectl = (...words: string[]) => story.platform.kubectl(...words);

it("starts a worker anew that hangs", async () => {
  const restarts = async () =>
    Number(await kubectl("get", "pod/worker-0", "--output", "jsonpath={.status.containerStatuses[0].restartCount}"));
  const before = await restarts();
  const begin = performance.now();

  // tini is the first process of the container, the worker its child.
  await kubectl("exec", "worker-0", "--", "sh", "-c", "kill -STOP $(cat /proc/1/task/1/children)");
  while ((await restarts()) === before) await sleep(1000);

  process.stdout.write(
    `a worker that hung was started anew after ${((performance.now() - begin) / 1000).toFixed(0)} s\n`,
  );
  expect(performance.now() - begin).toBeLessThan(120_000);
  await kubectl("wait", "pod/worker-0", "--for=condition=Ready", "--timeout=60s");
}, 180_000);
