import type { Step } from "./deployment/step.ts";
import type { JsonObject } from "./json.ts";
import type { Operation } from "./operation.ts";
import type { PropertyDiff } from "./provider.ts";

/** A resource as events show it. */
export interface EventState {
  type: string;
  urn: string;
  custom?: true;
  delete?: true;
  id: string;
  parent: string;
  protect?: true;
  external?: true;
  inputs: JsonObject;
  outputs: JsonObject;
  provider: string;
  initErrors?: string[];
}

export interface StepMetadata {
  op: Operation;
  urn: string;
  type: string;
  old: EventState | null;
  new: EventState | null;
  /** Properties that force a replacement. */
  keys?: string[];
  /** Top-level properties that differ. */
  diffs?: string[];
  detailedDiff: Record<string, { diffKind: PropertyDiff["kind"]; inputDiff: boolean }> | null;
  logical?: true;
  provider: string;
}

export type Severity = "debug" | "info" | "info#err" | "warning" | "error";

/** The body of an event; exactly one of the fields of the real CLI's event log. */
export type EventBody =
  | { preludeEvent: { config: Record<string, string> } }
  | { resourcePreEvent: { metadata: StepMetadata; planning?: true } }
  | { resOutputsEvent: { metadata: StepMetadata; planning?: true } }
  | { resOpFailedEvent: { metadata: StepMetadata; status: number; steps: number } }
  | { diagnosticEvent: Diagnostic }
  | { stdoutEvent: { message: string; color: "never" } }
  | { summaryEvent: Summary }
  | { cancelEvent: Record<string, never> };

export interface Diagnostic {
  urn?: string;
  prefix?: string;
  message: string;
  color: "never";
  severity: Severity;
  streamID?: number;
  ephemeral?: true;
}

export interface Summary {
  maybeCorrupt: boolean;
  durationSeconds: number;
  resourceChanges: Partial<Record<Operation, number>>;
  PolicyPacks: Record<string, never>;
  isPreview: boolean;
  result: "succeeded" | "failed";
}

/** An event as it is streamed: numbered and dated (seconds since 1970). */
export type EngineEvent = { sequence: number; timestamp: number } & EventBody;

/** Takes events in order. `close` returns once all of them have arrived. */
export interface EventSink {
  /** `step` is the whole step behind an event about a resource. */
  emit(event: EngineEvent, step?: Step): void;
  close(): Promise<void>;
}

/** Numbers events and hands them to every sink. */
export class EventStream {
  readonly #sinks: readonly EventSink[];
  #sequence = 0;

  constructor(sinks: readonly EventSink[]) {
    this.#sinks = sinks;
  }

  emit(body: EventBody, step?: Step): void {
    const event = { sequence: this.#sequence++, timestamp: Math.floor(Date.now() / 1000), ...body };
    for (const sink of this.#sinks) sink.emit(event, step);
  }

  diagnostic(
    severity: Severity,
    message: string,
    options: { urn?: string; ephemeral?: boolean; streamId?: number } = {},
  ): void {
    const prefix = severity === "error" || severity === "warning" ? { prefix: `${severity}: ` } : {};
    this.emit({
      diagnosticEvent: {
        ...(options.urn === undefined || options.urn === "" ? {} : { urn: options.urn }),
        ...prefix,
        message: message.endsWith("\n") && severity.startsWith("info#") ? message : `${message}\n`,
        color: "never",
        severity,
        ...(options.streamId === undefined || options.streamId === 0 ? {} : { streamID: options.streamId }),
        ...(options.ephemeral === true ? { ephemeral: true } : {}),
      },
    });
  }

  async close(): Promise<void> {
    this.emit({ cancelEvent: {} });
    await Promise.all(this.#sinks.map((sink) => sink.close()));
  }
}
