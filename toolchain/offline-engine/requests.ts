import { isAbsolute, relative } from "node:path";
import type { Alias } from "@pulumi/pulumi/proto/alias_pb.js";
import type { ReadResourceRequest, RegisterResourceRequest } from "@pulumi/pulumi/proto/resource_pb.js";
import type { SourcePosition, StackTrace } from "@pulumi/pulumi/proto/source_pb.js";
import type { AliasGoal, Goal } from "./deployment/goal.ts";
import type { Timeouts } from "./deployment/resource.ts";
import type { Json } from "./json.ts";
import { fromStruct } from "./marshal.ts";
import { refuse } from "./problem.ts";

/** What the program asks for when it registers a resource. Refuses options this engine does not know. */
export function goalOf(request: RegisterResourceRequest, projectFolder: string): Goal {
  refuseUnknownOptions(request);
  return {
    type: request.getType(),
    name: request.getName(),
    custom: request.getCustom(),
    parent: request.getParent(),
    properties: fromStruct(request.getObject()),
    protect: request.getProtect() ?? false,
    dependencies: request.getDependenciesList(),
    propertyDependencies: propertyDependencies(request),
    provider: request.getProvider(),
    version: request.getVersion(),
    pluginDownloadUrl: request.getPlugindownloadurl(),
    deleteBeforeReplace: request.getDeletebeforereplacedefined() ? request.getDeletebeforereplace() : undefined,
    ignoreChanges: request.getIgnorechangesList(),
    replaceOnChanges: request.getReplaceonchangesList(),
    additionalSecretOutputs: request.getAdditionalsecretoutputsList(),
    aliases: [
      ...request.getAliasurnsList().map((urn) => ({ urn })),
      ...request.getAliasesList().map((alias) => aliasGoal(alias)),
    ],
    customTimeouts: customTimeouts(request),
    retainOnDelete: request.getRetainondelete() ?? false,
    deletedWith: request.getDeletedwith(),
    sourcePosition: position(request.getSourceposition(), projectFolder),
    stackTrace: stackTrace(request.getStacktrace(), projectFolder),
  };
}

/** A resource that is only read. */
export function readGoalOf(request: ReadResourceRequest, projectFolder: string): Goal {
  return {
    type: request.getType(),
    name: request.getName(),
    custom: true,
    parent: request.getParent(),
    properties: fromStruct(request.getProperties()),
    protect: false,
    dependencies: request.getDependenciesList(),
    propertyDependencies: {},
    provider: request.getProvider(),
    version: request.getVersion(),
    pluginDownloadUrl: request.getPlugindownloadurl(),
    deleteBeforeReplace: undefined,
    ignoreChanges: [],
    replaceOnChanges: [],
    additionalSecretOutputs: request.getAdditionalsecretoutputsList(),
    aliases: [],
    customTimeouts: undefined,
    retainOnDelete: false,
    deletedWith: "",
    sourcePosition: position(request.getSourceposition(), projectFolder),
    stackTrace: stackTrace(request.getStacktrace(), projectFolder),
  };
}

function refuseUnknownOptions(request: RegisterResourceRequest): void {
  const what = `Resource '${request.getName()}' of type ${request.getType()}`;
  if (request.getImportid() !== "") throw refuse(`${what} with the option 'import'`);
  if (request.getRemote()) throw refuse(`${what}, a component of another package,`);
  if (request.getTransformsList().length > 0) throw refuse(`${what} with the option 'transforms'`);
  if (request.getReplaceWithList().length > 0) throw refuse(`${what} with the option 'replaceWith'`);
  if (request.hasReplacementTrigger()) throw refuse(`${what} with the option 'replacementTrigger'`);
}

function propertyDependencies(request: RegisterResourceRequest): Record<string, string[]> {
  const dependencies: Record<string, string[]> = {};
  request.getPropertydependenciesMap().forEach((value, key) => {
    dependencies[key] = value.getUrnsList();
  });
  return dependencies;
}

function aliasGoal(alias: Alias): AliasGoal {
  const spec = alias.getSpec();
  if (spec === undefined) return { urn: alias.getUrn() };
  const parts = {
    name: spec.getName(),
    type: spec.getType(),
    stack: spec.getStack(),
    project: spec.getProject(),
  };
  const said = Object.fromEntries(Object.entries(parts).filter(([, value]) => value !== ""));
  if (spec.getNoparent()) return { ...said, parent: "" };
  return spec.getParenturn() === "" ? said : { ...said, parent: spec.getParenturn() };
}

function customTimeouts(request: RegisterResourceRequest): Timeouts | undefined {
  const said = request.getCustomtimeouts();
  const timeouts: Timeouts = {};
  for (const [key, text] of [
    ["create", said?.getCreate()],
    ["update", said?.getUpdate()],
    ["delete", said?.getDelete()],
  ] as const) {
    if (text !== undefined && text !== "") timeouts[key] = seconds(text);
  }
  return Object.keys(timeouts).length === 0 ? undefined : timeouts;
}

const UNITS: Readonly<Record<string, number>> = { h: 3600, m: 60, s: 1, ms: 0.001, us: 1e-6, µs: 1e-6, ns: 1e-9 };

/** Reads a duration as Go writes it, such as `1h30m` or `2.5s`. */
export function seconds(text: string): number {
  const parts = [...text.matchAll(/(\d+(?:\.\d+)?)(ms|us|µs|ns|h|m|s)/g)];
  if (parts.length === 0 || parts.map(([part]) => part).join("") !== text) {
    throw new Error(`unable to parse customTimeout value '${text}': write it like 90s, 10m or 1h30m`);
  }
  return parts.reduce((sum, [, amount, unit]) => sum + Number(amount) * (UNITS[unit ?? "s"] ?? 1), 0);
}

function stackTrace(trace: StackTrace | undefined, projectFolder: string): Json[] {
  return (trace?.getFramesList() ?? []).map((frame) => {
    const sourcePosition = position(frame.getPc(), projectFolder);
    return sourcePosition === "" ? {} : { sourcePosition };
  });
}

/** Where in the program, relative to the project, so that the state is the same on every machine. */
function position(said: SourcePosition | undefined, projectFolder: string): string {
  const file = said?.getUri().replace(/^(file:\/\/)+/, "") ?? "";
  if (said === undefined || !isAbsolute(file)) return "";
  return `project:///${relative(projectFolder, file)}#${said.getLine()},${said.getColumn()}`;
}
