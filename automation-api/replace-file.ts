import { renameSync, rmSync, writeFileSync } from "node:fs";

/**
 * Puts a text in the place of a file. There is the old or the new one at any moment, also when the disk is full or the process is
 * killed.
 * @param mode rights of the file. Default: those of every new file
 */
export function replaceFile(path: string, text: string, mode = 0o666): void {
  const partial = `${path}.${process.pid}.partial`;
  try {
    writeFileSync(partial, text, { mode });
    renameSync(partial, path);
  } catch (error) {
    rmSync(partial, { force: true });
    throw error;
  }
}
