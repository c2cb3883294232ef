import { createHash } from "node:crypto";
import { readdirSync } from "node:fs";
import { readFile } from "node:fs/promises";
import { extname, join, relative, sep } from "node:path";
import { promisify } from "node:util";
import { brotliCompress, constants, gzip } from "node:zlib";
import type { Request, RequestHandler, Response } from "express";

// Files that were there when the service started, and no others: an address can lead nowhere else. Each is read and
// compressed once, when it is first asked for, and kept.

export interface StaticFile {
  readonly path: string;
  /** Whether its name changes with its content, so that a browser never asks again. */
  readonly immutable: boolean;
}

/** By the address below which it is asked for, such as `/assets/index-1234.js`. */
export type StaticFiles = ReadonlyMap<string, StaticFile>;

type Encoding = "br" | "gzip" | "identity";
interface Content {
  readonly etag: string;
  readonly bodies: Readonly<Record<Encoding, Buffer | undefined>>;
}

/** Content types of what a dashboard is made of. Anything else is only handed out as bytes. */
const types: Readonly<Record<string, { type: string; compress: boolean }>> = {
  ".html": { type: "text/html; charset=utf-8", compress: true },
  ".js": { type: "text/javascript; charset=utf-8", compress: true },
  ".css": { type: "text/css; charset=utf-8", compress: true },
  ".json": { type: "application/json", compress: true },
  ".webmanifest": { type: "application/manifest+json", compress: true },
  ".svg": { type: "image/svg+xml", compress: true },
  ".txt": { type: "text/plain; charset=utf-8", compress: true },
  ".map": { type: "application/json", compress: true },
  ".png": { type: "image/png", compress: false },
  ".jpg": { type: "image/jpeg", compress: false },
  ".webp": { type: "image/webp", compress: false },
  ".ico": { type: "image/x-icon", compress: true },
  ".woff2": { type: "font/woff2", compress: false },
};

/** Every file of a built dashboard. What the build put under `assets/` carries a hash of its content in its name. */
export function filesOf(folder: string): StaticFiles {
  const entries = readdirSync(folder, { recursive: true, withFileTypes: true }).filter((entry) => entry.isFile());
  return new Map(
    entries.map((entry) => {
      const path = join(entry.parentPath, entry.name);
      const address = `/${relative(folder, path).split(sep).join("/")}`;
      return [address, { path, immutable: address.startsWith("/assets/") }];
    }),
  );
}

/** Answers GET and HEAD for these files and passes everything else on. */
export function serveFiles(
  files: StaticFiles,
): (address: string, request: Request, response: Response) => Promise<boolean> {
  const contents = new Map<string, Promise<Content>>();
  return async (address, request, response) => {
    const file = files.get(address);
    if (file === undefined || (request.method !== "GET" && request.method !== "HEAD")) return false;
    const kind = types[extname(file.path)] ?? { type: "application/octet-stream", compress: false };
    const content = contents.get(address) ?? load(file.path, kind.compress);
    contents.set(address, content);
    const { etag, bodies } = await content;
    const encoding = choose(request, bodies);
    response.setHeader("Content-Type", kind.type);
    response.setHeader("ETag", etag);
    response.setHeader("Cache-Control", file.immutable ? "public, max-age=31536000, immutable" : "no-cache");
    response.vary("Accept-Encoding");
    if (encoding !== "identity") response.setHeader("Content-Encoding", encoding);
    if (request.fresh) response.status(304).end();
    else response.end(request.method === "HEAD" ? undefined : bodies[encoding]);
    return true;
  };
}

/** A dashboard of one page: any address that a browser opens and that is no file is a view inside of `index.html`. */
export function serveDashboard(folder: string): RequestHandler {
  const serve = serveFiles(filesOf(folder));
  return async (request, response, next) => {
    if (await serve(request.path, request, response)) return;
    const opensPage = !request.path.startsWith("/assets/") && request.accepts(["html", "json"]) === "html";
    if (!opensPage || !(await serve("/index.html", request, response))) next();
  };
}

/** The smallest that the browser takes, in whatever order it lists them. */
function choose(request: Request, bodies: Content["bodies"]): Encoding {
  const smallest = (["br", "gzip"] as const).find(
    (encoding) => bodies[encoding] !== undefined && request.acceptsEncodings(encoding) !== false,
  );
  return smallest ?? "identity";
}

async function load(path: string, compress: boolean): Promise<Content> {
  const plain = await readFile(path);
  const etag = `W/"${createHash("sha256").update(plain).digest("base64url").slice(0, 22)}"`;
  if (!compress) return { etag, bodies: { identity: plain, br: undefined, gzip: undefined } };
  const [br, zipped] = await Promise.all([compressed(path, plain, "br"), compressed(path, plain, "gzip")]);
  return { etag, bodies: { identity: plain, br, gzip: zipped } };
}

/** What the build compressed as hard as it could, if it did; otherwise a quality that takes a fraction of a second. */
async function compressed(path: string, plain: Buffer, encoding: "br" | "gzip"): Promise<Buffer> {
  const ready = await readFile(`${path}.${encoding === "br" ? "br" : "gz"}`).catch(() => undefined);
  if (ready !== undefined) return ready;
  if (encoding === "gzip") return promisify(gzip)(plain);
  const params = { [constants.BROTLI_PARAM_QUALITY]: 9, [constants.BROTLI_PARAM_SIZE_HINT]: plain.length };
  return promisify(brotliCompress)(plain, { params });
}
