import { createHash } from "node:crypto";
import type { PendingOperation, Resource, Snapshot, Timeouts } from "../deployment/resource.ts";
import { timestamp } from "../deployment/resource.ts";
import { isJsonObject, type Json, type JsonObject, sorted } from "../json.ts";
import { EngineProblem } from "../problem.ts";
import type { Crypter, Seal } from "../secrets.ts";
import { propertiesFromJson, propertiesToJson, type SecretWriter } from "../value-json.ts";
import { PULUMI_VERSION } from "../version.ts";

/** Version of the deployment format; the real CLI reads and writes the same. */
export const DEPLOYMENT_VERSION = 3;

/** Proves to the real CLI that the version in the manifest is the one that wrote the file. */
function magic(version: string): string {
  return createHash("sha256").update(version).digest("hex");
}

export function newManifest(): Snapshot["manifest"] {
  return { time: timestamp(), magic: magic(PULUMI_VERSION), version: PULUMI_VERSION };
}

export function deploymentToJson(snapshot: Snapshot, writeSecret: SecretWriter): JsonObject {
  const { resources, pendingOperations, seal } = snapshot;
  return {
    manifest: { ...snapshot.manifest },
    ...(seal === undefined ? {} : { secrets_providers: sealToJson(seal) }),
    ...(resources.length === 0
      ? {}
      : { resources: resources.map((resource) => resourceToJson(resource, writeSecret)) }),
    ...(pendingOperations.length === 0
      ? {}
      : {
          pending_operations: pendingOperations.map(({ resource, type }) => ({
            resource: resourceToJson(resource, writeSecret),
            type,
          })),
        }),
    metadata: {},
  };
}

/** A resource as the state and `preview --json` write it; empty fields are left out, in the real CLI's order. */
export function resourceToJson(resource: Resource, writeSecret: SecretWriter): JsonObject {
  const inputs = propertiesToJson(resource.inputs, writeSecret);
  const outputs = propertiesToJson(resource.outputs, writeSecret);
  return {
    urn: resource.urn,
    custom: resource.custom,
    ...optional({ delete: resource.delete, id: resource.id }),
    type: resource.type,
    ...optional({
      inputs,
      outputs,
      parent: resource.parent,
      protect: resource.protect,
      external: resource.external,
      dependencies: [...resource.dependencies],
      initErrors: [...resource.initErrors],
      provider: resource.provider,
      propertyDependencies: sorted(resource.propertyDependencies),
      pendingReplacement: resource.pendingReplacement,
      additionalSecretOutputs: [...resource.additionalSecretOutputs],
      aliases: [...resource.aliases],
      customTimeouts: resource.customTimeouts === undefined ? {} : { ...resource.customTimeouts },
      retainOnDelete: resource.retainOnDelete,
      deletedWith: resource.deletedWith,
      created: resource.created,
      modified: resource.modified,
      sourcePosition: resource.sourcePosition,
      stackTrace: resource.stackTrace,
      ignoreChanges: [...resource.ignoreChanges],
      replaceOnChanges: [...resource.replaceOnChanges],
    }),
  };
}

/** Without what Go's `omitempty` leaves out. */
function optional(fields: JsonObject): JsonObject {
  return Object.fromEntries(Object.entries(fields).filter(([, value]) => !isEmpty(value)));
}

function isEmpty(value: Json | undefined): boolean {
  if (Array.isArray(value)) return value.length === 0;
  if (isJsonObject(value)) return Object.keys(value).length === 0;
  return value === undefined || value === null || value === "" || value === false;
}

function sealToJson(seal: Seal): JsonObject {
  if (seal.type === "passphrase") return { type: seal.type, state: { salt: seal.salt } };
  return { type: seal.type, state: { url: seal.url, encryptedkey: seal.encryptedKey } };
}

