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
  statSync,
  writeFileSync,
} from "node:fs";
import { dirname, join } from "node:path";
import { EngineProblem } from "../problem.ts";

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
  replaceFile(`${path}${ATTRIBUTES}`, (temporary) => writeSafely(temporary, attributes(text)));
  replaceFile(path, (temporary) => writeSafely(temporary, text));
}

export function copy(from: string, to: string): void {
  mkdirSync(dirname(to), { recursive: true });
  for (const suffix of [ATTRIBUTES, ""]) {
    if (existsSync(from + suffix)) replaceFile(to + suffix, (temporary) => copyFileSync(from + suffix, temporary));
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

/** Replaces a file that belongs to people, such as a stack's configuration: its rights stay. */
export function replaceText(path: string, text: string): void {
  const mode = statSync(path, { throwIfNoEntry: false })?.mode;
  replaceFile(path, (temporary) => writeSafely(temporary, text, mode ?? 0o666));
}

/** Lets `write` make a file aside and puts it in the place of `path`. Leaves nothing behind when that fails. */
function replaceFile(path: string, write: (temporary: string) => void): void {
  const temporary = temporaryName(path);
  try {
    write(temporary);
    renameSync(temporary, path);
  } catch (error) {
    rmSync(temporary, { force: true });
    throw writeProblem(path, error);
  }
}

/** When this returns, the text is on the disk. */
function writeSafely(path: string, text: string, mode = 0o600): void {
  const file = openSync(path, "w", mode);
  try {
    writeFileSync(file, text);
    fsyncSync(file);
  } finally {
    closeSync(file);
  }
}

/** What a person can mend. */
const CAUSES: Readonly<Record<string, string>> = {
  ENOSPC: "the disk is full",
  EDQUOT: "your share of the disk is full",
  EROFS: "the disk cannot be written to",
  EACCES: "you may not write there",
  EPERM: "you may not write there",
};

/** An error that was met writing `path`, in a sentence where a person can do something about it. */
export function writeProblem(path: string, error: unknown): unknown {
  const code = error instanceof Error && "code" in error ? String(error.code) : "";
  const cause = CAUSES[code];
  if (cause === undefined) return error;
  return new EngineProblem(
    `cannot write into ${dirname(path)}: ${cause}. What is kept there is whole; mend that, then run the same command again.`,
  );
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
