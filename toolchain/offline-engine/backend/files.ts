import { createHash, randomBytes } from "node:crypto";
import {
  closeSync,
  copyFileSync,
  existsSync,
  fsyncSync,
  mkdirSync,
  openSync,
  readdirSync,
  readFileSync,
  renameSync,
  rmSync,
  writeSync,
} from "node:fs";
import { dirname, join } from "node:path";

/**
 * Files as the real CLI's `file://` backend keeps them: every file has a sibling `<name>.attrs` with its checksum, and
 * a file is always wholly the old or wholly the new one, whoever is killed when.
 */

const ATTRIBUTES = ".attrs";

export function readText(path: string): string | undefined {
  try {
    return readFileSync(path, "utf8");
  } catch (error) {
    if (isMissing(error)) return undefined;
    throw error;
  }
}

export function writeText(path: string, text: string): void {
  mkdirSync(dirname(path), { recursive: true });
  replaceFile(`${path}${ATTRIBUTES}`, attributes(text));
  replaceFile(path, text);
}

export function copy(from: string, to: string): void {
  mkdirSync(dirname(to), { recursive: true });
  for (const suffix of [ATTRIBUTES, ""]) {
    if (!existsSync(from + suffix)) continue;
    const temporary = temporaryName(to + suffix);
    copyFileSync(from + suffix, temporary);
    renameSync(temporary, to + suffix);
  }
}

export function remove(path: string): void {
  rmSync(path, { force: true });
  rmSync(`${path}${ATTRIBUTES}`, { force: true });
}

export function removeFolder(path: string): void {
  rmSync(path, { recursive: true, force: true });
}

/** Names in a folder in order, without the attribute files; empty when there is no such folder. */
export function list(folder: string): string[] {
  try {
    return readdirSync(folder)
      .filter((name) => !name.endsWith(ATTRIBUTES) && !name.startsWith("."))
      .sort();
  } catch (error) {
    if (isMissing(error)) return [];
    throw error;
  }
}

function replaceFile(path: string, text: string): void {
  const temporary = temporaryName(path);
  const file = openSync(temporary, "w", 0o600);
  try {
    writeSync(file, text);
    fsyncSync(file);
  } finally {
    closeSync(file);
  }
  renameSync(temporary, path);
}

/** Beside the target, so that the rename cannot cross file systems; hidden, so that no listing shows it. */
function temporaryName(path: string): string {
  return join(dirname(path), `.${randomBytes(6).toString("hex")}.tmp`);
}

function attributes(text: string): string {
  return JSON.stringify({
    "user.cache_control": "",
    "user.content_disposition": "",
    "user.content_encoding": "",
    "user.content_language": "",
    "user.content_type": "text/plain; charset=utf-8",
    "user.metadata": null,
    md5: createHash("md5").update(text).digest("base64"),
  });
}

function isMissing(error: unknown): boolean {
  return error instanceof Error && "code" in error && (error.code === "ENOENT" || error.code === "ENOTDIR");
}
