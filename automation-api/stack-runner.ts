import type { StackResource } from "./contract/store.ts";
import type { Span } from "./tracing/tracing.ts";

/**
 * What the rest of the service knows about running stacks. It speaks our words only:
 * the adapter that translates them to the Pulumi Automation API is `automation-stack-runner.ts`.
 */

/** One thing that happened to one resource of a stack. */
export interface ResourceEvent {
  readonly kind: "resource";
  /** Last part of the URN: the name the program gave the resource. */
  readonly name: string;
  /** Pulumi type token, such as `kubernetes:core/v1:Namespace`. */
  readonly type: string;
  /** What is being done to it; `same` means nothing. */
  readonly action: string;
  readonly phase: "started" | "finished" | "failed";
}

/** One line that the program or a provider wrote for people. */
export interface MessageEvent {
  readonly kind: "message";
  readonly severity: "info" | "warning" | "error";
  readonly text: string;
}

export type StackEvent = ResourceEvent | MessageEvent;

/** How many resources each action touched, such as `{ create: 9 }` or `{ same: 9 }`. */
export type ChangeSummary = Readonly<Record<string, number>>;

export interface RunOptions {
  /** Called for every event, in order. It must not throw: the Automation API may swallow what it throws. */
  readonly onEvent?: (event: StackEvent) => void;
  /** Aborting asks Pulumi to stop gracefully; the run then ends with a {@link StackError} of kind `cancelled`. */
  readonly signal?: AbortSignal;
  /**
   * Id of the operation that the run is for. Every process of the run carries it in its environment as
   * `STOREFLEET_OPERATION`, so that what a dead worker left behind can be found and ended.
   */
  readonly operation?: string;
  /** What the run is a part of. */
  readonly span?: Span;
  /** The right to work on the stack; without it, nobody else may be there who would. */
  readonly lease?: RunLease;
  /** How the stack's cluster is reached. Default: it is the home cluster. */
  readonly cluster?: { readonly content: string; readonly context: string };
  /** Variables of the run's processes. Default: none of their own. */
  readonly environment?: Readonly<Record<string, string>>;
}

/** Under which right a run works on a stack. */
export interface RunLease {
  /** Carried by every process of the run as `STOREFLEET_FENCING`: tells one run of an operation from a later one. */
  readonly fencing: string;
  /** Asked before every command. Rejects when somebody else has the right by now: then no process is started. */
  check(): Promise<void>;
}

/** Variables of the environment by which the processes of a run are known. */
export const OPERATION_VARIABLE = "STOREFLEET_OPERATION";
export const FENCING_VARIABLE = "STOREFLEET_FENCING";

/** By which Pulumi, and whatever it starts, can join the trace. */
export const TRACE_VARIABLE = "TRACEPARENT";

/** What the environment of a run's processes holds besides that of all runs. */
export function marksOf({ operation, lease, span, environment }: RunOptions): Readonly<Record<string, string>> {
  return {
    ...environment,
    ...(operation !== undefined && { [OPERATION_VARIABLE]: operation }),
    ...(lease !== undefined && { [FENCING_VARIABLE]: lease.fencing }),
    ...(span?.traceparent !== undefined && { [TRACE_VARIABLE]: span.traceparent }),
  };
}

export interface UpResult {
  readonly changes: ChangeSummary;
  /** Plain outputs. Secret ones are left out on purpose; see {@link StackRunner.readSecretOutput}. */
  readonly outputs: Readonly<Record<string, unknown>>;
}

/** Configuration of a stack: plain values only, because they travel on a command line. */
export type StackConfig = Readonly<Record<string, string>>;

/** Runs the store program as stacks, one stack per store. */
export interface StackRunner {
  /** Creates the stack when it is new, sets its configuration, and makes the cluster match the program. */
  up(stack: string, config: StackConfig, options?: RunOptions): Promise<UpResult>;
  /** What `up` would change. */
  preview(stack: string, config: StackConfig, options?: RunOptions): Promise<ChangeSummary>;
  /** Makes the state match the cluster, and clears what a killed run left pending. */
  refresh(stack: string, options?: RunOptions): Promise<ChangeSummary>;
  /** Removes every resource of the stack and then the stack itself. Nothing happens when there is none. */
  destroy(stack: string, options?: RunOptions): Promise<void>;
  /** Frees the lock that a dead run left behind. Only call it when that run is known to be dead. */
  unlock(stack: string, options?: RunOptions): Promise<void>;
  /**
   * Keeps a copy of the stack's state as it is now, secrets encrypted, beside the last few of the same stack. Nothing
   * happens when there is no such stack.
   */
  keepCopy(stack: string, options?: RunOptions): Promise<void>;
  /** Plain outputs of a finished stack; `undefined` when there is no such stack. */
  outputs(stack: string): Promise<Readonly<Record<string, unknown>> | undefined>;
  /** The value of one secret output, read from the state on demand and never kept. */
  readSecretOutput(stack: string, output: string): Promise<unknown>;
  /**
   * The resources of a stack, without the stack itself and without providers, in the order of the state; empty when there
   * is no such stack. Never what they hold.
   */
  resources(stack: string): Promise<readonly StackResource[]>;
  /** Names of all stacks of the store program. */
  list(): Promise<readonly string[]>;
}

/** `killed`: the CLI was ended from outside, so that it could not say anything. */
export type StackErrorKind = "locked" | "not-found" | "cancelled" | "killed" | "failed";

/** A run ended badly. The message is a sentence for people and never holds a secret. */
export class StackError extends Error {
  readonly kind: StackErrorKind;

  constructor(kind: StackErrorKind, message: string, options?: ErrorOptions) {
    super(message, options);
    this.name = "StackError";
    this.kind = kind;
  }
}

/** The same runner, all of whose runs are on another cluster than home. */
export function inCluster(runner: StackRunner, cluster: NonNullable<RunOptions["cluster"]>): StackRunner {
  return {
    ...runner,
    up: (stack, config, options) => runner.up(stack, config, { ...options, cluster }),
    preview: (stack, config, options) => runner.preview(stack, config, { ...options, cluster }),
    refresh: (stack, options) => runner.refresh(stack, { ...options, cluster }),
    destroy: (stack, options) => runner.destroy(stack, { ...options, cluster }),
  };
}
