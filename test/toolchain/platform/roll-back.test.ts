import { describe, expect, it } from "vitest";
import type { InstalledPlatform } from "../../../toolchain/platform/installed-platform.ts";
import { migrationsOf, rollBackPlatform } from "../../../toolchain/platform/roll-back.ts";

/** A cluster with one migration, whose pod ends with a code and a sentence. */
function clusterThatSays(said: string, code: string) {
  const asked: string[] = [];
  let created: { metadata: object; spec: { containers: object[] } } | undefined;
  const containers = [{ name: "migration", image: "older:1", env: [{ name: "DATABASE_URL", value: "x" }] }];
  const template = { metadata: { labels: { part: "migration" } }, spec: { restartPolicy: "Never", containers } };
  const kubectl: InstalledPlatform["kubectl"] = async (words, { input } = {}) => {
    asked.push(words.slice(0, 3).join(" "));
    if (words[1] === "jobs") return JSON.stringify({ items: [{ spec: { template } }] });
    if (words[0] === "create") created = JSON.parse(input ?? "");
    return words[0] === "logs" ? `${said}\n` : code;
  };
  const platform: InstalledPlatform = { namespace: "storefleet-test", configFile: "", pulumi: async () => "", kubectl };
  return { platform, asked, pod: () => created };
}

const wish = { known: ["0001-begin", "0003-people"], image: "newer:2", check: true };

describe("taking back what an older version does not know", () => {
  it("is done by the newer version, in a pod like that of a migration", async () => {
    const { platform, asked, pod } = clusterThatSays("Can be taken back: 0014-rotation.", "0");

    expect(await rollBackPlatform(platform, wish)).toBe("Can be taken back: 0014-rotation.");

    expect(pod()?.metadata).toEqual({ name: "roll-back", labels: { part: "migration" } });
    expect(pod()?.spec.containers).toEqual([
      {
        ...{ name: "roll-back", image: "newer:2", env: [{ name: "DATABASE_URL", value: "x" }] },
        ...{ command: ["node", "automation-api/roll-back.ts", "--check", "0001-begin", "0003-people"], args: [] },
      },
    ]);
    expect(asked.at(-1)).toBe("delete pod roll-back");
  });

  it("is refused with the sentence of what cannot be undone", async () => {
    const { platform, asked } = clusterThatSays("The secrets of shop1 were made anew.", "1");

    await expect(rollBackPlatform(platform, wish)).rejects.toThrow("The secrets of shop1 were made anew.");

    expect(asked.at(-1)).toBe("delete pod roll-back");
  });
});

describe("what a version knows", () => {
  it("is read from the history", async () => {
    expect(await migrationsOf("HEAD")).toContain("0001-begin");
  });

  it("is not known of a version that this checkout has never seen", async () => {
    await expect(migrationsOf("v999.0.0")).rejects.toThrow('This checkout knows no version "v999.0.0".');
  });
});
