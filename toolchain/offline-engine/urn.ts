/** Type of the resource that stands for the whole stack; every resource without another parent is its child. */
export const STACK_TYPE = "pulumi:pulumi:Stack";
export const PROVIDER_TYPE_PREFIX = "pulumi:providers:";

export interface UrnParts {
  stack: string;
  project: string;
  /** Types of the parents and of the resource, outermost first, joined by `$`. */
  qualifiedType: string;
  name: string;
}

/** Takes `urn:pulumi:<stack>::<project>::<qualified type>::<name>` apart; the name may itself contain `::`. */
export function parseUrn(urn: string): UrnParts {
  const [head = "", project = "", qualifiedType = "", ...name] = urn.split("::");
  return { stack: head.replace(/^urn:pulumi:/, ""), project, qualifiedType, name: name.join("::") };
}

export function makeUrn(place: { stack: string; project: string }, parent: string, type: string, name: string): string {
  const parentType = parent === "" ? "" : parseUrn(parent).qualifiedType;
  const prefix = parentType === "" || parentType === STACK_TYPE ? "" : `${parentType}$`;
  return `urn:pulumi:${place.stack}::${place.project}::${prefix}${type}::${name}`;
}

export function nameOf(urn: string): string {
  return parseUrn(urn).name;
}

/** The resource's own type, without those of its parents. */
export function typeOf(urn: string): string {
  return parseUrn(urn).qualifiedType.split("$").at(-1) ?? "";
}

export function isStack(urn: string): boolean {
  return parseUrn(urn).qualifiedType === STACK_TYPE;
}

export function isProviderType(type: string): boolean {
  return type.startsWith(PROVIDER_TYPE_PREFIX);
}

/** `kubernetes` for both `kubernetes:core/v1:Secret` and `pulumi:providers:kubernetes`. */
export function packageOf(type: string): string {
  return isProviderType(type) ? type.slice(PROVIDER_TYPE_PREFIX.length) : (type.split(":")[0] ?? "");
}

/** True for providers the engine made because the program named none. They are not counted in summaries. */
export function isDefaultProvider(urn: string): boolean {
  return isProviderType(typeOf(urn)) && /^default(_|$)/.test(nameOf(urn));
}

/** What a resource's `provider` field holds: the provider's URN and id. */
export function parseProviderReference(reference: string): { urn: string; id: string } {
  const cut = reference.lastIndexOf("::");
  return { urn: reference.slice(0, cut), id: reference.slice(cut + 2) };
}
