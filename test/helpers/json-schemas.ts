// What an API server says about its kinds, in the form that kubeconform reads.

/** A schema of OpenAPI 2, as far as Kubernetes uses them: one definition, a part of one, or a whole file. */
export interface Schema {
  readonly type?: string;
  readonly format?: string;
  readonly $ref?: string;
  readonly properties?: Readonly<Record<string, Schema>>;
  readonly additionalProperties?: boolean | Schema;
  readonly items?: Schema;
  readonly oneOf?: readonly Schema[];
  readonly definitions?: Readonly<Record<string, Schema>>;
  readonly [keyword: string]: unknown;
}

interface GroupVersionKind {
  readonly group: string;
  readonly version: string;
  readonly kind: string;
}

interface Definition extends Schema {
  readonly "x-kubernetes-group-version-kind"?: readonly GroupVersionKind[];
}

/** The answer to `/openapi/v2`, as far as it is read here. */
export interface OpenApi {
  readonly definitions: Readonly<Record<string, Definition>>;
}

const reference = "#/definitions/";
const quantity = "io.k8s.apimachinery.pkg.api.resource.Quantity";

/**
 * One schema per kind and version, by the file name under which kubeconform looks for it (`deployment-apps-v1.json`).
 * Each holds all the definitions it refers to, and refuses fields it does not know.
 */
export function jsonSchemas(openApi: OpenApi): Map<string, Schema> {
  const strict = new Map(Object.entries(openApi.definitions).map(([name, schema]) => [name, strictly(schema, name)]));
  return new Map(
    Object.entries(openApi.definitions).flatMap(([name, { "x-kubernetes-group-version-kind": kinds = [] }]) => {
      if (kinds.length === 0) return [];
      const definitions = Object.fromEntries(reachable(name, strict));
      const schema: Schema = { $ref: reference + name, definitions };
      return kinds.map((kind): [string, Schema] => [fileName(kind), schema]);
    }),
  );
}

/** `{{ .ResourceKind }}{{ .KindSuffix }}` in kubeconform's words: of the group, only what stands before the first dot. */
function fileName({ group, version, kind }: GroupVersionKind): string {
  const [shortGroup = ""] = group.split(".");
  return `${[kind, shortGroup, version].filter((part) => part !== "").join("-")}.json`.toLowerCase();
}

/** The definition and all it refers to, directly or not. Kinds such as a CRD's schema refer to themselves. */
function reachable(
  name: string,
  all: ReadonlyMap<string, Schema>,
  found: Map<string, Schema> = new Map(),
): Map<string, Schema> {
  const schema = all.get(name);
  if (schema === undefined) throw new Error(`The API server refers to ${name} but does not define it.`);
  if (found.has(name)) return found;
  found.set(name, schema);
  for (const part of partsOf(schema)) {
    if (part.$ref !== undefined) reachable(part.$ref.slice(reference.length), all, found);
  }
  return found;
}

/** The schema and every schema inside it. Names of properties are no keywords, even where they read like one. */
function partsOf(schema: Schema): Schema[] {
  const { properties = {}, additionalProperties, items } = schema;
  const inner = [...Object.values(properties), additionalProperties, items].filter((part) => typeof part === "object");
  return [schema, ...inner.flatMap(partsOf)];
}

function strictly(schema: Schema, name = ""): Schema {
  if (schema.format === "int-or-string" || schema["x-kubernetes-int-or-string"] === true) {
    return { oneOf: [{ type: "string" }, { type: "integer" }] };
  }
  // Written as text in the API, but a bare number is read too.
  if (name === quantity) return { oneOf: [{ type: "string" }, { type: "number" }] };
  const { properties, additionalProperties, items } = schema;
  const open = additionalProperties !== undefined || schema["x-kubernetes-preserve-unknown-fields"] === true;
  return {
    ...schema,
    ...(properties !== undefined && {
      properties: Object.fromEntries(Object.entries(properties).map(([key, part]) => [key, strictly(part)])),
      ...(!open && { additionalProperties: false }),
    }),
    ...(typeof additionalProperties === "object" && { additionalProperties: strictly(additionalProperties) }),
    ...(items !== undefined && { items: strictly(items) }),
  };
}
