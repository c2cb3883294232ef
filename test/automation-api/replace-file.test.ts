import { mkdirSync, mkdtempSync, readdirSync, readFileSync, rmSync, statSync, writeFileSync } from "node:fs";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { expect, it, onTestFinished } from "vitest";
import { replaceFile } from "../../automation-api/replace-file.ts";

function makeFolder(): string {
  const folder = mkdtempSync(join(tmpdir(), "storefleet-replaced-"));
  onTestFinished(() => rmSync(folder, { recursive: true }));
  return folder;
}

it("puts a new text in the place of the old one, for whom it is meant", () => {
  const folder = makeFolder();
  writeFileSync(join(folder, "file"), "old");

  replaceFile(join(folder, "file"), "new", 0o600);

  expect(readFileSync(join(folder, "file"), "utf8")).toBe("new");
  expect(statSync(join(folder, "file")).mode & 0o777).toBe(0o600);
  expect(readdirSync(folder)).toEqual(["file"]);
});

it("leaves nothing behind when that cannot be done", () => {
  const folder = makeFolder();
  mkdirSync(join(folder, "taken", "by"), { recursive: true });

  expect(() => replaceFile(join(folder, "taken"), "new")).toThrow();

  expect(readdirSync(folder)).toEqual(["taken"]);
});
