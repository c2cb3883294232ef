import { expect, it } from "vitest";
import { rotateSealingKey } from "../../../toolchain/platform/rotate-sealing-key.ts";
import { type FakePlatform, fakePlatform } from "./fake-platform.ts";

const SIGNING = { "signing-key": { key: "the key for signatures" } };
const none = { key: "", next: "", former: "" };

/** What processes know after each time that they began anew, and where everything is sealed anew. */
async function tell(platform: FakePlatform): Promise<(Record<string, string> | string)[]> {
  const told: (Record<string, string> | string)[] = [];
  const { pulumi, kubectl } = platform;
  const watched: FakePlatform = {
    ...platform,
    async pulumi(words, input) {
      if (words[0] === "up") told.push(platform.config());
      return pulumi(words, input);
    },
    async kubectl(words, streams) {
      if (words.includes("automation-api/reseal-kubeconfigs.ts")) told.push("sealed anew");
      return kubectl(words, streams);
    },
  };
  expect(await rotateSealingKey(watched)).toEqual({ sealed: 2, unopened: ["lost"] });
  return told;
}

it("seals with no key that some process does not know yet, and forgets none that something is sealed with", async () => {
  const platform = fakePlatform({ ...SIGNING, "sealing-key": { ...none, key: "old" } });

  const told = await tell(platform);

  const { sealingKey: made = "" } = platform.config();
  expect(made).toMatch(/^[A-Za-z0-9]{43}$/);
  expect(told).toEqual([
    { sealingKey: "old", nextSealingKey: made },
    { sealingKey: made, formerSealingKey: "old" },
    "sealed anew",
    { sealingKey: made },
  ]);
  expect(platform.asked.join("\n")).not.toContain(made);
});

it("begins with the key for signatures, which was the first to seal with", async () => {
  const platform = fakePlatform({ ...SIGNING, "sealing-key": none });

  const [first, second] = await tell(platform);

  const { sealingKey: made } = platform.config();
  expect(first).toEqual({ nextSealingKey: made });
  expect(second).toEqual({ sealingKey: made, formerSealingKey: "the key for signatures" });
});

it.each([
  ["before any process sealed with the new key", { key: "old", next: "waits", former: "" }, 4],
  ["before everything was sealed anew", { key: "waits", next: "", former: "old" }, 3],
])("goes on with a rotation that was cut off %s", async (_when, keys, steps) => {
  const platform = fakePlatform({ ...SIGNING, "sealing-key": keys });

  const told = await tell(platform);

  expect(told.slice(-3)).toEqual([
    { sealingKey: "waits", formerSealingKey: "old" },
    "sealed anew",
    { sealingKey: "waits" },
  ]);
  expect(told).toHaveLength(steps);
});

it("knows both keys from the first change to the last, wherever it is cut off", async () => {
  const whole = fakePlatform({ ...SIGNING, "sealing-key": { ...none, key: "old" } });
  await rotateSealingKey(whole);
  const isSealedAnew = (line: string) => line.includes("automation-api/reseal-kubeconfigs.ts");

  for (const cut of whole.asked.keys()) {
    const platform = fakePlatform({ ...SIGNING, "sealing-key": { ...none, key: "old" } }, cut);
    await expect(rotateSealingKey(platform)).rejects.toThrow("The cluster said no.");

    const { sealingKey = "old", nextSealingKey, formerSealingKey } = platform.config();
    const done = platform.asked.slice(0, -1).some(isSealedAnew);
    if (!done) expect([sealingKey, nextSealingKey, formerSealingKey], `cut at ${cut}`).toContain("old");
    if (sealingKey !== "old" && !done) expect(formerSealingKey, `cut at ${cut}`).toBe("old");
  }
});
