import * as pulumi from "@pulumi/pulumi";
import type { Rotation } from "./engines/engine.ts";
import { parseRotation } from "./rotation.ts";
import { parseSpec, type Spec } from "./spec.ts";
import { parseTarget, type Target } from "./target.ts";

/** Everything the program is told; `Pulumi.yaml` describes each key. */
export interface Settings {
  readonly spec: Spec;
  readonly target: Target;
  readonly rotation: Rotation;
  readonly connection: Connection;
  /** Content of a `.dockerconfigjson`; `undefined` when images are pulled without a login. */
  readonly registryLogin: pulumi.Output<string> | undefined;
}

/**
 * How the cluster is reached. Both left out: as kubectl would, by KUBECONFIG and its current context. Whoever drives many
 * stacks names the context in STOREFLEET_KUBE_CONTEXT, because like KUBECONFIG it belongs to a machine, not to a stack.
 */
export interface Connection {
  readonly kubeconfig?: string;
  readonly context?: string;
}

/** Reads the stack's configuration. Throws a SettingsProblem that names every mistake. */
export function readSettings(): Settings {
  const config = new pulumi.Config();
  const given = (...keys: string[]) => pick(keys, (key) => config.get(key));
  // Empty means "not set" for these; for keys of the target, such as ingressClass, empty says something.
  const filled = (...keys: string[]) => pick(keys, (key) => config.get(key) || undefined);
  return {
    spec: parseSpec({
      name: pulumi.getStack(),
      ...filled("engine", "engineVersion", "plan", "displayName", "currency", "country", "adminEmail", "domain"),
      ...pick(["sampleData"], (key) => yesOrNo(config.get(key))),
    }),
    target: parseTarget({
      ...given("baseDomain", "ingressClass", "ingressNamespace", "gateway", "tlsSecret", "certificateIssuer"),
      ...given("storageClass", "sharedStorageClass", "imageRegistry"),
      ...pick(["wildcardCertificate"], (key) => yesOrNo(config.get(key))),
      ...pick(["ingressAnnotations"], (key) => (config.get(key) ? config.requireObject(key) : undefined)),
      ...pick(["ingressPort"], (key) => wholeNumber(config.get(key))),
      ...pick(["blockedRanges"], (key) => list(config.get(key))),
    }),
    rotation: parseRotation({
      ...pick(["rotation"], (key) => wholeNumber(config.get(key))),
      ...filled("formerLogin"),
    }),
    connection: {
      ...pick(["context"], () => process.env.STOREFLEET_KUBE_CONTEXT || undefined),
      ...filled("kubeconfig", "context"),
    },
    registryLogin: secretUnlessEmpty(config, "registryLogin"),
  };
}

/** The keys that have a value, so that the schema's defaults apply to the others. */
function pick<T>(keys: readonly string[], read: (key: string) => T | undefined): Record<string, T> {
  const picked: Record<string, T> = {};
  for (const key of keys) {
    const value = read(key);
    if (value !== undefined) picked[key] = value;
  }
  return picked;
}

/** Configuration arrives as text; what is no boolean is left for the schema to refuse in its own words. */
function yesOrNo(text: string | undefined): boolean | string | undefined {
  return text === "true" ? true : text === "false" ? false : text;
}

function wholeNumber(text: string | undefined): number | string | undefined {
  return text !== undefined && /^\d+$/.test(text) ? Number(text) : text;
}

/** Written with commas: Pulumi takes a value of the type array from a file only, not from `pulumi config set`. */
function list(text: string | undefined): string[] | undefined {
  return text?.split(",").map((part) => part.trim());
}

/** A key with the default "" is always there. Reading it by `config.get` to see would warn that it is a secret. */
function secretUnlessEmpty(config: pulumi.Config, key: string): pulumi.Output<string> | undefined {
  const empty = !pulumi.runtime.getConfig(`${config.name}:${key}`);
  return empty ? undefined : config.requireSecret(key);
}
