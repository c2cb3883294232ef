import { randomUUID } from "node:crypto";
import type { EventStream } from "../events.ts";
import type { Operation } from "../operation.ts";
import { EngineProblem, messageOf } from "../problem.ts";
import { PartialFailure } from "../provider.ts";
import type { ProviderRegistry } from "../providers/registry.ts";
import { isDefaultProvider, isProviderType } from "../urn.ts";
import { UNKNOWN_TEXT } from "../value-json.ts";
import type { Properties } from "../values.ts";
import type { Diagnostics } from "./diagnostics.ts";
import type { ProviderCalls } from "./provider-calls.ts";
import { type Resource, timestamp } from "./resource.ts";
import { Slots } from "./slots.ts";
import type { SnapshotWriter } from "./snapshot-writer.ts";
import { type Step, subject } from "./step.ts";
import { metadataOf } from "./step-events.ts";

/** A step failed. The person has been told; whoever catches it only stops. */
export class StepFailure extends Error {}

export interface ExecutorParts {
  readonly events: EventStream;
  readonly diagnostics: Diagnostics;
  readonly calls: ProviderCalls;
  readonly registry: ProviderRegistry;
  /** Absent in previews: they change no state. */
  readonly writer: SnapshotWriter | undefined;
  /** How many provider calls may run at once. */
  readonly parallel: number;
  /** Aborted when the person interrupts: what runs is left to end, nothing new begins. */
  readonly signal: AbortSignal;
}

/** Performs steps: tells the events, keeps the state, asks the provider. */
export class Executor {
  readonly #parts: ExecutorParts;
  readonly #slots: Slots;
  readonly #changes: Partial<Record<Operation, number>> = {};
  #failed = false;
  #stepFailed = false;
  #maybeCorrupt = false;
  /** Failures that were told already. */
  readonly #said = new Set<string>();
  /** URNs that are deleted in this update; resources that go away with one of them need no call of their own. */
  #condemned: ReadonlySet<string> = new Set();

  constructor(parts: ExecutorParts) {
    this.#parts = parts;
    this.#slots = new Slots(parts.parallel);
  }

  get failed(): boolean {
    return this.#failed;
  }

  /** True when a step failed, as opposed to the program or a check before any step. */
  get stepFailed(): boolean {
    return this.#stepFailed;
  }

  /** True when a step ended in a way that leaves the real object in doubt. */
  get maybeCorrupt(): boolean {
    return this.#maybeCorrupt;
  }

  get changes(): Partial<Record<Operation, number>> {
    return this.#changes;
  }

  get preview(): boolean {
    return this.#parts.writer === undefined;
  }

  /** Runs rounds of deletions: all of a round at once, and no round after one in which something failed. */
  async deleteRounds(rounds: readonly (readonly Step[])[]): Promise<void> {
    this.#condemned = new Set(rounds.flat().map(({ urn }) => urn));
    for (const round of rounds) {
      if (this.#failed || this.#parts.signal.aborted) return;
      await Promise.allSettled(round.map((step) => this.run([step])));
    }
  }

  /** Runs the steps one after the other and stops at the first failure. */
  async run(steps: readonly Step[]): Promise<void> {
    for (const step of steps) {
      if (this.#failed || this.#parts.signal.aborted) throw new StepFailure();
      if (subject(step).custom) await this.#slots.use(() => this.#perform(step));
      else await this.#perform(step);
    }
  }

  /** Something went wrong before a step could be made. */
  fail(message: string, urn?: string): StepFailure {
    this.#failed = true;
    // All that is under way meets some troubles, such as a full disk; one word about them is enough.
    const repeated = urn === undefined && this.#said.has(message);
    if (!repeated) this.#parts.diagnostics.log("error", message, urn === undefined ? {} : { urn });
    this.#said.add(message);
    return new StepFailure();
  }

  /** The program failed and has said why. */
  failQuietly(): void {
    this.#failed = true;
  }

  async #perform(step: Step): Promise<void> {
    const { events, writer } = this.#parts;
    const planning = this.preview ? ({ planning: true } as const) : {};
    events.emit({ resourcePreEvent: { metadata: metadataOf(step), ...planning } }, step);
    const ended = writer?.begin(step);
    let operation = step.op;
    try {
      operation = await this.#apply(step);
    } catch (error) {
      ended?.({ succeeded: error instanceof PartialFailure });
      throw this.#failedStep(step, error);
    }
    ended?.({ succeeded: true });
    this.#count(step, operation);
    if (this.#showsOutputsNow(step)) {
      events.emit({ resOutputsEvent: { metadata: metadataOf(step, operation), ...planning } }, step);
    }
  }

  #failedStep(step: Step, error: unknown): StepFailure {
    const { events } = this.#parts;
    const half = error instanceof PartialFailure;
    const message = half ? partialMessage(error) : messageOf(error);
    const failure = this.fail(message, step.urn);
    this.#stepFailed = true;
    const steps = Object.values(this.#changes).reduce((sum, count) => sum + count, 0);
    events.emit({ resOpFailedEvent: { metadata: metadataOf(step), status: half ? 1 : 0, steps } });
    return failure;
  }

  /** Components show their outputs when the program has registered them. */
  #showsOutputsNow(step: Step): boolean {
    return subject(step).custom || this.preview || step.op === "refresh" || step.new === undefined;
  }

