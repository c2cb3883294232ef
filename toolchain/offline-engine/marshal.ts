import type { Struct } from "google-protobuf/google/protobuf/struct_pb.js";
import struct from "google-protobuf/google/protobuf/struct_pb.js";
import { isJsonObject, type Json, type JsonObject } from "./json.ts";
import { SECRET_SIGNATURE, SIGNATURE_KEY, toJson, UNKNOWN_TEXT } from "./value-json.ts";
import { type Properties, Secret, UNKNOWN, type Value } from "./values.ts";

/** Kinds of values the wire knows and this engine does not keep. */
const ASSET_SIGNATURES: Readonly<Record<string, string>> = {
  c44067f5952c0a294b673a41bacd8c17: "an asset",
  "0def7320c3a5731c473e5ecbe6d01bc7": "an archive",
};

/** Properties as the SDK sends them. */
export function fromStruct(message: Struct | undefined): Properties {
  const json: unknown = message?.toJavaScript() ?? {};
  return isJsonObject(json) ? fromWireObject(json) : {};
}

/** Properties as the SDK expects them: secrets marked, unknowns as their text. */
export function toStruct(properties: Properties): Struct {
  const json = toJson(properties, (value) => ({
    [SIGNATURE_KEY]: SECRET_SIGNATURE,
    value: toJson(value, plainSecret),
  }));
  return struct.Struct.fromJavaScript(isJsonObject(json) ? withoutUndefined(json) : {});
}

function plainSecret(value: Value): Json {
  return toJson(value, plainSecret);
}

function fromWire(json: Json): Value {
  if (Array.isArray(json)) return json.map(fromWire);
  if (!isJsonObject(json)) return json === UNKNOWN_TEXT ? UNKNOWN : json;
  const signature = json[SIGNATURE_KEY];
  if (signature === SECRET_SIGNATURE) return new Secret(fromWire(json.value ?? null));
  const asset = typeof signature === "string" ? ASSET_SIGNATURES[signature] : undefined;
  if (asset !== undefined) {
    throw new Error(`The program passes ${asset}, which the offline engine does not know: use text instead.`);
  }
  return fromWireObject(json);
}

function fromWireObject(json: JsonObject): Properties {
  return Object.fromEntries(Object.entries(json).map(([key, value]) => [key, fromWire(value ?? null)]));
}

function withoutUndefined(json: JsonObject): { [key: string]: struct.JavaScriptValue } {
  return JSON.parse(JSON.stringify(json));
}
