import { type RunOptions, StackError, type StackRunner } from "../../automation-api/stack-runner.ts";

/** What a run does before it ends: wait, tell events, throw. */
export type Script = (stack: string, options: RunOptions) => Promise<void>;

/** A runner we own: keeps stacks in memory and can hold a lock, as a killed run would leave it. */
export class FakeStackRunner implements StackRunner {
  readonly calls: string[] = [];
  /** Configurations of all `up`s. */
  readonly configs: Readonly<Record<string, string>>[] = [];
  readonly locked = new Set<string>();
  readonly stacks = new Map<string, Record<string, unknown>>();
  /** Stacks on which a run is under way; the most there were at the same time. */
  readonly running = new Set<string>();
  mostRunning = 0;
  /** Carried out by `up` and `destroy` before they take effect. */
  onUp: Script = async () => {};
  onDestroy: Script = async () => {};
  /** Plain outputs of a stack that is up. Default: its configuration. */
  outputsOf: (stack: string, config: Readonly<Record<string, string>>) => Record<string, unknown> = (_, config) => ({
    ...config,
  });

  async #enter(call: string, stack: string, options: RunOptions = {}): Promise<void> {
    await options.lease?.check();
    this.calls.push(`${call} ${stack}`);
    if (this.locked.has(stack)) throw new StackError("locked", `Another run holds the lock of stack "${stack}".`);
  }
  async #run(script: Script, stack: string, options: RunOptions): Promise<void> {
    if (this.running.has(stack)) throw new Error(`Two runs at once on the stack "${stack}".`);
    this.running.add(stack);
    this.mostRunning = Math.max(this.mostRunning, this.running.size);
    try {
      await script(stack, options);
    } finally {
      this.running.delete(stack);
    }
  }
  async up(stack: string, config: Readonly<Record<string, string>>, options: RunOptions = {}) {
    this.configs.push(config);
    await this.#enter("up", stack, options);
    await this.#run(this.onUp, stack, options);
    const isNew = !this.stacks.has(stack);
    const outputs = this.outputsOf(stack, config);
    this.stacks.set(stack, outputs);
    return { changes: isNew ? { create: 1 } : { same: 1 }, outputs };
  }
  async preview(stack: string) {
    await this.#enter("preview", stack);
    return {};
  }
  async refresh(stack: string, options: RunOptions = {}) {
    await this.#enter("refresh", stack, options);
    return {};
  }
  async destroy(stack: string, options: RunOptions = {}) {
    await this.#enter("destroy", stack, options);
    await this.#run(this.onDestroy, stack, options);
    this.stacks.delete(stack);
  }
  async unlock(stack: string) {
    this.calls.push(`unlock ${stack}`);
    this.locked.delete(stack);
  }
  async keepCopy(stack: string) {
    this.calls.push(`copy ${stack}`);
  }
  async outputs(stack: string) {
    return this.stacks.get(stack);
  }
  async readSecretOutput(): Promise<unknown> {
    return undefined;
  }
  async resources(stack: string) {
    if (!this.stacks.has(stack)) return [];
    return [{ urn: `urn:${stack}`, name: "namespace", type: "kubernetes:core/v1:Namespace", dependencies: [] }];
  }
  async list() {
    return [...this.stacks.keys()];
  }
}

/** Waits as long as a run would that nobody stops; an abort ends it as Pulumi's answer to one does. */
export function untilAborted({ signal }: RunOptions): Promise<never> {
  return new Promise((_resolve, reject) => {
    const abort = () => reject(new StackError("cancelled", "The run was cancelled."));
    if (signal?.aborted) abort();
    signal?.addEventListener("abort", abort);
  });
}
