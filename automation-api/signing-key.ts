import { createHmac } from "node:crypto";
import { existsSync, readFileSync } from "node:fs";

/** Variables that a key for signatures can come from. */
export interface SigningKeySource {
  readonly STOREFLEET_SIGNING_KEY?: string | undefined;
  readonly PULUMI_CONFIG_PASSPHRASE?: string | undefined;
  readonly PULUMI_CONFIG_PASSPHRASE_FILE?: string | undefined;
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
