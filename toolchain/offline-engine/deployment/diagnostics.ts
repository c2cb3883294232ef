import type { EventStream, Severity } from "../events.ts";

/** What is said to the person during an update. Remembers whether any of it was an error. */
export class Diagnostics {
  readonly #events: EventStream;
  readonly #debug: boolean;
  #errors = 0;

  constructor(events: EventStream, debug: boolean) {
    this.#events = events;
    this.#debug = debug;
  }

  get errors(): number {
    return this.#errors;
  }

  log(severity: Severity, message: string, about: { urn?: string; ephemeral?: boolean; streamId?: number } = {}): void {
    if (severity === "debug" && !this.#debug) return;
    if (severity === "error") this.#errors += 1;
    this.#events.diagnostic(severity, message, about);
  }
}
