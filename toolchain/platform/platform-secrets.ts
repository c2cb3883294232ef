import { randomInt } from "node:crypto";
import { copyFileSync, renameSync, rmSync } from "node:fs";
import { z } from "zod";
import { type InstalledPlatform, readObject } from "./installed-platform.ts";

const secretSchema = z.looseObject({ data: z.record(z.string(), z.string()).default({}) });

/** The values of a Secret; empty when it is not there. */
export async function readSecret(platform: InstalledPlatform, name: string): Promise<Readonly<Record<string, string>>> {
  const found = await readObject(platform, `secret/${name}`);
  const { data } = secretSchema.parse(found ?? {});
  return Object.fromEntries(
    Object.entries(data).map(([key, value]) => [key, Buffer.from(value, "base64").toString("utf8")]),
  );
}

/**
 * Sets values of the platform's stack, all at once: whoever is cut off has set none of them, so that no run ever sees one beside
 * the former other.
 * @param secrets stand on no command line; `undefined` takes one away
 */
export async function setConfig(
  { pulumi, configFile }: InstalledPlatform,
  secrets: Readonly<Record<string, string | undefined>>,
  values: Readonly<Record<string, string>> = {},
): Promise<void> {
  // Pulumi tells by the end of its name how a file is written.
  const draft = configFile.replace(/\.yaml$/, ".draft.yaml");
  copyFileSync(configFile, draft);
  try {
    const into = ["--config-file", draft];
    for (const [key, value] of Object.entries(secrets)) {
      if (value === undefined) await pulumi(["config", "rm", key, ...into]);
      else await pulumi(["config", "set", "--secret", key, ...into], value);
    }
    for (const [key, value] of Object.entries(values)) await pulumi(["config", "set", key, value, ...into]);
    renameSync(draft, configFile);
  } finally {
    rmSync(draft, { force: true });
  }
}

const LETTERS = "ABCDEFGHIJKLMNOPQRSTUVWXYZabcdefghijklmnopqrstuvwxyz0123456789";

/** A random value of letters and digits, which may stand in an address as it is. */
export function newSecret(length = 43): string {
  return Array.from({ length }, () => LETTERS[randomInt(LETTERS.length)]).join("");
}
