import type { EngineEvent } from "@pulumi/pulumi/automation/index.js";
import { plainOutputs } from "./plain-outputs.ts";
import type { ChangeSummary, MessageEvent, ResourceEvent, StackEvent } from "./stack-runner.ts";

const severities: Readonly<Record<string, MessageEvent["severity"]>> = {
  info: "info",
  "info#err": "warning",
  warning: "warning",
  error: "error",
};

// Pulumi colours its messages with tags such as <{%fg 1%}> and leaves the rendering to the display.
const colourTag = /<\{%.*?%\}>/g;

function resourceEvent(
  phase: ResourceEvent["phase"],
  metadata: { urn: string; type: string; op: string },
): ResourceEvent {
  return {
    kind: "resource",
    phase,
    name: metadata.urn.split("::").at(-1) ?? metadata.urn,
    type: metadata.type,
    action: metadata.op,
  };
}

/** One event of Pulumi's in our words; `undefined` for those that nobody needs to see. */
export function translateEvent(event: EngineEvent): StackEvent | undefined {
  if (event.resourcePreEvent !== undefined) return resourceEvent("started", event.resourcePreEvent.metadata);
  if (event.resOutputsEvent !== undefined) return resourceEvent("finished", event.resOutputsEvent.metadata);
  if (event.resOpFailedEvent !== undefined) return resourceEvent("failed", event.resOpFailedEvent.metadata);
  const severity = severities[event.diagnosticEvent?.severity ?? ""];
  if (event.diagnosticEvent === undefined || severity === undefined) return undefined;
  const text = event.diagnosticEvent.message.replaceAll(colourTag, "").trim();
  return text === "" ? undefined : { kind: "message", severity, text };
}

/**
 * What the providers say about something that does not become ready, such as `[Pod store-demo/web]: [ErrImagePull] …` or
 * `[StatefulSet store-demo/postgres]: [FailedCreate] …`.
 */
const troubleFormat = /^\[(Pod|Deployment|StatefulSet) [^/\]]+\/([^\]]+)\]: (?:\[([^\]]+)\] )?([\s\S]*)$/;

/** A sentence for a person from a trouble; `undefined` when the text is none. */
function sentenceOfTrouble(text: string): string | undefined {
  const [, kind, name, reason, message] = troubleFormat.exec(text) ?? [];
  if (kind === undefined) return undefined;
  // A container that refuses says why, in a sentence of its own.
  if (reason === "Refused") return message;
  const cannot = reason === "FailedCreate" ? "cannot make its pods" : "does not become ready";
  return `The ${kind.toLowerCase()} ${name} ${cannot}${reason === undefined ? "" : ` (${reason})`}: ${message}`;
}

/** Go's list of one error, as providers write it, without its frame. */
function withoutFrame(text: string): string {
  return text.replace(/^1 error occurred:\s*\*\s*/, "").trim();
}

/** Why a run failed, from what it said while it ran. */
function createReasonFinder() {
  const errors: string[] = [];
  let trouble: string | undefined;
  return {
    hear({ severity, text }: MessageEvent): void {
      if (severity === "error") errors.push(text);
      trouble = sentenceOfTrouble(text) ?? trouble;
    },
    reason(): string | undefined {
      const error = errors.find((text) => !/^(update|preview|destroy|refresh) failed$/.test(text)) ?? errors[0];
      if (error !== undefined && trouble !== undefined && /helm release/i.test(error)) return trouble;
      return error === undefined ? undefined : withoutFrame(error);
    },
  };
}

/**
 * Forwards translated events and remembers what the run came to, so that nobody needs to ask for it afterwards: each
 * question costs a process.
 */
export function createEventTranslator(onEvent: ((event: StackEvent) => void) | undefined) {
  const finder = createReasonFinder();
  let outputs: Readonly<Record<string, unknown>> | undefined;
  let changes: ChangeSummary | undefined;
  let thrown: { readonly error: unknown } | undefined;
  function forward(event: StackEvent): void {
    try {
      onEvent?.(event);
    } catch (error) {
      // The Automation API would call it an event it could not read, and go on as if nothing were wrong.
      thrown ??= { error };
    }
  }
  return {
    accept(event: EngineEvent): void {
      outputs = outputsOf(event) ?? outputs;
      changes = changesOf(event) ?? changes;
      const translated = translateEvent(event);
      if (translated?.kind === "message") finder.hear(translated);
      if (translated !== undefined) forward(translated);
    },
    /**
     * The sentence to show for a failed run. The first error is the cause; the last is usually Pulumi's own
     * "update failed", which explains nothing. A release that gave up waiting only says so; what it
     * waited for knows why.
     */
    reason: (): string | undefined => finder.reason(),
    /** Plain outputs of the stack; `undefined` when the run did not come so far. */
    outputs: () => outputs,
    changes: (): ChangeSummary => changes ?? {},
    /** Throws what `onEvent` has thrown, once the run is over. */
    rethrow(): void {
      if (thrown !== undefined) throw thrown.error;
    },
  };
}

function outputsOf({ resOutputsEvent }: EngineEvent): Readonly<Record<string, unknown>> | undefined {
  const metadata = resOutputsEvent?.metadata;
  const isStack = metadata?.type === "pulumi:pulumi:Stack" && metadata.new !== undefined;
  return isStack ? plainOutputs(metadata.new?.outputs ?? {}) : undefined;
}

function changesOf({ summaryEvent }: EngineEvent): ChangeSummary | undefined {
  const counts: Readonly<Record<string, number | undefined>> | undefined = summaryEvent?.resourceChanges;
  return counts === undefined ? undefined : countedChanges(counts);
}

/** Without the actions that touched nothing. */
export function countedChanges(counts: Readonly<Record<string, number | undefined>>): ChangeSummary {
  return Object.fromEntries(Object.entries(counts).filter((entry): entry is [string, number] => (entry[1] ?? 0) > 0));
}
