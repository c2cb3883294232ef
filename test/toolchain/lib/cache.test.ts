import { existsSync, mkdirSync, mkdtempSync, readdirSync, readFileSync, rmSync, writeFileSync } from "node:fs";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { afterEach, beforeEach, expect, it } from "vitest";
import { cached, isCached } from "../../../toolchain/lib/cache.ts";
import type { ToolchainContext } from "../../../toolchain/lib/context.ts";
import { readEnvironment } from "../../../toolchain/lib/environment.ts";
import { resolvePaths } from "../../../toolchain/lib/paths.ts";
import { createSilentReporter } from "../../../toolchain/lib/progress.ts";

let folder: string;
let context: ToolchainContext;
beforeEach(() => {
  folder = mkdtempSync(join(tmpdir(), "storefleet-cache-"));
  const environment = readEnvironment({ HOME: folder });
  const paths = resolvePaths(environment);
  context = { environment, paths, reporter: createSilentReporter(paths.logs), signal: new AbortController().signal };
});
afterEach(() => rmSync(folder, { recursive: true }));

function build(content: string) {
  return async (temporary: string) => writeFileSync(join(temporary, "tool"), content);
}

it("builds once and reuses the result", async () => {
  const first = await cached(context, "tools/a/1", build("one"));
  const second = await cached(context, "tools/a/1", build("two"));

  expect(second).toBe(first);
  expect(readFileSync(join(second, "tool"), "utf8")).toBe("one");
});

it("leaves nothing behind when the build fails, and builds anew the next time", async () => {
  const failing = async (temporary: string) => {
    writeFileSync(join(temporary, "half"), "");
    throw new Error("no compiler");
  };
  await expect(cached(context, "tools/a/1", failing)).rejects.toThrow("no compiler");
  expect(readdirSync(join(context.paths.cache, "tools", "a"))).toEqual([]);

  await cached(context, "tools/a/1", build("one"));

  await expect(isCached(context, "tools/a/1")).resolves.toBe(true);
});

it("never uses a half-finished result", async () => {
  const result = await cached(context, "tools/a/1", build("whole"));
  writeFileSync(join(result, "tool"), "ha");

  const again = await cached(context, "tools/a/1", build("whole again"));

  expect(readFileSync(join(again, "tool"), "utf8")).toBe("whole again");
});

it("makes anew what was made when less was asked for", async () => {
  const parts =
    (...names: string[]) =>
    async (temporary: string) => {
      for (const name of names) mkdirSync(join(temporary, name));
      for (const name of names) writeFileSync(join(temporary, name, "file"), "");
    };
  await cached(context, "tools/a/1", parts("tool"), { holds: ["tool"] });
  const holds = ["tool", "too"];

  const before = await isCached(context, "tools/a/1", { holds });
  const folder = await cached(context, "tools/a/1", parts("tool", "too"), { holds });

  expect([before, await isCached(context, "tools/a/1", { holds })]).toEqual([false, true]);
  expect(existsSync(join(folder, "too", "file"))).toBe(true);
});

it("notices changed bytes of the same length when asked to be thorough", async () => {
  const result = await cached(context, "tools/a/1", build("whole"));
  writeFileSync(join(result, "tool"), "whole".replace("w", "W"));

  const again = await cached(context, "tools/a/1", build("again"), { thorough: true });

  expect(readFileSync(join(again, "tool"), "utf8")).toBe("again");
});

it("builds once when two ask at the same time", async () => {
  let builds = 0;
  const counting = async (temporary: string) => {
    builds += 1;
    await new Promise((resolve) => setTimeout(resolve, 50));
    writeFileSync(join(temporary, "tool"), "x");
  };

  await Promise.all([cached(context, "tools/a/1", counting), cached(context, "tools/a/1", counting)]);

  expect(builds).toBe(1);
  expect(existsSync(join(context.paths.cache, "tools", "a", "1.lock"))).toBe(false);
});
