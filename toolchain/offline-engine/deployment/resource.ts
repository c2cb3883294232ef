import type { Json } from "../json.ts";
import type { Seal } from "../secrets.ts";
import type { Properties } from "../values.ts";

/** What the state knows about one resource. */
export interface Resource {
  readonly urn: string;
  readonly type: string;
  /** True for resources a provider manages; false for components and the stack. */
  readonly custom: boolean;
  /** Empty for components, and for custom resources not created yet. */
  id: string;
  inputs: Properties;
  outputs: Properties;
  /** URN of the parent, empty for the stack itself. */
  parent: string;
  protect: boolean;
  /** True for resources that are read, not managed. */
  external: boolean;
  /** URNs of everything this resource was made from. */
  dependencies: string[];
  propertyDependencies: Record<string, string[]>;
  /** Why the last create or update did not end well; empty when all is well. */
  initErrors: readonly string[];
  /** `<urn>::<id>` of the provider, empty for components. */
  provider: string;
  additionalSecretOutputs: string[];
  /** Earlier URNs of the same resource. */
  aliases: string[];
  customTimeouts: Timeouts | undefined;
  retainOnDelete: boolean;
  deletedWith: string;
  ignoreChanges: string[];
  replaceOnChanges: string[];
  /** True once a replacement exists and this one only waits to be deleted. */
  delete: boolean;
  /** True once deleted to make room for a replacement that does not exist yet. */
  pendingReplacement: boolean;
  /** RFC 3339 with nanoseconds; empty when unknown. */
  created: string;
  modified: string;
  sourcePosition: string;
  stackTrace: Json[];
}

/** Seconds; absent means the provider's default. */
export interface Timeouts {
  create?: number;
  update?: number;
  delete?: number;
}

/** Begun and not known to be finished: written before every step, so that a killed process leaves word of it. */
export interface PendingOperation {
  readonly resource: Resource;
  readonly type: "creating" | "updating" | "deleting" | "reading";
}

/** The whole state of a stack. */
export interface Snapshot {
  readonly manifest: { time: string; magic: string; version: string };
  /** Salt of the passphrase, see secrets.ts. */
  readonly seal: Seal | undefined;
  /** In an order in which everything comes after what it depends on. */
  readonly resources: readonly Resource[];
  readonly pendingOperations: readonly PendingOperation[];
}

let lastNanoseconds = 0n;

/** Now, with the nanoseconds the real CLI writes; never the same twice. */
export function timestamp(): string {
  const nanoseconds = uniqueNanoseconds();
  const seconds = new Date(Number(nanoseconds / 1_000_000n)).toISOString().slice(0, 19);
  const fraction = (nanoseconds % 1_000_000_000n).toString().padStart(9, "0").replace(/0+$/, "");
  return fraction === "" ? `${seconds}Z` : `${seconds}.${fraction}Z`;
}

/** Nanoseconds since 1970, always later than the last answer. */
export function uniqueNanoseconds(): bigint {
  const now = BigInt(Date.now()) * 1_000_000n + (process.hrtime.bigint() % 1_000_000n);
  lastNanoseconds = now > lastNanoseconds ? now : lastNanoseconds + 1n;
  return lastNanoseconds;
}
