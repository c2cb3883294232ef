import { mkdir, readdir, writeFile } from "node:fs/promises";
import { dirname, join, resolve, sep } from "node:path";
import { pipeline, Readable } from "node:stream";
import { buffer } from "node:stream/consumers";
import { createGunzip } from "node:zlib";
import { extract } from "tar-stream";

/**
 * Writes the files of an exported store into a folder, which must be new or empty. Throws when the archive holds anything but
 * files of one folder.
 */
export async function writeExport(archive: ReadableStream<Uint8Array>, folder: string): Promise<number> {
  const root = resolve(folder);
  await refuseFilled(root);
  const entries = pipeline(Readable.from(archive), createGunzip(), extract(), () => {});
  let count = 0;
  for await (const entry of entries) {
    const { name, type } = entry.header;
    const path = join(root, ...name.split("/").slice(1));
    if (type !== "file" || !path.startsWith(root + sep))
      throw new Error(`The archive holds "${name}", which is no file of it.`);
    await mkdir(dirname(path), { recursive: true, mode: 0o700 });
    await writeFile(path, await buffer(entry), { mode: 0o600, flag: "wx" });
    count += 1;
  }
  return count;
}

async function refuseFilled(root: string): Promise<void> {
  await mkdir(root, { recursive: true, mode: 0o700 });
  if ((await readdir(root)).length > 0) throw new Error(`The folder ${root} is not empty; name another one with --to.`);
}
