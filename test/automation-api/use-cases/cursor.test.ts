import fc from "fast-check";
import { describe, expect, it } from "vitest";
import { fromCursor, toCursor, toPage } from "../../../automation-api/use-cases/cursor.ts";
import { DomainError } from "../../../automation-api/use-cases/domain-error.ts";

const id = "00000000-0000-4000-8000-000000000000";
const time = "2026-11-21T11:28:41.123456Z";

describe("a cursor", () => {
  it("brings back where a page ended, with every microsecond", () => {
    const cursor = toCursor("-createdAt", { value: time, id });

    expect(fromCursor("-createdAt", "time", cursor)).toEqual({ value: time, id });
    expect(fromCursor("name", "text", undefined)).toBeUndefined();
  });

  it("belongs to one order", () => {
    expect(() => fromCursor("name", "text", toCursor("-name", { value: "a", id }))).toThrow(DomainError);
  });

  it("that was made up is refused in a sentence, whatever it is", () => {
    fc.assert(
      fc.property(
        fc.oneof(
          fc.string(),
          fc.base64String(),
          fc.json().map((text) => Buffer.from(text).toString("base64url")),
        ),
        (text) => {
          expect(() => fromCursor("name", "time", text)).toThrow(DomainError);
        },
      ),
    );
  });

  it.each(["2026-13-01T00:00:00.000000Z", "2026-02-30T00:00:00.000000Z", "now()", "\u0000"])(
    "with the time %j never reaches the database",
    (value) => {
      expect(() => fromCursor("-createdAt", "time", toCursor("-createdAt", { value, id }))).toThrow(DomainError);
    },
  );
});

describe("a page", () => {
  const rows = ["a", "b", "c"].map((sortedBy) => ({ sortedBy, id }));

  it("has a next one only when there are more rows", () => {
    expect(toPage("name", rows, 3).nextCursor).toBeUndefined();
    expect(toPage("name", [], 3)).toEqual({ rows: [], nextCursor: undefined });

    const { rows: shown, nextCursor } = toPage("name", rows, 2);

    expect(shown.map(({ sortedBy }) => sortedBy)).toEqual(["a", "b"]);
    expect(fromCursor("name", "text", nextCursor)).toEqual({ value: "b", id });
  });
});
