import { createHmac, randomBytes, timingSafeEqual } from "node:crypto";

/**
 * Addresses are relative to the store's origin, so that a store keeps its pictures when it moves to another domain.
 * The panel and the storefront are both served from that origin.
 */
export function fileAddress(id: string): string {
  return `/files/${encodeURIComponent(id)}`;
}

/** An id nobody can guess that still ends in a readable name, for people who save the file. */
export function newFileId(filename: string, random: Buffer = randomBytes(12)): string {
  const name = filename
    .normalize("NFKD")
    .replace(/^.*[/\\]/, "")
    .replace(/[^\w.-]+/g, "-")
    .replace(/^[-.]+/, "")
    .slice(-80);
  return `${random.toString("hex")}-${name || "file"}`;
}

/** Query part that opens a private file until `expires` (Unix time in seconds). */
export function signature(id: string, expires: number, secret: string): string {
  return createHmac("sha256", secret).update(`${id}\n${expires}`).digest("hex");
}

export function signedFileAddress(id: string, expires: number, secret: string): string {
  return `${fileAddress(id)}?expires=${expires}&signature=${signature(id, expires, secret)}`;
}

export function isSignatureValid(id: string, query: URLSearchParams, secret: string, nowSeconds: number): boolean {
  const expires = Number(query.get("expires"));
  const given = Buffer.from(query.get("signature") ?? "", "hex");
  const right = Buffer.from(signature(id, expires, secret), "hex");
  return expires > nowSeconds && given.length === right.length && timingSafeEqual(given, right);
}
