import { expect, it } from "vitest";
import {
  fileAddress,
  isSignatureValid,
  newFileId,
  signedFileAddress,
} from "../../../../stores/images/medusa/src/files/file-address.ts";
import { decodeContent } from "../../../../stores/images/medusa/src/files/file-content.ts";
import { fileHeaders } from "../../../../stores/images/medusa/src/files/file-response.ts";
import { createFileStore, type Database } from "../../../../stores/images/medusa/src/files/file-store.ts";

const random = Buffer.alloc(12, 7);

it.each([
  ["photo.png", "photo.png"],
  ["../../etc/passwd", "passwd"],
  ["Übersicht 2026 (neu).csv", "U-bersicht-2026-neu-.csv"],
  ["...", "file"],
])("makes an id of %s that is safe in an address", (filename, expected) => {
  expect(newFileId(filename, random)).toBe(`070707070707070707070707-${expected}`);
  expect(fileAddress(newFileId(filename, random))).toMatch(/^\/files\/[\w.-]+$/);
});

it("opens a private file by its signed address until that expires", () => {
  const query = new URL(signedFileAddress("orders.csv", 1000, "secret"), "http://store").searchParams;

  expect(isSignatureValid("orders.csv", query, "secret", 999)).toBe(true);
  expect(isSignatureValid("orders.csv", query, "secret", 1001)).toBe(false);
  expect(isSignatureValid("others.csv", query, "secret", 999)).toBe(false);
  expect(isSignatureValid("orders.csv", query, "another", 999)).toBe(false);
  expect(isSignatureValid("orders.csv", new URLSearchParams(), "secret", 999)).toBe(false);
});

it("keeps scripts in a picture from running and lets browsers keep the picture for a year", () => {
  const headers = fileHeaders({ mediaType: "image/svg+xml", private: false });

  expect(headers["Content-Type"]).toBe("image/svg+xml; charset=utf-8");
  expect(headers["Content-Security-Policy"]).toMatch(/default-src 'none'.*sandbox/);
  expect(headers["Cache-Control"]).toContain("immutable");
});

it("only ever lets a page that somebody uploaded be downloaded", () => {
  const headers = fileHeaders({ mediaType: "text/html; charset=utf-8", private: true });

  expect(headers["Content-Type"]).toBe("application/octet-stream");
  expect(headers["Content-Disposition"]).toBe("attachment");
  expect(headers["Cache-Control"]).toBe("private, no-store");
});

it("undoes whichever encoding an upload came in", () => {
  const bytes = Buffer.from([0x89, 0x50, 0xff, 0x00]);

  expect(decodeContent(bytes.toString("base64"), "image/png")).toEqual(bytes);
  expect(decodeContent(bytes.toString("latin1"), "image/png")).toEqual(bytes);
  expect(decodeContent("Größe;22", "text/csv").toString("utf8")).toBe("Größe;22");
});

it("reads a file that is there and says undefined for one that is not", async () => {
  const row = { id: "a.png", media_type: "image/png", private: false, content: Buffer.from("x") };
  const database: Database = { raw: async (_sql, [id]) => ({ rows: id === "a.png" ? [row] : [] }) };
  const store = createFileStore(database);

  expect(await store.read("a.png")).toEqual({
    id: "a.png",
    mediaType: "image/png",
    private: false,
    content: row.content,
  });
  expect(await store.read("b.png")).toBeUndefined();
});
