import { loopbackFetch } from "../../automation-api/loopback-fetch.ts";
import { carryOut, type Run } from "../../automation-api/worker/carry-out.ts";
import type { Spec } from "../../stores/spec.ts";
import type { Machine } from "./machine.ts";

/** Gives a store new secrets, as a worker does. `done` is how many rotations it has had. */
export function rotate({ runner, target }: Machine, spec: Spec, done: number) {
  const run: Run = {
    operation: spec.name,
    lease: { fencing: "1", check: async () => {} },
    signal: new AbortController().signal,
    onStage: () => {},
    onWarning: (text) => process.stdout.write(`${text}\n`),
  };
  const asked = {
    runner,
    target,
    request: loopbackFetch,
    readCredentials: async () => undefined,
    leftOf: async () => [],
  };
  return carryOut.rotate(asked, { id: spec.name, spec, rotation: done, cluster: "home" }, run);
}

/** A customer who looks at pages in turn, ten times a second, until told to end; then how many were not answered well. */
export function customer(pages: readonly string[], headers: Readonly<Record<string, string>> = {}) {
  const asked: Promise<number>[] = [];
  const ask = async () => {
    const url = pages[asked.length % pages.length] ?? "";
    return loopbackFetch(url, { headers, signal: AbortSignal.timeout(20_000) }).then(
      ({ status }) => status,
      () => 0,
    );
  };
  const timer = setInterval(() => asked.push(ask()), 100);
  return async () => {
    clearInterval(timer);
    const answers = await Promise.all(asked);
    return { sent: answers.length, lost: answers.filter((status) => status !== 200).length };
  };
}
