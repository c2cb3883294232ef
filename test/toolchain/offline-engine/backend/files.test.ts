import { mkdirSync, mkdtempSync, readdirSync, readFileSync, rmSync, statSync, writeFileSync } from "node:fs";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { expect, it, onTestFinished } from "vitest";
import { copy, replaceText, writeProblem, writeText } from "../../../../toolchain/offline-engine/backend/files.ts";
import { EngineProblem } from "../../../../toolchain/offline-engine/problem.ts";

function makeFolder(): string {
  const folder = mkdtempSync(join(tmpdir(), "storefleet-files-"));
  onTestFinished(() => rmSync(folder, { recursive: true }));
  return folder;
}

it("leaves nothing behind when a file cannot be put in its place", () => {
  const folder = makeFolder();
  mkdirSync(join(folder, "taken", "by"), { recursive: true });

  expect(() => writeText(join(folder, "taken"), "text")).toThrow();
  writeText(join(folder, "from"), "text");
  expect(() => copy(join(folder, "from"), join(folder, "taken"))).toThrow();

  expect(readdirSync(folder).filter((name) => name.startsWith("."))).toEqual([]);
  expect(readFileSync(join(folder, "from"), "utf8")).toBe("text");
});

it("leaves people their rights to a file that it replaces", () => {
  const file = join(makeFolder(), "Pulumi.demo.yaml");
  writeFileSync(file, "old", { mode: 0o640 });

  replaceText(file, "new");

  expect(readFileSync(file, "utf8")).toBe("new");
  expect(statSync(file).mode & 0o777).toBe(0o640);
});

it("says in a sentence what a person can mend, and leaves other errors as they are", () => {
  const full = Object.assign(new Error("ENOSPC: no space left on device, write"), { code: "ENOSPC" });
  const other = new Error("something else");

  expect(writeProblem("/state/demo.json", full)).toEqual(
    new EngineProblem(
      "cannot write into /state: the disk is full. What is kept there is whole; mend that, then run the same command again.",
    ),
  );
  expect(writeProblem("/state/demo.json", other)).toBe(other);
});
