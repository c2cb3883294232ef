import { expect, it } from "vitest";
import { readConfig } from "../../automation-api/config.ts";
import { sealingKeysOf, signingKeyOf } from "../../automation-api/signing-key.ts";
import { completeEnvironment } from "./complete-environment.ts";

const signing = "the key for signatures, of forty signs";
const [one, two, three] = ["one", "two", "three"].map((name) => name.padEnd(40, ".")) as [string, string, string];

it("seals with the key for signatures until there is one to seal with, and opens with it ever after", () => {
  const given = { STOREFLEET_SIGNING_KEY: signing };

  expect(sealingKeysOf(given)).toEqual([signing, signing]);
  expect(sealingKeysOf({ ...given, STOREFLEET_SEALING_KEY: one })).toEqual([one, signing]);
  expect(sealingKeysOf({ ...given, STOREFLEET_OTHER_SEALING_KEYS: [two] })).toEqual([signing, two, signing]);
  expect(sealingKeysOf({})).toBeUndefined();
});

it("reads keys that open from a list, refuses short ones, and keeps all of them from Pulumi's processes", () => {
  const environment = {
    ...completeEnvironment(),
    STOREFLEET_SIGNING_KEY: signing,
    STOREFLEET_SEALING_KEY: one,
    STOREFLEET_OTHER_SEALING_KEYS: `${two},${three}`,
  };
  const { sealingKeys, signingKey, pulumi } = readConfig(environment);

  expect(sealingKeys).toEqual([one, two, three, signing]);
  expect(signingKey).toBe(signingKeyOf({ STOREFLEET_SIGNING_KEY: signing }));
  expect(JSON.stringify(pulumi)).not.toMatch(/one\.\.|two\.\.|three\.\.|for signatures/);
  expect(() => readConfig({ ...environment, STOREFLEET_OTHER_SEALING_KEYS: `${two},short` })).toThrow(
    /STOREFLEET_OTHER_SEALING_KEYS.* is shorter than 32 characters/,
  );
});
