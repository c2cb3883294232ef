import { existsSync, readFileSync } from "node:fs";
import { join } from "node:path";
import { type Document, isMap, parseDocument } from "yaml";
import { replaceText } from "./backend/files.ts";
import { goJson, isJsonObject, type Json, type JsonObject, sorted } from "./json.ts";
import { EngineProblem } from "./problem.ts";
import type { ConfigDeclaration, Project } from "./project.ts";
import type { Crypter, Seal } from "./secrets.ts";

/** A configuration value as `Pulumi.<stack>.yaml` keeps it: text, a structure, or `{secure: <ciphertext>}`. */
export type ConfigValue = Json;

/** A value with its secret opened. Structures are JSON text, as programs get them. */
export interface PlainConfigValue {
  readonly value: string;
  readonly secret: boolean;
  /** The structure behind the text, when it is one. */
  readonly object: Json | undefined;
}

/** `words` is `<project>:words`; `kubernetes:context` stays as it is. */
export function configKey(project: string, key: string): string {
  const parts = key.split(":");
  if (parts.length === 1) return `${project}:${key}`;
  if (parts.length === 3 && parts[1] === "config") return `${parts[0]}:${parts[2]}`;
  if (parts.length === 2) return key;
  throw new EngineProblem(
    `could not parse ${key} as a configuration key (configuration keys should be of the form <namespace>:<name>)`,
  );
}

/** The file `Pulumi.<stack>.yaml`. Comments and unknown attributes in it are kept. */
export class StackConfig {
  readonly file: string;
  readonly #document: Document;

  private constructor(file: string, document: Document) {
    this.file = file;
    this.#document = document;
  }

  static open(project: Project, stack: string, file?: string): StackConfig {
    const path = file ?? join(project.stackConfigFolder, `Pulumi.${stack}.yaml`);
    const document = parseDocument(existsSync(path) ? readFileSync(path, "utf8") : "");
    const [problem] = document.errors;
    if (problem !== undefined) throw new EngineProblem(`could not read ${path}: ${problem.message}`);
    return new StackConfig(path, document);
  }

  /** How its secrets are kept; `undefined` when the file does not say. */
  get seal(): Seal | undefined {
    const text = (key: string) => {
      const value = this.#document.get(key);
      return typeof value === "string" ? value : undefined;
    };
    const [url, encryptedKey, salt] = [text("secretsprovider"), text("encryptedkey"), text("encryptionsalt")];
    if (url?.includes("://") && encryptedKey !== undefined) return { type: "cloud", url, encryptedKey };
    return salt === undefined ? undefined : { type: "passphrase", salt };
  }

