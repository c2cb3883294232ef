import { createHash } from "node:crypto";
import { isObject, type Properties, Secret } from "../../values.ts";
import { fromServer } from "./crd-keys.ts";
import { isKind } from "./kinds.ts";
import { annotationOf, textAt } from "./objects.ts";

/** Names under which the real provider keeps its own notes among the outputs; the state must stay readable by it. */
const INPUTS = "__inputs";
const INITIAL_API_VERSION = "__initialApiVersion";
const FIELD_MANAGER = "__fieldManager";

/** Outputs are the live object, and beside it what the next diff and update need to know. */
export function checkpoint(object: {
  inputs: Properties;
  live: Properties;
  initialApiVersion: string;
  fieldManager: string;
}): Properties {
  return {
    ...withSecretContents(fromServer(object.live)),
    [INPUTS]: withSecretContents(object.inputs),
    [INITIAL_API_VERSION]: object.initialApiVersion,
    [FIELD_MANAGER]: object.fieldManager,
  };
}

export interface Checkpoint {
  /** What was asked for; empty when the outputs are not ours. */
  readonly inputs: Properties;
  readonly live: Properties;
}

export function parseCheckpoint(outputs: Properties): Checkpoint {
  const { [INPUTS]: inputs, [INITIAL_API_VERSION]: _version, [FIELD_MANAGER]: _manager, ...live } = outputs;
  return { inputs: isObject(inputs) ? inputs : {}, live };
}

/** What a Secret holds is secret, whoever wrote it into the program. */
export function withSecretContents(object: Properties): Properties {
  if (!isKind(object, "v1", "Secret")) return object;
  return Object.fromEntries(
    Object.entries(object).map(([key, value]) => [
      key,
      (key === "data" || key === "stringData") && !(value instanceof Secret) ? new Secret(value) : value,
    ]),
  );
}

/** The API version the object was first made with. */
export function initialApiVersion(outputs: Properties | undefined, inputs: Properties): string {
  return textAt(outputs, INITIAL_API_VERSION) ?? textAt(inputs, "apiVersion") ?? "";
}

/**
 * The name under which we own fields of the object. Each object has its own, kept in the state, so that two stacks that
 * set fields of one object notice each other. It is made from the URN, so that a run after a kill is the same manager.
 */
export function fieldManagerOf(urn: string, outputs: Properties | undefined, inputs: Properties): string {
  return (
    annotationOf(inputs, "pulumi.com/patchFieldManager") ??
    textAt(outputs, FIELD_MANAGER) ??
    `pulumi-kubernetes-${createHash("sha256").update(urn).digest("hex").slice(0, 8)}`
  );
}
