import { spawn } from "node:child_process";
import { mkdtempSync, rmSync, writeFileSync } from "node:fs";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { afterEach, beforeEach, expect, it } from "vitest";
import { withLock } from "../../../toolchain/lib/lock.ts";

let folder: string;
beforeEach(() => {
  folder = mkdtempSync(join(tmpdir(), "storefleet-lock-"));
});
afterEach(() => rmSync(folder, { recursive: true }));

it("refuses a second holder and says who has the lock", async () => {
  const file = join(folder, "start.lock");

  await withLock(file, "npm start", async () => {
    await expect(withLock(file, "npm stop", async () => undefined)).rejects.toThrow(
      `Another process (${process.pid}, npm start) is at work here.`,
    );
  });
});

it("is free again after the work, even when the work failed", async () => {
  const file = join(folder, "start.lock");
  await expect(withLock(file, "first", () => Promise.reject(new Error("no")))).rejects.toThrow("no");

  await expect(withLock(file, "second", async () => "done")).resolves.toBe("done");
});

it("takes over the lock of a process that died", async () => {
  const file = join(folder, "start.lock");
  const child = spawn("sleep", ["60"]);
  const dead = child.pid ?? 0;
  child.kill("SIGKILL");
  await new Promise((resolve) => child.on("exit", resolve));
  writeFileSync(file, JSON.stringify({ pid: dead, startTime: "1", why: "npm start" }));

  await expect(withLock(file, "npm start", async () => "taken over")).resolves.toBe("taken over");
});

it("is not fooled by a later process with the same number", async () => {
  const file = join(folder, "start.lock");
  writeFileSync(file, JSON.stringify({ pid: process.pid, startTime: "1", why: "npm start" }));

  await expect(withLock(file, "npm start", async () => "taken over")).resolves.toBe("taken over");
});

it("lets waiting holders in one after the other", async () => {
  const file = join(folder, "start.lock");
  let inside = 0;
  let most = 0;

  await Promise.all(
    [1, 2, 3].map(() =>
      withLock(
        file,
        "work",
        async () => {
          inside += 1;
          most = Math.max(most, inside);
          await new Promise((resolve) => setTimeout(resolve, 20));
          inside -= 1;
        },
        { waitSeconds: 10 },
      ),
    ),
  );

  expect(most).toBe(1);
});
