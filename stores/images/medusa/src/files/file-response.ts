import type { StoredFile } from "./file-store.ts";

/**
 * Media types a browser may show in place. Whatever else somebody uploads (HTML above all) is only ever downloaded,
 * because it would run as part of the store and of its admin panel.
 */
const shown = new Set([
  "image/avif",
  "image/gif",
  "image/jpeg",
  "image/png",
  "image/svg+xml",
  "image/webp",
  "application/pdf",
  "text/plain",
  "video/mp4",
  "video/webm",
]);

/** Headers under which a stored file is safe on the origin of the store. */
export function fileHeaders(file: Pick<StoredFile, "mediaType" | "private">): Record<string, string> {
  const mediaType = file.mediaType.split(";")[0]?.trim().toLowerCase() ?? "";
  return {
    "Content-Type": shown.has(mediaType) ? withCharset(mediaType) : "application/octet-stream",
    ...(shown.has(mediaType) ? {} : { "Content-Disposition": "attachment" }),
    // An SVG may hold scripts. In an <img> they never run; opened by itself, the sandbox keeps them from running.
    "Content-Security-Policy": "default-src 'none'; style-src 'unsafe-inline'; img-src data:; sandbox",
    "X-Content-Type-Options": "nosniff",
    // An id is never given to other bytes, so a public file may be kept for as long as browsers like.
    "Cache-Control": file.private ? "private, no-store" : "public, max-age=31536000, immutable",
  };
}

function withCharset(mediaType: string): string {
  return mediaType.startsWith("text/") || mediaType.endsWith("+xml") ? `${mediaType}; charset=utf-8` : mediaType;
}
