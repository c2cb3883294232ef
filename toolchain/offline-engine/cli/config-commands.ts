import { readFileSync } from "node:fs";
import { sealOf } from "../backend/checkpoint.ts";
import { isJsonObject, type Json, sorted } from "../json.ts";
import { EngineProblem, refuse } from "../problem.ts";
import type { Crypter } from "../secrets.ts";
import { type ConfigValue, configKey, holdsSecure, isSecure, plainValue, StackConfig } from "../stack-config.ts";
import { type Arguments, wordAt } from "./arguments.ts";
import type { Command } from "./command.ts";
import { print, printJson, printTable } from "./output.ts";
import { openConfigSecrets } from "./session.ts";
import type { Workspace } from "./workspace.ts";

export const commands: Readonly<Record<string, Command>> = {
  config: {
    summary: "Show the configuration of a stack",
    flags: { json: "switch", "show-secrets": "switch", open: "switch" },
    run: async (workspace, given) => {
      const { config, crypter } = await openFile(workspace, given, given.has("show-secrets"));
      const values = Object.entries(sorted(config.values));
      if (given.has("json"))
        printJson(Object.fromEntries(values.map(([key, value]) => [key, shownValue(value, crypter)])));
      else {
        const { name } = workspace.project;
        const short = (key: string) => (key.startsWith(`${name}:`) ? key.slice(name.length + 1) : key);
        printTable([["KEY", "VALUE"], ...values.map(([key, value]) => [short(key), plainValue(value, crypter).value])]);
      }
    },
  },
  "config get": {
    summary: "Show one configuration value",
    flags: { json: "switch", path: "switch", open: "switch" },
    run: async (workspace, given) => {
      const key = wordAt(given.words, 0, "key");
      const full = configKey(workspace.project.name, key);
      const name = workspace.stack(given);
      const value = StackConfig.open(workspace.project, name.stack, given.value("config-file")).values[full];
      if (value === undefined)
        throw new EngineProblem(`configuration key '${key}' not found for stack '${name.stack}'`);
      const { crypter } = await openFile(workspace, given, holdsSecure(value));
      if (given.has("json")) printJson(shownValue(value, crypter));
      else print(plainValue(value, crypter).value);
    },
  },
  "config set": {
    summary: "Set one configuration value",
    flags: { path: "switch", plaintext: "switch", secret: "switch", type: "value" },
    run: async (workspace, given) => {
      if (given.has("path")) throw refuse("The flag --path");
      const key = configKey(workspace.project.name, wordAt(given.words, 0, "key"));
      const text = given.words[1] ?? readFileSync(0, "utf8").replace(/\n$/, "");
      if (!given.has("secret") && !given.has("plaintext") && looksSecret(key, text)) {
        throw new EngineProblem(
          `config value for '${wordAt(given.words, 0, "key")}' looks like a secret; rerun with --secret to encrypt it, or --plaintext if you meant to store in plaintext`,
        );
      }
      const { config, crypter } = await openFile(workspace, given, given.has("secret"));
      config.set(key, given.has("secret") ? secured(text, crypter) : text);
      config.save();
    },
  },
  "config set-all": {
    summary: "Set several configuration values",
    flags: { path: "switch", plaintext: "values", secret: "values", json: "value" },
    run: async (workspace, given) => {
      if (given.has("path")) throw refuse("The flag --path");
      const json = given.value("json");
      const wanted = json === undefined ? fromFlags(given) : fromJsonText(json);
      const { config, crypter } = await openFile(
        workspace,
        given,
        wanted.some(({ secret }) => secret),
      );
      for (const { key, value, secret } of wanted) {
        const full = configKey(workspace.project.name, key);
        config.set(full, secret ? secured(typeof value === "string" ? value : JSON.stringify(value), crypter) : value);
      }
      config.save();
    },
  },
  "config rm": {
    summary: "Remove one configuration value",
    flags: { path: "switch" },
    run: (workspace, given) => removeKeys(workspace, given, [wordAt(given.words, 0, "key")]),
  },
  "config rm-all": {
    summary: "Remove several configuration values",
    flags: { path: "switch" },
    run: (workspace, given) => removeKeys(workspace, given, given.words),
  },
  "config refresh": {
    summary: "Make the configuration that of the last update",
    flags: { force: "switch" },
    run: (workspace, given) => {
      const name = workspace.stack(given);
      const [last] = workspace.backend.history(name);
      if (last === undefined) throw new EngineProblem("no previous deployment");
      const config = StackConfig.open(workspace.project, name.stack, given.value("config-file"));
      const values = isJsonObject(last.config) ? last.config : {};
      config.replaceAll(Object.fromEntries(Object.entries(values).map(([key, value]) => [key, value ?? null])));
      const seal = sealOf(workspace.backend.read(name));
      if (seal !== undefined) config.seal = seal;
      config.save();
      print(`refreshed configuration for stack '${name.stack}'`);
    },
  },
};

async function openFile(
  workspace: Workspace,
  given: Arguments,
  withSecrets: boolean,
): Promise<{ config: StackConfig; crypter: Crypter | undefined }> {
  const name = workspace.stack(given);
  const config = StackConfig.open(workspace.project, name.stack, given.value("config-file"));
  if (!withSecrets) return { config, crypter: undefined };
  const crypter = await openConfigSecrets(config, sealOf(workspace.backend.read(name)), workspace.environment);
  return { config, crypter };
}

function shownValue(value: ConfigValue, crypter: Crypter | undefined) {
  const plain = plainValue(value, crypter);
  const closed = plain.secret && crypter === undefined;
  return {
    ...(closed ? {} : { value: plain.value }),
    ...(closed || plain.object === undefined || isSecure(value) ? {} : { objectValue: plain.object }),
    secret: plain.secret,
  };
}

function secured(text: string, crypter: Crypter | undefined): ConfigValue {
  if (crypter === undefined) throw new Error("a secret cannot be set without opening the stack's secrets");
  return { secure: crypter.encrypt(text) };
}

interface WantedValue {
  key: string;
  value: Json;
  secret: boolean;
}

function fromFlags(given: Arguments): WantedValue[] {
  const pairs = given.ordered.filter(({ flag }) => flag === "plaintext" || flag === "secret");
  return pairs.map(({ flag, value: pair }) => {
    const cut = pair.indexOf("=");
    if (cut < 1) throw new EngineProblem(`'${pair}' is not of the form key=value`);
    return { key: pair.slice(0, cut), value: pair.slice(cut + 1), secret: flag === "secret" };
  });
}

/** What `pulumi config --json` prints. */
function fromJsonText(text: string): WantedValue[] {
  const parsed: unknown = JSON.parse(text);
  if (!isJsonObject(parsed)) throw new EngineProblem("--json takes an object as `pulumi config --json` prints it");
  return Object.entries(parsed).map(([key, entry]) => {
    if (!isJsonObject(entry))
      throw new EngineProblem(`the value of '${key}' must be an object with 'value' and 'secret'`);
    return { key, value: entry.objectValue ?? entry.value ?? "", secret: entry.secret === true };
  });
}

function removeKeys(workspace: Workspace, given: Arguments, keys: readonly string[]): void {
  if (given.has("path")) throw refuse("The flag --path");
  const name = workspace.stack(given);
  const config = StackConfig.open(workspace.project, name.stack, given.value("config-file"));
  for (const key of keys) config.delete(configKey(workspace.project.name, key));
  config.save();
}

/** Guards against a password typed without --secret, much as the real CLI does. */
function looksSecret(key: string, value: string): boolean {
  return /(password|secret|token|credential)/i.test(key) && value.length > 0;
}
