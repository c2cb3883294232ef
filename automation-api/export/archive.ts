import { pipeline } from "node:stream";
import { createGzip } from "node:zlib";
import { pack } from "tar-stream";
import type { ExportedFile } from "./program-files.ts";

/** The files as a gzipped tar archive with one folder of this name in it, piece by piece. */
export async function* archiveOf(folder: string, files: readonly ExportedFile[]): AsyncGenerator<Uint8Array> {
  const packed = pack();
  const mtime = new Date();
  for (const { path, content } of files) {
    // State and configuration are for their owner only.
    packed.entry({ name: `${folder}/${path}`, mode: 0o600, mtime }, content);
  }
  packed.finalize();
  // Whoever reads hears of an error by the stream itself.
  yield* pipeline(packed, createGzip(), () => {});
}
