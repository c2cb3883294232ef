import { expect, it } from "vitest";
import { tracesOf } from "./traces-of.ts";

const secret = 'a/b+c&d="e%f?ghijklmnopq';

it.each([
  ["raw", `before ${secret} after`],
  ["URL-encoded", `https://x/?p=${encodeURIComponent(secret)}&q=1`],
  ["in JSON", JSON.stringify({ password: secret })],
  ["base64 at offset 0", Buffer.from(secret).toString("base64")],
  ["base64 at offset 1", Buffer.from(`x${secret}yz`).toString("base64")],
  ["base64 at offset 2", Buffer.from(`user:123456${secret}!`).toString("base64")],
  ["base64url at offset 0", Buffer.from(`abc${secret}d`).toString("base64url")],
])("finds a secret that is written %s", (form, text) => {
  expect(tracesOf([secret], new Map([["here", text]]))).toContainEqual({ place: "here", form });
  expect(tracesOf([secret], new Map([["here", Buffer.from(text)]]))).toContainEqual({ place: "here", form });
});

it("finds nothing where nothing is", () => {
  expect(tracesOf([secret], new Map([["here", "a/b+c&d, but not the rest"]]))).toEqual([]);
});
