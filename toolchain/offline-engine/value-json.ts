import { goJson, isJsonObject, type Json, type JsonObject, sorted } from "./json.ts";
import type { Crypter } from "./secrets.ts";
import { isObject, mapProperties, type Properties, revealed, Secret, UNKNOWN, Unknown, type Value } from "./values.ts";

/** Key and value by which an object in the state or on the wire is known to be more than an object. */
export const SIGNATURE_KEY = "4dabf18193072939515e22adb298388d";
export const SECRET_SIGNATURE = "1b47061264138c4ac30d75fd1eb44270";
export const RESOURCE_SIGNATURE = "5cf8f73096256a8f31e491e813e4eb8e";
/** Stands for an unknown value wherever only JSON can be written. */
export const UNKNOWN_TEXT = "04da6b54-80e4-46f7-96ec-b56ff0331ba9";

/** What a secret becomes in JSON: encrypted in the state, masked in events, in the clear when asked for. */
export type SecretWriter = (value: Value) => Json;

export function encryptedSecrets(crypter: Crypter): SecretWriter {
  return (value) => ({ [SIGNATURE_KEY]: SECRET_SIGNATURE, ciphertext: crypter.encrypt(goJson(toPlainJson(value))) });
}

/** For `stack export --show-secrets`. */
export const plaintextSecrets: SecretWriter = (value) => ({
  [SIGNATURE_KEY]: SECRET_SIGNATURE,
  plaintext: goJson(toPlainJson(value)),
});

/** For engine events. */
export const maskedSecrets: SecretWriter = () => ({ [SIGNATURE_KEY]: SECRET_SIGNATURE, ciphertext: "[secret]" });

/** For answers a person reads. */
export const blindedSecrets: SecretWriter = () => "[secret]";

/** For `--show-secrets` answers a person reads. */
export const shownSecrets: SecretWriter = (value) => toPlainJson(value);

export function toJson(value: Value, writeSecret: SecretWriter): Json {
  if (value instanceof Secret) return writeSecret(value.value);
  if (value instanceof Unknown) return UNKNOWN_TEXT;
  if (Array.isArray(value)) return value.map((item) => toJson(item, writeSecret));
  if (isObject(value)) return propertiesToJson(value, writeSecret);
  return value;
}

export function propertiesToJson(properties: Properties, writeSecret: SecretWriter): JsonObject {
  const entries = Object.entries(sorted(properties)).map(([key, value]) => [key, toJson(value, writeSecret)]);
  return Object.fromEntries(entries);
}

function toPlainJson(value: Value): Json {
  return toJson(revealed(value), blindedSecrets);
}

/** Reads values out of the state, decrypting secrets. */
export function fromJson(json: Json | undefined, crypter: Pick<Crypter, "decrypt"> | undefined): Value {
  if (Array.isArray(json)) return json.map((item) => fromJson(item, crypter));
  if (json === undefined) return null;
  if (!isJsonObject(json)) return json === UNKNOWN_TEXT ? UNKNOWN : json;
  if (json[SIGNATURE_KEY] === SECRET_SIGNATURE) return secretFromJson(json, crypter);
  return propertiesFromJson(json, crypter);
}

export function propertiesFromJson(
  json: JsonObject | undefined,
  crypter: Pick<Crypter, "decrypt"> | undefined,
): Properties {
  const entries = Object.entries(json ?? {}).map(([key, value]): [string, Value] => [key, fromJson(value, crypter)]);
  return Object.fromEntries(entries);
}

function secretFromJson(json: JsonObject, crypter: Pick<Crypter, "decrypt"> | undefined): Value {
  const { ciphertext, plaintext } = json;
  if (typeof plaintext === "string") return new Secret(fromJson(JSON.parse(plaintext), crypter));
  if (typeof ciphertext !== "string" || crypter === undefined) return new Secret("[secret]");
  return new Secret(fromJson(JSON.parse(crypter.decrypt(ciphertext)), crypter));
}

/** Providers know nothing of resource references: they get the resource's id, or its URN when it has none. */
export function withoutReferences(value: Value): Value {
  if (value instanceof Secret) return new Secret(withoutReferences(value.value));
  if (Array.isArray(value)) return value.map(withoutReferences);
  if (!isObject(value)) return value;
  if (value[SIGNATURE_KEY] === RESOURCE_SIGNATURE) return value.id ?? value.urn ?? null;
  return mapProperties(value, withoutReferences);
}
