import { describe, expect, it } from "vitest";
import { matchesAny, parsePath, withIgnored } from "../../../toolchain/offline-engine/property-path.ts";

describe("property paths", () => {
  it.each([
    ["spec.hard.pods", ["spec", "hard", "pods"]],
    ["ports[0].port", ["ports", 0, "port"]],
    ['labels["app.kubernetes.io/name"]', ["labels", "app.kubernetes.io/name"]],
    ["items[*].name", ["items", "*", "name"]],
  ])("reads %s", (text, path) => {
    expect(parsePath(text)).toEqual(path);
  });

  it("takes ignored values from the old inputs", () => {
    const news = { a: 1, b: { c: 2, d: 3 } };

    expect(withIgnored(news, { a: 9, b: { c: 8, d: 7 } }, ["a", "b.c"])).toEqual({ a: 9, b: { c: 8, d: 3 } });
  });

  it("leaves out what is new when that is ignored", () => {
    expect(withIgnored({ a: 1, b: 2 }, { a: 1 }, ["b"])).toEqual({ a: 1 });
  });

  it("ignores inside every item of a list", () => {
    const news = {
      list: [
        { a: 1, b: 1 },
        { a: 2, b: 2 },
      ],
    };

    expect(
      withIgnored(
        news,
        {
          list: [
            { a: 0, b: 0 },
            { a: 0, b: 0 },
          ],
        },
        ["list[*].a"],
      ),
    ).toEqual({
      list: [
        { a: 0, b: 1 },
        { a: 0, b: 2 },
      ],
    });
  });

  it.each([
    ["spec.size", ["spec"], true],
    ["spec", ["spec.size"], true],
    ["spec.size", ["spec.color"], false],
    ["spec.size", ["*"], true],
  ])("says whether %s is touched by %j", (changed, patterns, touched) => {
    expect(matchesAny(changed, patterns)).toBe(touched);
  });
});
