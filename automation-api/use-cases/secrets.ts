import { createHash, randomBytes } from "node:crypto";

/** 256 random bits: nobody guesses them, so nothing slower than SHA-256 is needed to keep them. */
export function newSecret(): string {
  return randomBytes(32).toString("base64url");
}

export function hashOf(secret: string): string {
  return createHash("sha256").update(secret).digest("hex");
}

export function inSeconds(seconds: number): Date {
  return new Date(Date.now() + seconds * 1000);
}
