import { existsSync, mkdirSync, readFileSync, writeFileSync } from "node:fs";
import { join } from "node:path";
import { parse, stringify } from "yaml";
import { z } from "zod";
import { repositoryRoot } from "./lib/paths.ts";
import { ToolchainProblem } from "./lib/problem.ts";

const fileSchema = z
  .looseObject({ encryptionsalt: z.string().optional(), config: z.looseObject({}).nullish() })
  .nullish()
  .transform((file) => file ?? {});

/** Settings that commands make in the folder, and that no file of the checkout knows. */
const KEPT = [
  ...["databaseRole", "databasePassword", "passphrase", "signingKey"],
  ...["sealingKey", "nextSealingKey", "formerSealingKey"],
].map((key) => `platform:${key}`);

const read = (file: string) => fileSchema.parse(existsSync(file) ? parse(readFileSync(file, "utf8")) : {});

/**
 * Prepares a folder in which Pulumi works on a stack of the platform: the program is the checkout's, the configuration that
 * of `Pulumi.<stack>.yaml` in its root with `settings` on top. So no run changes files of the checkout. Secrets that were
 * made anew stay as they are.
 */
export function preparePlatformFolder(folder: string, stack: string, settings: Readonly<Record<string, string>>): void {
  const example = join(repositoryRoot, `Pulumi.${stack}.yaml`);
  if (!existsSync(example)) {
    throw new ToolchainProblem(
      `There is no Pulumi.${stack}.yaml.`,
      "Copy Pulumi.local.yaml, Pulumi.vps.yaml or Pulumi.production.yaml to that name and set what differs.",
    );
  }
  mkdirSync(folder, { recursive: true, mode: 0o700 });
  const project: Record<string, unknown> = parse(readFileSync(join(repositoryRoot, "Pulumi.yaml"), "utf8"));
  writeFileSync(join(folder, "Pulumi.yaml"), stringify({ ...project, main: join(repositoryRoot, "infra") }));
  const target = join(folder, `Pulumi.${stack}.yaml`);
  const [given, before] = [read(example), read(target)];
  const salt = given.encryptionsalt ?? before.encryptionsalt;
  const named = Object.entries(settings).map(([key, value]) => [`platform:${key}`, value]);
  const kept = Object.entries(before.config ?? {}).filter(([key]) => KEPT.includes(key));
  const config = { ...given.config, ...Object.fromEntries([...kept, ...named]) };
  writeFileSync(target, stringify({ ...given, ...(salt !== undefined && { encryptionsalt: salt }), config }));
}
