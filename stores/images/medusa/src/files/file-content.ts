/**
 * Undoes the encoding of an upload. Medusa hands the bytes of a file over as a string without saying which encoding it
 * used: base64 from its upload route, UTF-8 from its CSV exports, one character for each byte from older callers.
 */
export function decodeContent(content: string, mediaType: string): Buffer {
  const decoded = Buffer.from(content, "base64");
  if (decoded.toString("base64") === content) return decoded;
  return Buffer.from(content, /^text\/|csv|json|xml/.test(mediaType) ? "utf8" : "latin1");
}
