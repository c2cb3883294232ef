import { mkdtempSync, readdirSync, rmSync } from "node:fs";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { expect, it, onTestFinished } from "vitest";
import { breakLocks, lockStack } from "../../../../toolchain/offline-engine/backend/lock.ts";

function makeFolder(): string {
  const folder = mkdtempSync(join(tmpdir(), "storefleet-lock-"));
  onTestFinished(() => rmSync(folder, { recursive: true }));
  return folder;
}

it("lets one in and says who it is to the next", () => {
  const folder = makeFolder();

  lockStack(folder);

  expect(() => lockStack(folder)).toThrow(
    new RegExp(`currently locked by 1 lock\\(s\\)[^]*created by .*\\(pid ${process.pid}\\)`),
  );
});

it("leaves no trace after its release, nor when it is refused", () => {
  const folder = makeFolder();
  const held = lockStack(folder);
  expect(() => lockStack(folder)).toThrow();

  held.release();

  expect(readdirSync(folder)).toEqual([]);
  lockStack(folder).release();
});

it("is broken by force, whoever holds it", () => {
  const folder = makeFolder();
  lockStack(folder);

  breakLocks(folder);

  lockStack(folder).release();
});
