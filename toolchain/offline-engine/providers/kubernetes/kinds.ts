import type { Properties } from "../../values.ts";
import { textAt } from "./objects.ts";

/** A type of object as Kubernetes names it: `{ apiVersion: "apps/v1", kind: "Deployment" }`. */
export interface Kind {
  readonly apiVersion: string;
  readonly kind: string;
}

const TOKEN = /^kubernetes:(?<group>[a-z0-9.-]+)\/(?<version>v[a-z0-9]+):(?<kind>[A-Za-z0-9]+)$/;
/** Modules of the package whose types are not objects of a cluster. */
const NOT_OBJECTS: readonly string[] = ["helm.sh", "yaml", "kustomize"];

/**
 * The kind behind a type token, as in `kubernetes:apps/v1:Deployment`, or `undefined` when the token names something
 * that is not one object of a cluster: charts and manifests, patches of objects made elsewhere, and lists.
 */
export function kindOfType(type: string): Kind | undefined {
  const { group, version, kind } = TOKEN.exec(type)?.groups ?? {};
  if (group === undefined || version === undefined || kind === undefined) return undefined;
  if (NOT_OBJECTS.includes(group) || /(?:Patch|List)$/.test(kind)) return undefined;
  return { apiVersion: group === "core" ? version : `${group}/${version}`, kind };
}

export function kindOf(object: Properties): Kind {
  return { apiVersion: textAt(object, "apiVersion") ?? "", kind: textAt(object, "kind") ?? "" };
}

export function isKind(object: Properties, apiVersion: string, kind: string): boolean {
  return object.apiVersion === apiVersion && object.kind === kind;
}

/** `apps/v1/Deployment`: how the tables of this folder name a kind. */
export function kindKey({ apiVersion, kind }: Kind): string {
  return `${apiVersion}/${kind}`;
}

export function isCustomResourceDefinition(object: Properties): boolean {
  return object.kind === "CustomResourceDefinition";
}
