import { readdirSync, readFileSync } from "node:fs";
import { join } from "node:path";
import type { Json } from "./normalise.ts";

/** One command the real CLI was given and what came of it, normalised. */
export interface Recording {
  title: string;
  /** Folder below `programs/`. */
  program: string;
  /** Without `--non-interactive --color never`, which every command gets. FILE stands for a path. */
  arguments: string[];
  exit: number | null;
  signal: string | null;
  note?: string;
  stdout: Json;
  stderr: string;
  events?: Json[];
  /** The stack's checkpoint after the command. */
  state?: Json;
  /** Files of the backend after the command. */
  files?: string[];
}

const folder = join(import.meta.dirname, "recordings");

/** All recordings by id, in the order they were made. */
export function readRecordings(): Map<string, Recording> {
  const files = readdirSync(folder).sort();
  return new Map(
    files.map((file) => [file.replace(/\.json$/, ""), JSON.parse(readFileSync(join(folder, file), "utf8"))]),
  );
}
