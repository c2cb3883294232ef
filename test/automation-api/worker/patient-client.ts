import { randomUUID } from "node:crypto";
import { setTimeout as sleep } from "node:timers/promises";
import { isDatabaseUnreachable } from "../../../automation-api/database/connection.ts";
import type { Asker } from "../../../automation-api/use-cases/accept.ts";
import { createStore } from "../../../automation-api/use-cases/create-store.ts";
import { parseSpec } from "../../../stores/spec.ts";
import { parseTarget } from "../../../stores/target.ts";
import type { FakeStackRunner } from "../fake-stack-runner.ts";
import type { WorkerUnderTest } from "./worker-under-test.ts";

/** Asks for a store until it is answered, as a client with an Idempotency-Key does; gives the operation. */
export async function createPatiently({ database }: WorkerUnderTest, asker: Asker, name: string): Promise<string> {
  const idempotencyKey = randomUUID();
  const spec = parseSpec({ name, engine: "medusa", sampleData: false });
  const dependencies = { connection: database.connection, target: parseTarget({}) };
  for (;;) {
    try {
      return (await createStore(dependencies, { ...asker, idempotencyKey }, spec)).operation.id;
    } catch (error) {
      if (!isDatabaseUnreachable(error)) throw error;
      await sleep(50);
    }
  }
}

/** Lines that a run says which {@link tellLines} makes. */
export const linesUpTo = (count: number) => Array.from({ length: count }, (_, index) => `line ${index + 1}`);

/** Lets every stack come up with so many lines, and so many milliseconds after each. */
export function tellLines(runner: FakeStackRunner, count: number, pause: number): void {
  runner.onUp = async (_stack, { onEvent, lease }) => {
    for (const text of linesUpTo(count)) {
      onEvent?.({ kind: "message", severity: "warning", text });
      await sleep(pause);
      await lease?.check();
    }
  };
}

/** The lines that were kept of an operation, in their order. */
export async function linesOf(test: WorkerUnderTest, operation: string): Promise<string[]> {
  return (await test.events(operation)).filter(({ kind }) => kind === "message").map(({ text }) => text);
}
