import fc from "fast-check";
import { describe, expect, it } from "vitest";
import { goJson } from "../../../toolchain/offline-engine/json.ts";
import {
  encryptedSecrets,
  fromJson,
  maskedSecrets,
  toJson,
  withoutReferences,
} from "../../../toolchain/offline-engine/value-json.ts";
import { equal, Secret, UNKNOWN, type Value } from "../../../toolchain/offline-engine/values.ts";

/** Turns text around, which is all a test needs of an encryption. */
const crypter = {
  seal: { type: "passphrase", salt: "" } as const,
  encrypt: (text: string) => [...text].reverse().join(""),
  decrypt: (text: string) => [...text].reverse().join(""),
};

const values = fc.letrec<{ value: Value }>((tie) => ({
  value: fc.oneof(
    { depthSize: "small", withCrossShrink: true },
    fc.constant(null),
    fc.boolean(),
    fc.integer(),
    fc.string(),
    fc.string().map((text): Value => new Secret(text)),
    fc.array(tie("value")),
    fc.dictionary(
      fc.string({ minLength: 1 }).filter((key) => key !== "__proto__"),
      tie("value"),
    ),
  ),
})).value;

describe("values in the state", () => {
  it("come back as they were written", () => {
    fc.assert(
      fc.property(values, (value) => equal(fromJson(toJson(value, encryptedSecrets(crypter)), crypter), value)),
    );
  });

  it("keep no secret in the clear", () => {
    const json = goJson(toJson({ nested: { password: new Secret("hunter2") } }, encryptedSecrets(crypter)));

    expect(json).not.toContain("hunter2");
  });

  it("show a masked secret as the real CLI's events do", () => {
    expect(toJson(new Secret("hunter2"), maskedSecrets)).toEqual({
      "4dabf18193072939515e22adb298388d": "1b47061264138c4ac30d75fd1eb44270",
      ciphertext: "[secret]",
    });
  });

  it("read an unknown back as the one unknown", () => {
    expect(fromJson(toJson(UNKNOWN, maskedSecrets), undefined)).toBe(UNKNOWN);
  });

  it("give providers the id of a resource instead of a reference to it", () => {
    const reference = {
      "4dabf18193072939515e22adb298388d": "5cf8f73096256a8f31e491e813e4eb8e",
      urn: "urn:x",
      id: "i-1",
    };

    expect(withoutReferences({ target: reference })).toEqual({ target: "i-1" });
  });
});

it("escapes JSON as Go does", () => {
  expect(goJson("a<b>&c")).toBe('"a\\u003cb\\u003e\\u0026c"');
});
