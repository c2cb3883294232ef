import type { ImageName } from "../images.ts";
import type { EnginePlans } from "../plans.ts";
import type { Spec } from "../spec.ts";
import type { Addresses, Forwards, Target } from "../target.ts";

// What the store program and the service must know about a piece of shop software. Pure: the service imports engines for
// `proveCheckout`, so nothing here may need Pulumi.

/** Who may open connections to a component and where it may go itself. Everything that is not said is denied. */
export interface ComponentNetwork {
  /** Port of its Service and of its container. Left out by a component that nobody calls. */
  readonly port?: number;
  /** Components that call it, by name; `ingress` is the ingress controller. */
  readonly from?: readonly string[];
  /** Whether it may call web addresses outside of the cluster and its network: payment, shipping, mail providers. */
  readonly outsideWeb?: boolean;
}

/**
 * One entry of the store's Secret. A rotation makes all random ones anew but for those that are `kept`. Values hold only letters and digits (and `_`), so they can be part of an
 * address.
 */
export type CredentialKind =
  /** Random letters and digits; 32 of them carry 190 bits. */
  | { readonly kind: "password"; readonly length: number; readonly kept?: true }
  /** `prefix` and random bytes in hexadecimal. */
  | { readonly kind: "token"; readonly prefix: string; readonly bytes: number; readonly kept?: true }
  /** With what the owner signs in, from the spec. */
  | { readonly kind: "adminEmail" };

export interface CredentialsDefinition {
  /** Entries of the store's Secret, by key. */
  readonly entries: Readonly<Record<string, CredentialKind>>;
  /**
   * The two names under which the store signs in to its database, in turn: a rotation opens the other one with a new password
   * and closes this one when nothing uses it any more, so that nobody is cut off. They become the entries DATABASE_USER and
   * DATABASE_PASSWORD and, after the first rotation, FORMER_DATABASE_USER and FORMER_DATABASE_PASSWORD.
   * Left out by an engine without a database.
   */
  readonly databaseLogins?: readonly [string, string];
  /** Key of the owner's password. */
  readonly adminPassword: string;
  /** What the owner is given besides the password: name in the stack's output → key in the Secret. */
  readonly handedOver: Readonly<Record<string, string>>;
}

/** What the values of a chart are made from. Never holds anything secret. */
export interface ValuesInput {
  readonly spec: Spec;
  readonly target: Target;
  readonly addresses: Addresses;
  /** Full image references by the names in `images`. */
  readonly images: Readonly<Record<string, string>>;
  /** Name of the store's Secret. */
  readonly existingSecret: string;
  /** Name of the Secret with which images are pulled; empty when none is needed. */
  readonly imagePullSecret: string;
  readonly rotation: Rotation;
}

/** Which of its secrets a store has. */
export interface Rotation {
  /** How often they have been made anew. */
  readonly number: number;
  /** Whether the database still takes the login before; only while servers are replaced. */
  readonly formerLogin: "open" | "closed";
}

/** The part of `fetch` that a checkout needs, so that the caller decides how host names are resolved. */
export type Request = (
  url: string,
  init: { method: string; headers: Record<string, string>; body?: string; signal: AbortSignal },
) => Promise<{
  readonly status: number;
  readonly headers?: { get(name: string): string | null };
  text(): Promise<string>;
}>;

export interface CheckoutInput {
  /** Origin at which the store's own API answers, without a slash at its end. */
  readonly origin: string;
  readonly request: Request;
  readonly credentials: { adminUser: string; adminPassword: string; keys: Readonly<Record<string, string>> };
  /** ISO 3166-1 alpha-2: where the order is shipped to. Must be one the store sells to. */
  readonly country: string;
  readonly signal: AbortSignal;
  /** Milliseconds since some moment; injected so that tests need not wait. */
  readonly now: () => number;
}

/** What a proof found out. */
export interface CheckoutProof {
  /** The order that was placed, as the store's owner would see it. It is cancelled again. */
  readonly order: string;
  /** Milliseconds each step took, in the order of the steps. */
  readonly steps: readonly { readonly title: string; readonly milliseconds: number }[];
}

/** What can be seen of a store while it starts for the first time. */
export type Milestone =
  /** A pod of the component has finished its init containers. */
  | { readonly kind: "set-up"; readonly component: string }
  /** A pod of the component is ready. */
  | { readonly kind: "ready"; readonly component: string }
  /** The whole release is. */
  | { readonly kind: "released" };

/** A part of a store's start that a person can follow. */
export interface EngineStep {
  /** Unique among the steps of a creation. */
  readonly key: string;
  /** What a person reads, such as "Start the database". */
  readonly title: string;
  /** How long it takes on two cores; measured runs replace it. */
  readonly seconds: number;
  /** What ends it; the next step begins at the same moment. */
  readonly until: Milestone;
}

/** The store does not sell; the message says at which step and what the store answered, never a credential. */
export class CheckoutProblem extends Error {
  override readonly name = "CheckoutProblem";
}

export interface EngineDefinition {
  /** What people call it. */
  readonly title: string;
  /** Version of the shop software in the image. */
  readonly version: string;
  /** Folder below `charts/`. */
  readonly chart: string;
  /** Folders below `images/` that the chart runs. */
  readonly images: readonly ImageName[];
  readonly plans: EnginePlans;
  /** By component name. Pods carry it as `app.kubernetes.io/component`. */
  readonly network: Readonly<Record<string, ComponentNetwork>>;
  readonly credentials: CredentialsDefinition;
  /** Path of the admin panel below the backend's origin. */
  readonly adminPath: string;
  /** The Services behind the two addresses of a store. */
  readonly forwards: Forwards;
  /** What happens from the moment the release begins, in order. The last one ends when the release is well. */
  readonly steps: readonly EngineStep[];
  values(input: ValuesInput): Readonly<Record<string, unknown>>;
  /** Sentences about what a plan comes to less than it says on such a cluster. Left out: nothing ever does. */
  notes?(spec: Pick<Spec, "plan">, target: Pick<Target, "sharedStorageClass">): readonly string[];
  /** Buys a product as a customer would, checks the order as its owner, and takes it back. */
  proveCheckout(input: CheckoutInput): Promise<CheckoutProof>;
}
