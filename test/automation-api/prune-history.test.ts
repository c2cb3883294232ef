import { mkdirSync, mkdtempSync, readdirSync, rmSync, utimesSync, writeFileSync } from "node:fs";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { pathToFileURL } from "node:url";
import { afterEach, beforeEach, expect, it } from "vitest";
import { pruneHistory } from "../../automation-api/prune-history.ts";

let folder: string;
beforeEach(() => {
  folder = mkdtempSync(join(tmpdir(), "storefleet-history-"));
});
afterEach(() => rmSync(folder, { recursive: true }));

const now = new Date("2026-06-01T00:00:00Z");

/** Files of a stack, the first one today's, each one ten days older than the one before. */
function write(kind: string, stack: string, count: number): string {
  const place = join(folder, ".pulumi", kind, "stores", stack);
  mkdirSync(place, { recursive: true });
  for (let index = 0; index < count; index += 1) {
    const at = new Date(now.getTime() - index * 10 * 24 * 3600_000);
    writeFileSync(join(place, `${index}.json`), "{}");
    utimesSync(join(place, `${index}.json`), at, at);
  }
  return place;
}

it("forgets what is old, and keeps the newest of each stack", () => {
  const [long, short, copies] = [write("history", "a", 30), write("history", "b", 5), write("backups", "a", 25)];
  const state = write("stacks", "a", 30);
  writeFileSync(join(folder, ".pulumi", "stacks", "stores", "a.json"), "{}");

  expect(pruneHistory(pathToFileURL(folder).href, 250, now)).toBe(4);

  expect([long, short, copies, state].map((place) => readdirSync(place).length)).toEqual([26, 5, 25, 30]);
});

it("forgets everything old of a stack that is gone", () => {
  const [there, gone] = [write("history", "there", 30), write("history", "gone", 30)];
  mkdirSync(join(folder, ".pulumi", "stacks", "stores"), { recursive: true });
  writeFileSync(join(folder, ".pulumi", "stacks", "stores", "there.json"), "{}");

  expect(pruneHistory(pathToFileURL(folder).href, 50, now)).toBe(10 + 24);

  expect([there, gone].map((place) => readdirSync(place).length)).toEqual([20, 6]);
});

it("keeps no other backend's house", () => {
  expect(pruneHistory("s3://bucket", 1, now)).toBe(0);
});
