import { setTimeout as sleep } from "node:timers/promises";
import { CheckoutProblem, type CheckoutProof, type Request } from "../stores/engines/engine.ts";
import { engines } from "../stores/engines/registry.ts";
import { type Credentials, credentialsSchema, type Outputs, outputsSchema } from "../stores/outputs.ts";
import type { Spec } from "../stores/spec.ts";
import { addressesOf, type Target } from "../stores/target.ts";
import type { ChangeSummary, RunOptions, StackConfig, StackRunner } from "./stack-runner.ts";

export interface BringUpDependencies {
  readonly runner: StackRunner;
  /** Resolves the store's host name; see `loopback-fetch.ts`. */
  readonly request: Request;
  /**
   * Reads the store's credentials where the cluster keeps them; `undefined` when there are none. Left out, or finding
   * nothing, they are read from the state: that takes a second longer, because Pulumi opens every secret for it.
   */
  readonly readCredentials?: (store: Pick<Spec, "name" | "engine">) => Promise<Credentials | undefined>;
}

export interface BringUpOptions extends RunOptions {
  /** How often the store's secrets have been made anew. Default 0. */
  readonly rotation?: number;
  /** Called when the stack is up, whether there is something to prove or not. */
  readonly onUp?: () => void;
  /** Called when the stack is up and the store is asked to sell. */
  readonly onProof?: () => void;
  /** How long a store that is up may take until it sells. Default 90 seconds. */
  readonly proofSeconds?: number;
}

/** A store that has proved that it sells. */
export interface SellableStore {
  readonly outputs: Outputs;
  readonly changes: ChangeSummary;
  /** `undefined` when there was nothing to prove: no way in from outside, or no product to buy. */
  readonly proof: CheckoutProof | undefined;
  /** Seconds until the stack was up, and from then until the proof was complete. */
  readonly seconds: { readonly up: number; readonly proof: number };
}

/** Which secrets a store has. */
export interface SecretsWish {
  /** How often they have been made anew. */
  readonly rotation: number;
  /** Whether the database still takes the login before. */
  readonly formerLogin: "open" | "closed";
}

/** A setting that was made once and is left out now must not stay in the stack's configuration; empty means "not set". */
const UNSET = { engineVersion: "", domain: "" };

/** The configuration of a store's stack: every setting as Pulumi keeps it. The name is the stack's own. */
export function configOf(
  spec: Spec,
  target: Target,
  secrets: SecretsWish = { rotation: 0, formerLogin: "closed" },
): StackConfig {
  const { name: _name, ...settings } = spec;
  const { blockedRanges, ingressAnnotations: annotations, ...where } = target;
  const lists = {
    blockedRanges: blockedRanges.join(","),
    ingressAnnotations: Object.keys(annotations).length === 0 ? "" : JSON.stringify(annotations),
  };
  const entries = Object.entries({ ...UNSET, ...settings, ...where, ...secrets, ...lists });
  return Object.fromEntries(
    entries.filter(([, value]) => value !== undefined).map(([key, value]) => [key, String(value)]),
  );
}

async function credentialsFor({ runner, readCredentials }: BringUpDependencies, spec: Spec): Promise<Credentials> {
  const read = await readCredentials?.(spec);
  return read ?? credentialsSchema.parse(await runner.readSecretOutput(spec.name, "credentials"));
}

/** Asks the store to sell until it does: the ingress controller may learn of it a moment after its pods are ready. */
async function prove(
  dependencies: BringUpDependencies,
  spec: Spec,
  target: Target,
  options: BringUpOptions,
): Promise<CheckoutProof | undefined> {
  const addresses = addressesOf(spec, target, engines[spec.engine].forwards);
  if (addresses.host === undefined || !spec.sampleData) return undefined;
  options.onProof?.();
  const credentials = await credentialsFor(dependencies, spec);
  const deadline = Date.now() + (options.proofSeconds ?? 90) * 1000;
  for (;;) {
    options.signal?.throwIfAborted();
    try {
      return await engines[spec.engine].proveCheckout({
        origin: addresses.backend,
        request: dependencies.request,
        credentials,
        country: spec.country,
        signal: options.signal ?? new AbortController().signal,
        now: () => performance.now(),
      });
    } catch (error) {
      if (!(error instanceof CheckoutProblem) || Date.now() > deadline) throw error;
      await sleep(250, undefined, options.signal && { signal: options.signal });
    }
  }
}

/** Brings a store's stack up and proves that the store sells. Doing so again changes nothing that is as it should be. */
export async function bringUpStore(
  dependencies: BringUpDependencies,
  spec: Spec,
  target: Target,
  options: BringUpOptions = {},
): Promise<SellableStore> {
  const begin = performance.now();
  const config = configOf(spec, target, { rotation: options.rotation ?? 0, formerLogin: "closed" });
  const { changes, outputs } = await dependencies.runner.up(spec.name, config, options);
  const up = performance.now();
  options.onUp?.();
  const proof = await prove(dependencies, spec, target, options);
  return {
    outputs: outputsSchema.parse(outputs),
    changes,
    proof,
    seconds: { up: (up - begin) / 1000, proof: (performance.now() - up) / 1000 },
  };
}
