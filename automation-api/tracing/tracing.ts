// Traces in our words. What sends them is `otlp-tracing.ts`, which is loaded only when there is somebody to send them to.

export type Attributes = Readonly<Record<string, string | number | boolean | undefined>>;

/** One thing that takes time. */
export interface Span {
  /** How it is known to others, as in the W3C header `traceparent`; `undefined` when nothing is traced. */
  readonly traceparent: string | undefined;
  /** Something that happens within it. */
  child(name: string, attributes?: Attributes): Span;
  /** What is known only later: a better name, more attributes. */
  describe(name: string, attributes?: Attributes): void;
  /** It is over; with `failure`, a sentence, it failed. The second time counts for nothing. */
  end(failure?: string): void;
}

export interface Tracing {
  /** Begins a span within the one that `parent` names, or one of its own. What is no `traceparent` is ignored. */
  begin(name: string, kind: "request" | "work", parent: string | undefined, attributes?: Attributes): Span;
  /** Sends what was not sent yet. Never throws. */
  stop(): Promise<void>;
}

const nothing: Span = { traceparent: undefined, child: () => nothing, describe: () => {}, end: () => {} };

/** Traces nothing. */
export const noTracing: Tracing = { begin: () => nothing, stop: async () => {} };

const FORM = /^00-(?!0{32})[0-9a-f]{32}-(?!0{16})[0-9a-f]{16}-[0-9a-f]{2}$/;

/** The text when it is a `traceparent`. */
export function parseTraceparent(text: unknown): string | undefined {
  return typeof text === "string" && FORM.test(text) ? text : undefined;
}

/** Does the work within a span, which ends with it. What it threw is told by its kind only: words can hold secrets. */
export async function within<T>(span: Span, work: () => Promise<T>): Promise<T> {
  try {
    const result = await work();
    span.end();
    return result;
  } catch (error) {
    span.end(error instanceof Error ? error.name : "error");
    throw error;
  }
}
