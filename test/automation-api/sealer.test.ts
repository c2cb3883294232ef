import { describe, expect, it } from "vitest";
import { createSealer, SealBroken } from "../../automation-api/sealer.ts";

const secret = "a secret of forty characters, or so, here";
const sealer = createSealer([secret], "tests");

describe("what is sealed", () => {
  it("is opened by whoever has the key, in another process too", () => {
    const sealed = sealer.seal("geheim – é 🔑", "thing one");

    expect(createSealer([secret], "tests").open(sealed, "thing one")).toBe("geheim – é 🔑");
  });

  it("holds nothing of the text, and is another one each time", () => {
    const sealed = sealer.seal("kubeconfig", "thing one");

    expect(sealed).not.toContain(Buffer.from("kubeconfig").toString("base64url").slice(0, 8));
    expect(sealer.seal("kubeconfig", "thing one")).not.toBe(sealed);
  });

  it.each([
    ["another secret", () => createSealer([`${secret}!`], "tests")],
    ["another purpose", () => createSealer([secret], "others")],
  ])("is not opened with the key of %s, and says so", (_what, other) => {
    expect(() => other().open(sealer.seal("a", "thing one"), "thing one")).toThrow("another key");
  });

  it("is opened with any of the keys, and sealed with the first one", () => {
    const both = createSealer(["another secret of forty characters, here", secret], "tests");

    expect(both.open(sealer.seal("a", "thing one"), "thing one")).toBe("a");
    expect(() => sealer.open(both.seal("a", "thing one"), "thing one")).toThrow("another key");
  });

  it("is not opened as what belongs to something else", () => {
    expect(() => sealer.open(sealer.seal("a", "thing one"), "thing two")).toThrow(SealBroken);
  });

  it.each([0, 1, 2, 3, 4])("is not opened when its part %i was changed", (part) => {
    const parts = sealer.seal("a longer text", "thing one").split(".");
    const first = parts[part]?.startsWith("A") ? "B" : "A";
    parts[part] = `${first}${parts[part]?.slice(1)}`;

    expect(() => sealer.open(parts.join("."), "thing one")).toThrow(SealBroken);
  });

  it.each(["", "v1", "v1.a.b.c", "plain text"])("is not opened when it is %j", (text) => {
    expect(() => sealer.open(text, "thing one")).toThrow(SealBroken);
  });
});
