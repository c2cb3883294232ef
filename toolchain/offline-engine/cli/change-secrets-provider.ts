import { readFileSync } from "node:fs";
import { deploymentFromJson, sealOf } from "../backend/checkpoint.ts";
import { isJsonObject } from "../json.ts";
import { EngineProblem } from "../problem.ts";
import { type Crypter, createSecrets, openSecrets } from "../secrets.ts";
import { type ConfigValue, holdsSecure, isSecure, StackConfig } from "../stack-config.ts";
import { wordAt } from "./arguments.ts";
import type { Command } from "./command.ts";
import { print } from "./output.ts";

/** Another key in Vault, or another passphrase, which without a terminal the real CLI reads from the first line of standard input, too. */
export const changeSecretsProvider: Command = {
  summary: "Encrypt the secrets of a stack with another passphrase or key",
  flags: {},
  run: async (workspace, given) => {
    const provider = wordAt(given.words, 0, "new-secrets-provider");
    const name = workspace.stack(given);
    const { backend, environment } = workspace;
    const lock = backend.lock(name);
    try {
      const config = StackConfig.open(workspace.project, name.stack, given.value("config-file"));
      const state = backend.read(name);
      const seal = sealOf(state);
      const reader = seal === undefined ? undefined : await openSecrets(seal, environment);
      const before = config.seal === undefined ? reader : await openSecrets(config.seal, environment);
      const crypter =
        provider === "passphrase"
          ? await createSecrets({ PULUMI_CONFIG_PASSPHRASE: newPassphrase() })
          : await createSecrets(environment, provider);
      print("Migrating old configuration and state to new secrets provider");
      for (const [key, value] of Object.entries(config.values)) {
        if (holdsSecure(value)) config.set(key, sealedAnew(value, before, crypter));
      }
      backend.write(name, { ...deploymentFromJson(state, reader), seal: crypter.seal }, crypter);
      config.seal = crypter.seal;
      config.save();
    } finally {
      lock.release();
    }
  },
};

function newPassphrase(): string {
  if (process.stdin.isTTY === true) {
    throw new EngineProblem("the offline engine reads the new passphrase from standard input; pipe it in");
  }
  const [line = ""] = readFileSync(0, "utf8").split("\n");
  return line.trim();
}

function sealedAnew(value: ConfigValue, before: Crypter | undefined, crypter: Crypter): ConfigValue {
  if (isSecure(value)) {
    if (before === undefined)
      throw new EngineProblem("the configuration has secrets but no encryptionsalt to open them with");
    return { secure: crypter.encrypt(before.decrypt(value.secure)) };
  }
  if (Array.isArray(value)) return value.map((item) => sealedAnew(item, before, crypter));
  if (!isJsonObject(value)) return value;
  return Object.fromEntries(
    Object.entries(value).map(([key, item]) => [key, sealedAnew(item ?? null, before, crypter)]),
  );
}
