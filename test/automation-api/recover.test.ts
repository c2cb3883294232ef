import { spawn } from "node:child_process";
import { once } from "node:events";
import { mkdirSync, mkdtempSync, rmSync, writeFileSync } from "node:fs";
import { hostname, tmpdir } from "node:os";
import { join } from "node:path";
import { pathToFileURL } from "node:url";
import { afterEach, beforeEach, describe, expect, it } from "vitest";
import { isLockDead } from "../../automation-api/dead-lock.ts";
import { withRecovery } from "../../automation-api/recover.ts";
import { StackError } from "../../automation-api/stack-runner.ts";
import { FakeStackRunner } from "./fake-stack-runner.ts";

describe("a run after a killed one", () => {
  it("keeps a copy, repairs the release, frees the lock, refreshes, and then goes on", async () => {
    const fake = new FakeStackRunner();
    fake.locked.add("demo");
    const runner = withRecovery(fake, {
      isLockDead: () => true,
      repairRelease: async (stack) => void fake.calls.push(`repair ${stack}`),
    });

    const result = await runner.up("demo", {});

    expect(result.changes).toEqual({ create: 1 });
    expect(fake.calls).toEqual(["up demo", "copy demo", "repair demo", "unlock demo", "refresh demo", "up demo"]);
  });

  it.each(["copy", "repair", "unlock"])("recovers from the start when it was killed at the step %s", async (step) => {
    const fake = new FakeStackRunner();
    fake.locked.add("demo");
    let isKilled = false;
    const dieAt = async (name: string) => {
      if (name !== step || isKilled) return;
      isKilled = true;
      throw new Error("killed");
    };
    const { keepCopy, unlock } = fake;
    fake.keepCopy = async (stack) => dieAt("copy").then(() => keepCopy.call(fake, stack));
    fake.unlock = async (stack) => dieAt("unlock").then(() => unlock.call(fake, stack));
    const repairRelease = async (stack: string) => dieAt("repair").then(() => void fake.calls.push(`repair ${stack}`));
    const runner = withRecovery(fake, { isLockDead: () => true, repairRelease });

    await expect(runner.up("demo", {})).rejects.toThrow("killed");
    fake.calls.length = 0;
    await runner.up("demo", {});

    expect(fake.calls).toEqual(["up demo", "copy demo", "repair demo", "unlock demo", "refresh demo", "up demo"]);
  });

  it.each(["unlock", "refresh"] as const)("goes on when the stack is taken away before the step %s", async (step) => {
    const fake = new FakeStackRunner();
    fake.locked.add("demo");
    fake[step] = async () => {
      fake.locked.delete("demo");
      throw new StackError("not-found", 'There is no stack "demo".');
    };
    const runner = withRecovery(fake, { isLockDead: () => true, repairRelease: async () => undefined });

    await runner.destroy("demo");

    expect(fake.calls.at(-1)).toBe("destroy demo");
  });

  it("respects the lock of a run that lives", async () => {
    const fake = new FakeStackRunner();
    fake.locked.add("demo");
    const runner = withRecovery(fake, { isLockDead: () => false, repairRelease: async () => undefined });

    await expect(runner.destroy("demo")).rejects.toThrow('Another run holds the lock of stack "demo".');
    expect(fake.calls).toEqual(["destroy demo"]);
  });
});

describe("a lock in a folder backend", () => {
  let folder: string;
  beforeEach(() => {
    folder = mkdtempSync(join(tmpdir(), "storefleet-locks-"));
  });
  afterEach(() => rmSync(folder, { recursive: true }));

  function lock(pid: number, host: string, timestamp: string): void {
    const locks = join(folder, ".pulumi", "locks", "organization", "stores", "demo");
    mkdirSync(locks, { recursive: true });
    writeFileSync(join(locks, `${pid}.json`), JSON.stringify({ pid, username: "root", hostname: host, timestamp }));
  }
  const isDead = () => isLockDead(pathToFileURL(folder).href, "stores", "demo");

  it("is alive while its process lives", async () => {
    lock(process.pid, hostname(), new Date().toISOString());

    expect(await isDead()).toBe(false);
  });

  it("is dead when its process is gone, or when the number belongs to a later process", async () => {
    lock(2 ** 22 + 1, hostname(), new Date().toISOString());
    expect(await isDead()).toBe(true);

    lock(process.pid, hostname(), "2020-01-01T00:00:00Z");
    expect(await isDead()).toBe(true);
  });

  it("is dead when its process has ended and nobody has noticed", async () => {
    // The shell's child ends while the shell has become a program that never asks for it.
    const parent = spawn("sh", ["-c", "sleep 0.1 & echo $!; exec sleep 60"], { stdio: ["ignore", "pipe", "inherit"] });
    try {
      const [line] = await once(parent.stdout, "data");
      lock(Number(line), hostname(), new Date().toISOString());

      await expect.poll(isDead, { timeout: 5000 }).toBe(true);
      expect(() => process.kill(Number(line), 0)).not.toThrow();
    } finally {
      parent.kill("SIGKILL");
    }
  });

  it("counts as alive on another machine, on another kind of backend, and when there is none", async () => {
    lock(2 ** 22 + 1, "elsewhere", new Date().toISOString());

    expect(await isDead()).toBe(false);
    expect(await isLockDead("s3://bucket", "stores", "demo")).toBe(false);
    expect(await isLockDead(pathToFileURL(folder).href, "stores", "other")).toBe(false);
  });

  it("is dead when the machine that held it is known to be gone", async () => {
    lock(7, "operation-1234", new Date().toISOString());
    const isGone = async (name: string) => name === "operation-1234";

    expect(await isLockDead(pathToFileURL(folder).href, "stores", "demo", isGone)).toBe(true);
  });
});
