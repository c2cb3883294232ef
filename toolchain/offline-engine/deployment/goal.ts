import type { Json } from "../json.ts";
import type { Properties } from "../values.ts";
import type { Resource, Timeouts } from "./resource.ts";

/** What the program asked a resource to be. */
export interface Goal {
  readonly type: string;
  readonly name: string;
  readonly custom: boolean;
  readonly parent: string;
  readonly properties: Properties;
  readonly protect: boolean;
  readonly dependencies: string[];
  readonly propertyDependencies: Record<string, string[]>;
  /** `<urn>::<id>` of an explicit provider, or empty for the default one. */
  readonly provider: string;
  /** Version and download address of the package, which pick the default provider. */
  readonly version: string;
  readonly pluginDownloadUrl: string;
  readonly deleteBeforeReplace: boolean | undefined;
  readonly ignoreChanges: string[];
  readonly replaceOnChanges: string[];
  readonly additionalSecretOutputs: string[];
  readonly aliases: readonly AliasGoal[];
  readonly customTimeouts: Timeouts | undefined;
  readonly retainOnDelete: boolean;
  readonly deletedWith: string;
  readonly sourcePosition: string;
  readonly stackTrace: Json[];
}

/** An earlier name of the resource: a whole URN, or the parts that were different. */
export type AliasGoal =
  | { readonly urn: string }
  | {
      readonly name?: string;
      readonly type?: string;
      readonly stack?: string;
      readonly project?: string;
      readonly parent?: string;
    };

/** The resource a goal describes, before a provider has seen it. */
export function resourceOf(goal: Goal, urn: string, provider: string): Resource {
  return {
    urn,
    type: goal.type,
    custom: goal.custom,
    id: "",
    inputs: goal.properties,
    outputs: {},
    parent: goal.parent,
    protect: goal.protect,
    external: false,
    dependencies: goal.dependencies,
    propertyDependencies: goal.propertyDependencies,
    initErrors: [],
    provider,
    additionalSecretOutputs: goal.additionalSecretOutputs,
    aliases: [],
    customTimeouts: goal.customTimeouts,
    retainOnDelete: goal.retainOnDelete,
    deletedWith: goal.deletedWith,
    ignoreChanges: goal.ignoreChanges,
    replaceOnChanges: goal.replaceOnChanges,
    delete: false,
    pendingReplacement: false,
    created: "",
    modified: "",
    sourcePosition: goal.sourcePosition,
    stackTrace: goal.stackTrace,
  };
}
