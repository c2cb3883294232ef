import { StackError, type StackRunner } from "../../automation-api/stack-runner.ts";

/** A runner we own: keeps stacks in memory and can hold a lock, as a killed run would leave it. */
export class FakeStackRunner implements StackRunner {
  readonly calls: string[] = [];
  readonly locked = new Set<string>();
  readonly stacks = new Map<string, Record<string, unknown>>();

  #enter(call: string, stack: string): void {
    this.calls.push(`${call} ${stack}`);
    if (this.locked.has(stack)) throw new StackError("locked", `Another run holds the lock of stack "${stack}".`);
  }
  async up(stack: string, config: Readonly<Record<string, string>>) {
    this.#enter("up", stack);
    const isNew = !this.stacks.has(stack);
    this.stacks.set(stack, { ...config });
    return { changes: isNew ? { create: 1 } : { same: 1 }, outputs: { ...config } };
  }
  async preview(stack: string) {
    this.#enter("preview", stack);
    return {};
  }
  async refresh(stack: string) {
    this.#enter("refresh", stack);
    return {};
  }
  async destroy(stack: string) {
    this.#enter("destroy", stack);
    this.stacks.delete(stack);
  }
  async unlock(stack: string) {
    this.calls.push(`unlock ${stack}`);
    this.locked.delete(stack);
  }
  async outputs(stack: string) {
    return this.stacks.get(stack);
  }
  async readSecretOutput() {
    return undefined;
  }
  async resources() {
    return [];
  }
  async list() {
    return [...this.stacks.keys()];
  }
}
