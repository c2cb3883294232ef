import { createHmac } from "node:crypto";
import { existsSync, readFileSync } from "node:fs";
import type { SealingKeys } from "./sealer.ts";

/** Variables that a key for signatures can come from. */
export interface SigningKeySource {
  readonly STOREFLEET_SIGNING_KEY?: string | undefined;
  readonly PULUMI_CONFIG_PASSPHRASE?: string | undefined;
  readonly PULUMI_CONFIG_PASSPHRASE_FILE?: string | undefined;
}

/** Variables that keys to seal with can come from. */
export interface SealingKeySource extends SigningKeySource {
  readonly STOREFLEET_SEALING_KEY?: string | undefined;
  readonly STOREFLEET_OTHER_SEALING_KEYS?: readonly string[] | undefined;
}

/**
 * The key to seal with first, then others that still open, or do so already: keys are exchanged while processes run that know one
 * and processes that know the other. The key for signatures always opens, because it was the first to seal with.
 */
export function sealingKeysOf(source: SealingKeySource): SealingKeys | undefined {
  const { STOREFLEET_SEALING_KEY: given, STOREFLEET_OTHER_SEALING_KEYS: others = [] } = source;
  const signing = signingKeyOf(source);
  const first = given ?? signing;
  return first === undefined ? undefined : [first, ...others, ...(signing === undefined ? [] : [signing])];
}

/** The key that was given, or one that is derived from the passphrase of the state; `undefined` without either. */
export function signingKeyOf(source: SigningKeySource): string | undefined {
  const { STOREFLEET_SIGNING_KEY: given, PULUMI_CONFIG_PASSPHRASE: passphrase, PULUMI_CONFIG_PASSPHRASE_FILE } = source;
  if (given !== undefined) return given;
  const secret = passphrase ?? contentOf(PULUMI_CONFIG_PASSPHRASE_FILE);
  if (secret === undefined || secret === "") return undefined;
  return createHmac("sha256", secret).update("storefleet signing key").digest("hex");
}

function contentOf(file: string | undefined): string | undefined {
  return file !== undefined && existsSync(file) ? readFileSync(file, "utf8").trim() : undefined;
}