  #count(step: Step, operation: Operation): void {
    const hidden = !step.logical && step.op !== "refresh";
    if (hidden || isDefaultProvider(step.urn) || step.op === "read") return;
    if (step.op === "discard-replaced" || step.op === "read-discard") return;
    this.#changes[operation] = (this.#changes[operation] ?? 0) + 1;
  }

  /** Does it, and answers what it turned out to be: a refresh is a same, an update or a delete. */
  async #apply(step: Step): Promise<Operation> {
    const { old, new: created } = step;
    switch (step.op) {
      case "same":
        if (old !== undefined && created !== undefined) this.#keep(old, created);
        return step.op;
      case "create":
      case "create-replacement":
        if (created !== undefined) await this.#create(created);
        if (step.op === "create-replacement" && old !== undefined && !old.pendingReplacement) old.delete = true;
        return step.op;
      case "update":
        if (old !== undefined && created !== undefined) await this.#update(old, created);
        return step.op;
      case "delete":
      case "delete-replaced":
        if (old !== undefined) await this.#delete(old);
        return step.op;
      case "read":
        if (created !== undefined) await this.#read(created);
        return step.op;
      case "refresh":
      case "replace":
      case "read-discard":
      case "discard-replaced":
        return step.op;
    }
  }

  #keep(old: Resource, created: Resource): void {
    created.id = old.id;
    created.created = old.created;
    created.modified = old.modified;
    created.outputs = old.outputs;
    if (isProviderType(created.type)) this.#parts.registry.add(created.urn, created.id, created.inputs);
  }

  async #create(created: Resource): Promise<void> {
    if (isProviderType(created.type)) {
      created.id = this.preview ? UNKNOWN_TEXT : randomUUID();
      created.outputs = providerOutputs(created.inputs);
      this.#parts.registry.add(created.urn, created.id, created.inputs);
    } else if (created.custom) {
      await this.#orPartly(created, async () => {
        const { id, outputs } = await this.#parts.calls.create(created);
        if (!this.preview && id === "") throw new EngineProblem(`the provider gave no id to ${created.urn}`);
        created.id = this.preview ? "" : id;
        created.outputs = await this.#parts.calls.secretOutputs(created, outputs);
      });
    }
    created.created = timestamp();
    created.modified = created.created;
  }

  async #update(old: Resource, created: Resource): Promise<void> {
    created.id = old.id;
    created.created = old.created;
    created.outputs = old.outputs;
    if (!created.custom) {
      if (this.preview) created.outputs = {};
      return;
    }
    if (isProviderType(created.type)) {
      created.outputs = providerOutputs(created.inputs);
      this.#parts.registry.add(created.urn, created.id, created.inputs);
      return;
    }
    const { calls } = this.#parts;
    await this.#orPartly(created, async () => {
      const { outputs } = await calls.update(old, created);
      created.outputs = await calls.secretOutputs(created, outputs);
    });
    created.modified = timestamp();
  }

  /** When the object exists but is not well, the state keeps it and why. */
  async #orPartly(created: Resource, work: () => Promise<void>): Promise<void> {
    try {
      await work();
    } catch (error) {
      if (error instanceof PartialFailure) {
        created.id = error.id;
        created.outputs = await this.#parts.calls.secretOutputs(created, error.outputs);
        created.initErrors = error.reasons;
        created.modified = timestamp();
        if (created.created === "") created.created = created.modified;
      }
      throw error;
    }
  }

  async #delete(old: Resource): Promise<void> {
    if (old.protect) {
      throw new EngineProblem(
        `resource "${old.urn}" cannot be deleted\nbecause it is protected. To unprotect the resource, either remove ` +
          "the `protect` flag from the resource in your Pulumi program and run `pulumi up`, or use the command:\n" +
          `\`pulumi state unprotect '${old.urn}'\``,
      );
    }
    const nothingToDo = !old.custom || old.external || isProviderType(old.type) || old.retainOnDelete;
    if (nothingToDo || this.#condemned.has(old.deletedWith) || this.preview) return;
    await this.#parts.calls.remove(old);
  }

  async #read(created: Resource): Promise<void> {
    const found = await this.#parts.calls.read(created, created.id);
    if (found === undefined) throw new EngineProblem(`resource '${created.id}' does not exist`);
    created.id = found.id;
    created.outputs = found.outputs;
  }

  /** A component, or the stack, got its outputs from the program. */
  registered(step: Step, outputs: Properties): void {
    const resource = subject(step);
    resource.outputs = outputs;
    this.#parts.writer?.save();
    const planning = this.preview ? ({ planning: true } as const) : {};
    this.#parts.events.emit({ resOutputsEvent: { metadata: metadataOf(step), ...planning } }, step);
  }

  refreshed(step: Step, operation: Operation): void {
    this.#count(step, operation);
    const planning = this.preview ? ({ planning: true } as const) : {};
    this.#parts.events.emit({ resOutputsEvent: { metadata: metadataOf(step, operation), ...planning } }, step);
  }
}

function partialMessage({ reasons }: PartialFailure): string {
  const list = reasons.map((reason) => `\t* ${reason}\n`).join("");
  return `${reasons.length} error${reasons.length === 1 ? "" : "s"} occurred:\n${list}\n`;
}

function providerOutputs(inputs: Properties): Properties {
  const { __internal: _internal, ...outputs } = inputs;
  return outputs;
}
