import type { Resource } from "../../../toolchain/offline-engine/deployment/resource.ts";

/** A resource of a state, with only what a test is about. */
export function makeResource(name: string, wish: Partial<Resource> = {}): Resource {
  const type = wish.type ?? "random:index/randomPet:RandomPet";
  return {
    urn: `urn:pulumi:dev::test::${type}::${name}`,
    type,
    custom: true,
    id: name,
    inputs: {},
    outputs: {},
    parent: "",
    protect: false,
    external: false,
    dependencies: [],
    propertyDependencies: {},
    initErrors: [],
    provider: "",
    additionalSecretOutputs: [],
    aliases: [],
    customTimeouts: undefined,
    retainOnDelete: false,
    deletedWith: "",
    ignoreChanges: [],
    replaceOnChanges: [],
    delete: false,
    pendingReplacement: false,
    created: "",
    modified: "",
    sourcePosition: "",
    stackTrace: [],
    ...wish,
  };
}
