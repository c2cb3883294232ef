import { createHmac } from "node:crypto";
import { readdir, readFile } from "node:fs/promises";
import { join } from "node:path";
import type { Environment } from "../environment.ts";

/** Folder of the built program. */
const root = join(__dirname, "..", "..");

/**
 * Tells one setup from another: the program (its own files and the locked versions of everything it uses) and the
 * environment. Keyed with the store's secret, because the admin's password is part of what is hashed and the result is
 * kept in the database.
 */
export async function fingerprintOf(environment: Environment, folder: string = root): Promise<string> {
  const hash = createHmac("sha256", environment.jwtSecret);
  for (const file of await programFiles(folder)) hash.update(`${file}\n`).update(await readFile(join(folder, file)));
  return hash.update(JSON.stringify(environment)).digest("hex");
}

async function programFiles(folder: string): Promise<string[]> {
  const files = ["medusa-config.js", "package-lock.json"];
  for (const part of ["src", "pictures"]) {
    const entries = await readdir(join(folder, part), { recursive: true, withFileTypes: true });
    files.push(
      ...entries
        .filter((entry) => entry.isFile())
        .map((entry) => join(entry.parentPath, entry.name).slice(folder.length + 1)),
    );
  }
  return files.sort();
}
