import { randomBytes } from "node:crypto";

/** A store name that nobody else has, recognisable as a test's. */
export function testStoreName(what: string): string {
  return `test-${what}-${randomBytes(3).toString("hex")}`;
}
