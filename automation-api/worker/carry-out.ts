import { setTimeout as sleep } from "node:timers/promises";
import type { CheckoutProof, Request } from "../../stores/engines/engine.ts";
import type { Target } from "../../stores/target.ts";
import { type BringUpOptions, bringUpStore, configOf } from "../bring-up-store.ts";
import type { CredentialsReader } from "../cluster/credentials-reader.ts";
import type { OperationKind } from "../contract/operation.ts";
import type { StackResource } from "../contract/store.ts";
import type { HeldWork } from "../database/operation-repository.ts";
import { toSentence } from "../domain/event-lines.ts";
import { type RunLease, type RunOptions, StackError, type StackRunner } from "../stack-runner.ts";
import { OperationProblem } from "./explain.ts";

/** What work on stores needs of the world. */
export interface Tools {
  readonly runner: StackRunner;
  /** Where stores run. */
  readonly target: Target;
  /** Resolves the store's host name; see `loopback-fetch.ts`. */
  readonly request: Request;
  readonly readCredentials: CredentialsReader;
  /** What the cluster still holds of a store, each named in a few words. Throws ClusterUnreachable. */
  readonly leftOf: (store: string) => Promise<readonly string[]>;
}

/** What an operation that went well leaves behind. */
export interface Outcome {
  readonly outputs?: Readonly<Record<string, unknown>>;
  readonly resources?: readonly StackResource[];
  /** How often the store's secrets have been made anew, where that has changed. */
  readonly rotation?: number;
  /** Last line of the operation. */
  readonly text: string;
}

export interface Run extends RunOptions {
  readonly signal: AbortSignal;
  readonly operation: string;
  readonly lease: RunLease;
  /** The stack is there, or gone, and the rest begins; `close`: the secrets before are refused from now on. */
  readonly onStage: (stage: "proof" | "close" | "verify") => void;
  /** Something a person should know. */
  readonly onWarning: (text: string) => void;
}

/** The store that something is done to. */
type Subject = HeldWork["store"];

/** How long a namespace and its volumes may take to be gone once the stack is, in milliseconds. */
const PATIENCE = 60_000;

/** What each kind of operation does. Throws what `failureOf` can explain. */
export const carryOut: Readonly<Record<OperationKind, (tools: Tools, store: Subject, run: Run) => Promise<Outcome>>> = {
  create: createStore,
  rotate: rotateSecrets,
  delete: deleteStore,
};

async function createStore(tools: Tools, store: Subject, run: Run): Promise<Outcome> {
  const { proof, ...rest } = await broughtUp(tools, store, { ...run, rotation: store.rotation });
  const text = proof === undefined ? "The store is ready." : `The store is ready: ${wentThrough(proof)}`;
  return { ...rest, text };
}

/**
 * First everything runs with new secrets while the ones before still open the database, so that no server is cut off from it
 * before its successor sells; then they are refused. Doing so again with the same number makes nothing new a second time.
 */
async function rotateSecrets(tools: Tools, store: Subject, run: Run): Promise<Outcome> {
  const rotation = store.rotation + 1;
  const { spec } = store;
  await tools.runner.up(spec.name, configOf(spec, tools.target, { rotation, formerLogin: "open" }), run);
  run.onStage("close");
  const { proof, ...rest } = await broughtUp(tools, store, { ...run, rotation });
  const proved = proof === undefined ? "" : ` The store sells: ${wentThrough(proof)}`;
  return { ...rest, rotation, text: `The store has new secrets, and the ones before are refused.${proved}` };
}

function wentThrough({ order }: CheckoutProof): string {
  return `a test order (${order}) went through and was taken back.`;
}

async function broughtUp(tools: Tools, { spec }: Subject, run: Run & BringUpOptions) {
  // Asked for while the store proves that it sells: the answer takes no longer than that.
  let resources: Promise<readonly StackResource[] | undefined> = Promise.resolve(undefined);
  const store = await bringUpStore(tools, spec, tools.target, {
    ...run,
    onUp: () => {
      resources = resourcesOrNone(tools.runner, spec.name);
    },
    onProof: () => run.onStage("proof"),
  });
  const found = await resources;
  return {
    outputs: Object.fromEntries(Object.entries(store.outputs).filter(([, value]) => value !== undefined)),
    ...(found && { resources: found }),
    proof: store.proof,
  };
}

/** Which resources there are is nice to know; a store is no worse when that cannot be told. */
export async function resourcesOrNone(
  runner: StackRunner,
  stack: string,
): Promise<readonly StackResource[] | undefined> {
  try {
    return await runner.resources(stack);
  } catch {
    return undefined;
  }
}

async function deleteStore(tools: Tools, { spec }: Subject, run: Run): Promise<Outcome> {
  await destroyForSure(tools.runner, spec.name, run);
  run.onStage("verify");
  const deadline = Date.now() + PATIENCE;
  for (let left = await tools.leftOf(spec.name); left.length > 0; left = await tools.leftOf(spec.name)) {
    if (Date.now() > deadline) {
      throw new OperationProblem(
        `A minute after the stack is gone, the cluster still holds ${left.join(", ")}. Look at it with kubectl, then delete the store again.`,
      );
    }
    await sleep(500, undefined, { signal: run.signal });
  }
  return { resources: [], text: "The store is deleted; nothing of it is left." };
}

/** What somebody removed by hand makes the first try fail; then the state is brought up to date and the second succeeds. */
async function destroyForSure(runner: StackRunner, stack: string, run: Run): Promise<void> {
  try {
    await runner.destroy(stack, run);
  } catch (error) {
    if (run.signal.aborted || !(error instanceof StackError) || error.kind !== "failed") throw error;
    run.onWarning(`${toSentence(error.message)} Looking at what is really there, and trying once more.`);
    await runner.refresh(stack, run);
    await runner.destroy(stack, run);
  }
}
