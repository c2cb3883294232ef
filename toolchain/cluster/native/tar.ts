/** A member of a tar archive: a file with `content`, a symbolic link to `link`, or a folder with neither. */
export interface TarEntry {
  /** Relative path, at most 100 bytes. */
  readonly path: string;
  readonly content?: Buffer;
  readonly link?: string;
  /** Permissions. Default 0644 for files, 0755 for folders. */
  readonly mode?: number;
}

const blockBytes = 512;
const nameBytes = 100;

function header(entry: TarEntry): Buffer {
  if (Buffer.byteLength(entry.path) > nameBytes || Buffer.byteLength(entry.link ?? "") > nameBytes) {
    throw new Error(`The path ${entry.path} is too long for a plain tar archive.`);
  }
  const block = Buffer.alloc(blockBytes);
  const octal = (value: number, offset: number, length: number) =>
    block.write(`${value.toString(8).padStart(length - 1, "0")}\0`, offset, "ascii");
  const isFolder = entry.content === undefined && entry.link === undefined;
  block.write(entry.path, 0, "utf8");
  octal(entry.mode ?? (isFolder ? 0o755 : 0o644), 100, 8);
  octal(0, 108, 8);
  octal(0, 116, 8);
  octal(entry.content?.length ?? 0, 124, 12);
  octal(0, 136, 12);
  block.write("        ", 148, "ascii");
  block.write(entry.link !== undefined ? "2" : isFolder ? "5" : "0", 156, "ascii");
  block.write(entry.link ?? "", 157, "utf8");
  block.write("ustar\u000000", 257, "ascii");
  const sum = block.reduce((total, byte) => total + byte, 0);
  block.write(`${sum.toString(8).padStart(6, "0")}\0 `, 148, "ascii");
  return block;
}

/** A tar archive (POSIX ustar) of the entries, owned by root, dated 1970: the same entries give the same bytes. */
export function tar(entries: readonly TarEntry[]): Buffer {
  const parts = entries.flatMap((entry) => {
    const content = entry.content ?? Buffer.alloc(0);
    return [header(entry), content, Buffer.alloc((blockBytes - (content.length % blockBytes)) % blockBytes)];
  });
  return Buffer.concat([...parts, Buffer.alloc(2 * blockBytes)]);
}