/** How secrets are kept, read without opening any; `undefined` when the stack has none. Refuses ways we do not know. */
export function sealOf(deployment: JsonObject): Seal | undefined {
  const provider = deployment.secrets_providers;
  if (!isJsonObject(provider)) return undefined;
  const { type, state } = provider;
  if (type !== "passphrase" && type !== "cloud") {
    throw new EngineProblem(
      `the stack's secrets are kept by '${String(type)}', and the offline engine only knows passphrases and Vault. ` +
        "Use the real Pulumi CLI for this stack.",
    );
  }
  if (!isJsonObject(state)) return undefined;
  const { salt, url, encryptedkey } = state;
  if (type === "passphrase") return typeof salt === "string" ? { type, salt } : undefined;
  return typeof url === "string" && typeof encryptedkey === "string"
    ? { type, url, encryptedKey: encryptedkey }
    : undefined;
}

/** Reads a deployment. Without a crypter secrets stay closed and read as `[secret]`. */
export function deploymentFromJson(deployment: JsonObject, crypter: Pick<Crypter, "decrypt"> | undefined): Snapshot {
  const manifest = isJsonObject(deployment.manifest) ? deployment.manifest : {};
  const version = text(manifest.version);
  if (version !== "" && manifest.magic !== magic(version)) {
    throw new EngineProblem("magic cookie mismatch; possible tampering/corruption detected");
  }
  return {
    manifest: { time: text(manifest.time), magic: text(manifest.magic), version },
    seal: sealOf(deployment),
    resources: objects(deployment.resources).map((resource) => resourceFromJson(resource, crypter)),
    pendingOperations: objects(deployment.pending_operations).map((operation) => pendingFromJson(operation, crypter)),
  };
}

function pendingFromJson(json: JsonObject, crypter: Pick<Crypter, "decrypt"> | undefined): PendingOperation {
  const resource = isJsonObject(json.resource) ? json.resource : {};
  const type = text(json.type);
  const known = (["creating", "updating", "deleting", "reading"] as const).find((name) => name === type);
  return { resource: resourceFromJson(resource, crypter), type: known ?? "updating" };
}

function resourceFromJson(json: JsonObject, crypter: Pick<Crypter, "decrypt"> | undefined): Resource {
  const properties = (value: Json | undefined) => propertiesFromJson(isJsonObject(value) ? value : undefined, crypter);
  return {
    urn: text(json.urn),
    type: text(json.type),
    custom: json.custom === true,
    id: text(json.id),
    inputs: properties(json.inputs),
    outputs: properties(json.outputs),
    parent: text(json.parent),
    protect: json.protect === true,
    external: json.external === true,
    dependencies: texts(json.dependencies),
    propertyDependencies: lists(json.propertyDependencies),
    initErrors: texts(json.initErrors),
    provider: text(json.provider),
    additionalSecretOutputs: texts(json.additionalSecretOutputs),
    aliases: texts(json.aliases),
    customTimeouts: timeouts(json.customTimeouts),
    retainOnDelete: json.retainOnDelete === true,
    deletedWith: text(json.deletedWith),
    ignoreChanges: texts(json.ignoreChanges),
    replaceOnChanges: texts(json.replaceOnChanges),
    delete: json.delete === true,
    pendingReplacement: json.pendingReplacement === true,
    created: text(json.created),
    modified: text(json.modified),
    sourcePosition: text(json.sourcePosition),
    stackTrace: Array.isArray(json.stackTrace) ? json.stackTrace : [],
  };
}

function text(value: Json | undefined): string {
  return typeof value === "string" ? value : "";
}

function texts(value: Json | undefined): string[] {
  return Array.isArray(value) ? value.filter((item) => typeof item === "string") : [];
}

function objects(value: Json | undefined): JsonObject[] {
  return Array.isArray(value) ? value.filter(isJsonObject) : [];
}

function lists(value: Json | undefined): Record<string, string[]> {
  if (!isJsonObject(value)) return {};
  return Object.fromEntries(Object.entries(value).map(([key, list]) => [key, texts(list)]));
}

function timeouts(value: Json | undefined): Timeouts | undefined {
  if (!isJsonObject(value)) return undefined;
  const seconds = (name: string) => (typeof value[name] === "number" ? { [name]: value[name] } : {});
  return { ...seconds("create"), ...seconds("update"), ...seconds("delete") };
}