  set seal(seal: Seal) {
    const isKey = seal.type === "cloud";
    const attributes = {
      secretsprovider: isKey ? seal.url : undefined,
      encryptedkey: isKey ? seal.encryptedKey : undefined,
      encryptionsalt: isKey ? undefined : seal.salt,
    };
    for (const [key, value] of Object.entries(attributes)) {
      if (value !== undefined) this.#document.set(key, value);
      else if (this.#document.has(key)) this.#document.delete(key);
    }
  }

  /** All values by full key, in the order of the file. */
  get values(): Record<string, ConfigValue> {
    const values: unknown = this.#document.toJS();
    const config = isJsonObject(values) ? values.config : undefined;
    if (!isJsonObject(config)) return {};
    return Object.fromEntries(Object.entries(config).map(([key, value]) => [key, value ?? null]));
  }

  set(key: string, value: ConfigValue): void {
    if (!isMap(this.#document.get("config"))) this.#document.set("config", this.#document.createNode({}));
    this.#document.setIn(["config", key], this.#document.createNode(value));
  }

  delete(key: string): void {
    this.#document.deleteIn(["config", key]);
  }

  /** Puts exactly these values in the file. */
  replaceAll(values: Record<string, ConfigValue>): void {
    this.#document.delete("config");
    for (const [key, value] of Object.entries(values)) this.set(key, value);
  }

  save(): void {
    const text = this.#document.toString({ lineWidth: 0 });
    replaceText(this.file, text === "{}\n" || text === "null\n" ? "" : text);
  }
}

export function isSecure(value: ConfigValue): value is { secure: string } {
  return isJsonObject(value) && typeof value.secure === "string" && Object.keys(value).length === 1;
}

/** True when a secret is anywhere in the value. */
export function holdsSecure(value: ConfigValue | undefined): boolean {
  if (value === undefined) return false;
  if (isSecure(value)) return true;
  if (Array.isArray(value)) return value.some(holdsSecure);
  return isJsonObject(value) && Object.values(value).some(holdsSecure);
}

/** The value with every secret in it opened, or replaced by `mask` when there is no crypter. */
export function plainValue(
  value: ConfigValue,
  crypter: Pick<Crypter, "decrypt"> | undefined,
  mask = "[secret]",
): PlainConfigValue {
  const opened = openSecure(value, crypter, mask);
  const structure = typeof opened === "object" && opened !== null;
  return {
    value: structure ? goJson(isJsonObject(opened) ? sorted(opened) : opened) : String(opened),
    secret: holdsSecure(value),
    object: structure ? opened : undefined,
  };
}

function openSecure(value: ConfigValue, crypter: Pick<Crypter, "decrypt"> | undefined, mask: string): Json {
  if (isSecure(value)) return crypter === undefined ? mask : crypter.decrypt(value.secure);
  if (Array.isArray(value)) return value.map((item) => openSecure(item, crypter, mask));
  if (!isJsonObject(value)) return value;
  return Object.fromEntries(Object.entries(value).map(([key, item]) => [key, openSecure(item ?? null, crypter, mask)]));
}

/** The stack's values with the project's defaults, checked against what the project declares. */
export function completeConfig(
  project: Project,
  stack: string,
  values: Record<string, ConfigValue>,
  crypter: Pick<Crypter, "decrypt"> | undefined,
): Record<string, ConfigValue> {
  const complete = { ...values };
  const missing: string[] = [];
  for (const [key, declared] of Object.entries(sorted(project.config))) {
    const value = complete[key] ?? declared.default;
    const short = key.startsWith(`${project.name}:`) ? key.slice(project.name.length + 1) : key;
    if (value === undefined) {
      if (short !== key) missing.push(short);
      continue;
    }
    checkType(stack, short, declared, value, crypter);
    complete[key] = value;
  }
  if (missing.length > 0) throw missingKeys(project, stack, missing);
  return complete;
}

function missingKeys(project: Project, stack: string, keys: string[]): EngineProblem {
  const quoted = keys.map((key) => `'${key}'`);
  const names = quoted.length === 1 ? quoted.join("") : `${quoted.slice(0, -1).join(", ")} and ${quoted.at(-1)}`;
  const help = keys.map((key) => {
    const { description } = project.config[`${project.name}:${key}`] ?? {};
    return `\n  pulumi config set ${key} <value>${description === undefined ? "" : `   # ${description}`}`;
  });
  return new EngineProblem(
    `Stack '${stack}' is missing configuration value${keys.length > 1 ? "s" : ""} ${names}. Set with:${help.join("")}`,
  );
}

function checkType(
  stack: string,
  key: string,
  declared: ConfigDeclaration,
  value: ConfigValue,
  crypter: Pick<Crypter, "decrypt"> | undefined,
): void {
  if (declared.secret && !holdsSecure(value)) {
    throw new EngineProblem(`Stack '${stack}' with configuration key '${key}' must be encrypted as it's secret`);
  }
  if (declared.type === undefined) return;
  const plain = plainValue(value, crypter);
  if (hasType(declared, plain.object ?? plain.value)) return;
  const type = declared.type === "array" && declared.items !== undefined ? `array<${declared.items}>` : declared.type;
  throw new EngineProblem(`Stack '${stack}' with configuration key '${key}' must be of type '${type}'`);
}

/** Values set by hand are text, so a text that reads as the wanted type is one. */
function hasType({ type, items }: Pick<ConfigDeclaration, "type" | "items">, value: Json): boolean {
  switch (type) {
    case undefined:
      return true;
    case "string":
      return typeof value !== "object";
    case "integer":
      return /^-?\d+$/.test(String(value));
    case "number":
      return value !== "" && Number.isFinite(Number(value));
    case "boolean":
      return value === true || value === false || value === "true" || value === "false";
    case "array":
      return Array.isArray(value) && value.every((item) => hasType({ type: items, items: undefined }, item));
    case "object":
      return isJsonObject(value);
  }
}

/** Values by key as history keeps them: text or structures, secrets still encrypted. */
export function historyConfig(values: Record<string, ConfigValue>): JsonObject {
  const text = (value: ConfigValue) => (typeof value === "object" && value !== null ? value : String(value));
  return sorted(Object.fromEntries(Object.entries(values).map(([key, value]) => [key, text(value)])));
}
