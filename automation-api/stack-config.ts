import { existsSync, readFileSync } from "node:fs";
import { parse, stringify } from "yaml";
import { z } from "zod";
import { replaceFile } from "./replace-file.ts";
import type { StackConfig } from "./stack-runner.ts";

const fileSchema = z.looseObject({ config: z.looseObject({}).nullish() }).nullish();

/**
 * Writes plain configuration where the CLI keeps it, `Pulumi.<stack>.yaml`, as `pulumi config set-all --plaintext` would,
 * without a process and without a command line. What else is in the file, such as the salt of its secrets, stays.
 */
export function writeStackConfig(file: string, project: string, config: StackConfig): void {
  const written = existsSync(file) ? fileSchema.parse(parse(readFileSync(file, "utf8"))) : undefined;
  const named = Object.entries(config).map(([key, value]) => [`${project}:${key}`, value]);
  replaceFile(file, stringify({ ...written, config: { ...written?.config, ...Object.fromEntries(named) } }));
}

/** Removes the salt from a file without secrets: the next run takes that of the state. */
export function forgetSalt(file: string): void {
  if (!existsSync(file)) return;
  const { encryptionsalt: _salt, ...rest } = fileSchema.parse(parse(readFileSync(file, "utf8"))) ?? {};
  replaceFile(file, stringify(rest));
}
