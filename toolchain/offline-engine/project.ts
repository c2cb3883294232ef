import { existsSync, readFileSync } from "node:fs";
import { dirname, join, resolve } from "node:path";
import { parse } from "yaml";
import { isJsonObject, type Json, type JsonObject } from "./json.ts";
import { EngineProblem, messageOf, refuse } from "./problem.ts";

/** What `Pulumi.yaml` says. */
export interface Project {
  readonly name: string;
  /** Folder of `Pulumi.yaml`; relative paths and `Pulumi.<stack>.yaml` are beside it. */
  readonly folder: string;
  readonly file: string;
  /** Folder or file of the program, absolute. */
  readonly program: string;
  /** Whether the SDK shall load TypeScript through ts-node; programs run by Node itself say false. */
  readonly typescript: boolean;
  /** Extra arguments for node. */
  readonly nodeArguments: readonly string[];
  readonly backendUrl: string | undefined;
  readonly config: Readonly<Record<string, ConfigDeclaration>>;
  /** Folder of the stack configuration files, absolute. */
  readonly stackConfigFolder: string;
}

/** A configuration key as the project declares it. */
export interface ConfigDeclaration {
  readonly type: "string" | "integer" | "boolean" | "array" | "object" | "number" | undefined;
  readonly items: ConfigDeclaration["type"];
  readonly secret: boolean;
  readonly default: Json | undefined;
  readonly description: string | undefined;
}

const FILES = ["Pulumi.yaml", "Pulumi.yml", "Pulumi.json"];

/** The project of a folder or of the nearest folder above it. */
export function findProject(from: string): Project | undefined {
  for (let folder = resolve(from); ; folder = dirname(folder)) {
    const file = FILES.map((name) => join(folder, name)).find((path) => existsSync(path));
    if (file !== undefined) return readProject(file);
    if (dirname(folder) === folder) return undefined;
  }
}

export function requireProject(from: string): Project {
  const project = findProject(from);
  if (project !== undefined) return project;
  throw new EngineProblem(
    `no Pulumi.yaml project file found (searching upwards from ${from}). ` +
      "If you have not created a project yet, use `pulumi new` to do so with the real Pulumi CLI",
  );
}

function readProject(file: string): Project {
  const document = parseDocument(file);
  const name = document.name;
  if (typeof name !== "string" || name === "") throw new EngineProblem(`${file} is missing a 'name' attribute`);
  const folder = dirname(file);
  const runtime = runtimeOf(document.runtime, file);
  const main = typeof document.main === "string" ? document.main : ".";
  const backend = document.backend;
  const stackConfigDir = document.stackConfigDir;
  return {
    name,
    folder,
    file,
    program: resolve(folder, main),
    typescript: runtime.typescript !== false,
    nodeArguments: typeof runtime.nodeargs === "string" ? runtime.nodeargs.split(/\s+/).filter(Boolean) : [],
    backendUrl: isJsonObject(backend) && typeof backend.url === "string" ? backend.url : undefined,
    config: declarations(document.config, name),
    stackConfigFolder: typeof stackConfigDir === "string" ? resolve(folder, stackConfigDir) : folder,
  };
}

function parseDocument(file: string): JsonObject {
  try {
    const document: unknown = parse(readFileSync(file, "utf8"));
    if (isJsonObject(document)) return document;
  } catch (cause) {
    throw new EngineProblem(`could not read ${file}: ${messageOf(cause)}`);
  }
  throw new EngineProblem(`${file} must contain a mapping of attributes`);
}

/** The options of the runtime; only Node.js programs run here. */
function runtimeOf(runtime: Json | undefined, file: string): JsonObject {
  const name = isJsonObject(runtime) ? runtime.name : runtime;
  if (name === undefined) throw new EngineProblem(`${file} is missing a 'runtime' attribute`);
  if (name !== "nodejs") throw refuse(`runtime '${String(name)}' of ${file}`);
  const options = isJsonObject(runtime) ? runtime.options : undefined;
  return isJsonObject(options) ? options : {};
}

function declarations(config: Json | undefined, project: string): Record<string, ConfigDeclaration> {
  if (!isJsonObject(config)) return {};
  return Object.fromEntries(
    Object.entries(config).map(([key, value]) => [key.includes(":") ? key : `${project}:${key}`, declaration(value)]),
  );
}

/** Either `{type, default, …}` or just the value for all stacks. */
function declaration(value: Json | undefined): ConfigDeclaration {
  const simple = { type: undefined, items: undefined, secret: false, description: undefined };
  if (!isJsonObject(value)) return { ...simple, default: value ?? undefined };
  const items = isJsonObject(value.items) ? value.items.type : undefined;
  return {
    type: declaredType(value.type),
    items: declaredType(items),
    secret: value.secret === true,
    default: value.value ?? value.default ?? undefined,
    description: typeof value.description === "string" ? value.description : undefined,
  };
}

function declaredType(type: Json | undefined): ConfigDeclaration["type"] {
  const types = ["string", "integer", "boolean", "array", "object", "number"] as const;
  return types.find((name) => name === type);
}
