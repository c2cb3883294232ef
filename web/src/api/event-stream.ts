import { isFinal, type ProgressEvent, progressEventSchema } from "../../../automation-api/contract/operation.ts";

/** How the stream is doing. `waiting`: the connection is lost and tried again. */
export type StreamState = "open" | "waiting" | "ended";

/** The part of the browser's EventSource that is used, so that tests bring their own. */
export interface EventSourceLike {
  readonly readyState: number;
  addEventListener(type: string, listener: (event: MessageEvent<string>) => void): void;
  close(): void;
}
export type OpenEventSource = (url: string) => EventSourceLike;

export interface FollowOptions {
  readonly operation: string;
  /** Sequence number of the last event that is known; 0 for none. */
  readonly after: number;
  readonly onEvent: (event: ProgressEvent) => void;
  readonly onState: (state: StreamState) => void;
  readonly openEventSource: OpenEventSource;
  /** Milliseconds until a refused connection is tried again. Default 2000. */
  readonly pause?: number;
}

const CLOSED = 2;

/**
 * Follows an operation until its last event. A dropped connection is taken up again by the browser itself, which says
 * the last event it saw (Last-Event-ID); a refused one (the service restarts) by us, which say it in the address.
 * Either way each event is given on exactly once. Returns a function that stops following.
 */
export function followOperation(options: FollowOptions): () => void {
  const { operation, onEvent, onState, openEventSource, pause = 2_000 } = options;
  let last = options.after;
  let timer: ReturnType<typeof setTimeout> | undefined;
  let source: EventSourceLike;

  function end(): void {
    source.close();
    onState("ended");
  }

  function take(message: MessageEvent<string>): void {
    const event = parse(message.data);
    if (event === undefined || event.sequence <= last) return;
    last = event.sequence;
    onEvent(event);
    if (isFinal(event.status)) end();
  }

  function connect(): void {
    const opened = openEventSource(`/api/v1/operations/${operation}/events?after=${last}`);
    source = opened;
    opened.addEventListener("open", () => onState("open"));
    opened.addEventListener("progress", take);
    opened.addEventListener("end", end);
    opened.addEventListener("error", () => {
      onState("waiting");
      if (opened.readyState !== CLOSED) return;
      opened.close();
      timer = setTimeout(connect, pause);
    });
  }

  connect();
  return () => {
    clearTimeout(timer);
    source.close();
  };
}

/** `undefined` for what the contract does not know: one strange event must not end the view of the others. */
function parse(data: string): ProgressEvent | undefined {
  try {
    return progressEventSchema.safeParse(JSON.parse(data)).data;
  } catch {
    return undefined;
  }
}
