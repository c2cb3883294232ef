import { afterAll, beforeAll, describe, expect, it } from "vitest";
import { type ImageTrial, startImagePod, tryImage } from "../../helpers/image-pod.ts";
import { kubectl } from "../../helpers/kubectl.ts";

const password = "let-me.in~please";
let trial: ImageTrial;

beforeAll(async () => {
  trial = await tryImage("redis");
  const env = { REDIS_PASSWORD: password, REDIS_MAXMEMORY: "48mb" };
  await startImagePod(trial, { name: "redis", image: "redis", env });
});

afterAll(() => trial?.release());

const inPod = (...command: string[]) =>
  kubectl(trial, "exec", "--namespace", trial.namespace, "redis", "--", ...command);
const redis = (...command: string[]) => inPod("redis-cli", "--no-auth-warning", "-a", password, ...command);

describe("the redis image", () => {
  it("answers nobody without the password", async () => {
    expect(await inPod("redis-cli", "ping")).toContain("NOAUTH");
    expect((await redis("ping")).trim()).toBe("PONG");
  });

  it("refuses new work rather than forget queued work when its memory is full", async () => {
    expect(await redis("config", "get", "maxmemory*")).toContain("maxmemory-policy\nnoeviction");
    expect(await redis("config", "get", "maxmemory")).toContain(String(48 * 1024 * 1024));
  });

  it("keeps nothing on disk", async () => {
    expect((await redis("config", "get", "save")).trim()).toBe("save");
    expect(await redis("config", "get", "appendonly")).toContain("no");
  });

  it("has the password neither in its arguments nor in its environment", async () => {
    expect(await inPod("sh", "-c", "tr '\\0' ' ' </proc/1/cmdline; tr '\\0' '\\n' </proc/1/environ")).not.toContain(
      password,
    );
  });

  it("says what is wrong with a password it cannot take", async () => {
    const pod = { name: "bad-password", image: "redis", env: { REDIS_PASSWORD: 'quote"' } } as const;
    await startImagePod(trial, pod, "jsonpath={.status.phase}=Failed");

    expect(await kubectl(trial, "logs", "--namespace", trial.namespace, "bad-password")).toContain(
      "storefleet-redis: REDIS_PASSWORD may only hold letters",
    );
  });

  it("stops at once", async () => {
    const begin = performance.now();
    await kubectl(trial, "delete", "pod", "redis", "--namespace", trial.namespace);

    expect((performance.now() - begin) / 1000).toBeLessThan(8);
  });
});
