/**
 * Property values as the engine, the state and the providers see them: plain JSON plus two things JSON lacks,
 * values that are not known before an update ({@link UNKNOWN}) and values that must not be shown ({@link Secret}).
 */

/** Stands, in a preview, for a value only the real update will bring. There is one of it: compare with `===`. */
export class Unknown {
  toString(): string {
    return "[unknown]";
  }
}

/** The one unknown value. */
export const UNKNOWN: Unknown = new Unknown();

/** A value that is encrypted in the state and masked wherever it is shown. */
export class Secret {
  readonly value: Value;

  constructor(value: Value) {
    this.value = value;
  }
}

export type Value = null | boolean | number | string | Value[] | { [key: string]: Value } | Unknown | Secret;

/** The inputs or outputs of a resource by property name. */
export type Properties = { [key: string]: Value };

/** True for an object of properties, as opposed to a list, a scalar, a secret or an unknown. */
export function isObject(value: Value | undefined): value is Properties {
  return (
    typeof value === "object" &&
    value !== null &&
    !Array.isArray(value) &&
    !(value instanceof Secret) &&
    !(value instanceof Unknown)
  );
}

/** The value without any secret wrappers, at every depth. Unknowns stay. */
export function revealed(value: Value): Value {
  if (value instanceof Secret) return revealed(value.value);
  if (Array.isArray(value)) return value.map(revealed);
  if (isObject(value)) return mapProperties(value, revealed);
  return value;
}

/** The properties without any secret wrappers, at every depth. */
export function revealedProperties(properties: Properties): Properties {
  return mapProperties(properties, revealed);
}

/** True when a secret is anywhere in the value. */
export function holdsSecret(value: Value | undefined): boolean {
  if (value instanceof Secret) return true;
  if (Array.isArray(value)) return value.some(holdsSecret);
  return isObject(value) && Object.values(value).some(holdsSecret);
}

/** True when an unknown is anywhere in the value. */
export function holdsUnknown(value: Value | undefined): boolean {
  if (value instanceof Secret) return holdsUnknown(value.value);
  if (value instanceof Unknown) return true;
  if (Array.isArray(value)) return value.some(holdsUnknown);
  return isObject(value) && Object.values(value).some(holdsUnknown);
}

/** Deep equality. A secret equals the same value in the clear; an unknown equals only an unknown. */
export function equal(left: Value | undefined, right: Value | undefined): boolean {
  if (left instanceof Secret) return equal(left.value, right);
  if (right instanceof Secret) return equal(left, right.value);
  if (Array.isArray(left) && Array.isArray(right)) {
    return left.length === right.length && left.every((item, index) => equal(item, right[index]));
  }
  if (isObject(left) && isObject(right)) {
    const keys = Object.keys(left);
    return (
      keys.length === Object.keys(right).length && keys.every((key) => key in right && equal(left[key], right[key]))
    );
  }
  return left === right;
}

/** A copy with every property passed through `change`. */
export function mapProperties(properties: Properties, change: (value: Value) => Value): Properties {
  return Object.fromEntries(Object.entries(properties).map(([key, value]) => [key, change(value)]));
}
