import { randomInt } from "node:crypto";
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

/** Sets values of the platform's stack that are secret; they stand on no command line. */
export async function setSecretConfig(
  { pulumi }: InstalledPlatform,
  values: Readonly<Record<string, string>>,
): Promise<void> {
  for (const [key, value] of Object.entries(values)) await pulumi(["config", "set", "--secret", key], value);
}

const LETTERS = "ABCDEFGHIJKLMNOPQRSTUVWXYZabcdefghijklmnopqrstuvwxyz0123456789";

/** A random value of letters and digits, which may stand in an address as it is. */
export function newSecret(length = 43): string {
  return Array.from({ length }, () => LETTERS[randomInt(LETTERS.length)]).join("");
}
