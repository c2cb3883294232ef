import { randomBytes } from "node:crypto";
import type { Properties } from "../../values.ts";
import { UNKNOWN } from "../../values.ts";
import { annotationOf, nameOf, textAt, valueAt, withValueAt } from "./objects.ts";

/** Marks objects whose name we made up, so that a replacement may take another one. */
const AUTONAMED = ["metadata", "annotations", "pulumi.com/autonamed"];

/** Eight hex digits, as the real provider appends them to names. */
export function randomSuffix(): string {
  return randomBytes(4).toString("hex");
}

export function isAutonamed(object: Properties): boolean {
  return annotationOf(object, "pulumi.com/autonamed") === "true";
}

/** True as well when the name is only known after the update. */
export function isNamed(object: Properties): boolean {
  const name = valueAt(object, "metadata", "name");
  return name === UNKNOWN || (typeof name === "string" && name !== "");
}

/**
 * Gives an object without a name one: that of its earlier self when we made that one up, else the resource's name with
 * a random suffix. Throws for `generateName`, which server-side apply cannot do.
 */
export function named(object: Properties, olds: Properties | undefined, resourceName: string): Properties {
  if (isNamed(object)) return object;
  if (textAt(object, "metadata", "generateName") !== undefined) {
    throw new Error("the `.metadata.generateName` field is not supported in Server-Side Apply mode");
  }
  const name = olds && isAutonamed(olds) ? nameOf(olds) : `${resourceName}-${randomSuffix()}`;
  return withValueAt(withValueAt(object, ["metadata", "name"], name), AUTONAMED, "true");
}
