/** Any JSON document. */
export type Json = null | boolean | number | string | Json[] | { [key: string]: Json | undefined };

export type JsonObject = { [key: string]: Json | undefined };

export function isJsonObject(value: unknown): value is JsonObject {
  return typeof value === "object" && value !== null && !Array.isArray(value);
}

/**
 * JSON as Go writes it, because the real CLI's files and answers are compared and hashed as text: `<`, `>`, `&` and the
 * two Unicode line separators are escaped.
 */
export function goJson(value: unknown, indent?: number): string {
  return (JSON.stringify(value, undefined, indent) ?? "null").replace(/[<>&\u2028\u2029]/g, (character) => {
    return `\\u${character.charCodeAt(0).toString(16).padStart(4, "0")}`;
  });
}

/** A copy with the keys in order, as Go prints maps. */
export function sorted<T>(object: Readonly<Record<string, T>>): Record<string, T> {
  return Object.fromEntries(Object.entries(object).sort(([left], [right]) => (left < right ? -1 : 1)));
}
