import type { ProgressEvent } from "../../automation-api/contract/operation.ts";
import type { EventSourceLike } from "../../web/src/api/event-stream.ts";
import type { FakeApi } from "./fake-api.ts";

/** One connection of a page, in the hands of a test. */
export interface FakeSource extends EventSourceLike {
  readonly url: string;
  closed: boolean;
  say(event: ProgressEvent): void;
  /** The connection breaks; `refused`: and the browser gives up. */
  drop(refused?: boolean): void;
}

export interface FakeSources {
  readonly opened: FakeSource[];
  open(url: string): FakeSource;
}

/** Streams that carry what a test says, or, with an `api`, what goes on in it, as the service would. */
export function createFakeSources(api?: FakeApi): FakeSources {
  const opened: FakeSource[] = [];
  return {
    opened,
    open(url) {
      const source = createSource(url);
      opened.push(source);
      if (api !== undefined) connect(api, source);
      return source;
    },
  };
}

function createSource(url: string): FakeSource & { readyState: number } {
  const listeners = new Map<string, ((event: MessageEvent<string>) => void)[]>();
  const emit = (type: string, data = "") => {
    for (const listener of listeners.get(type) ?? []) listener(new MessageEvent(type, { data }));
  };
  const source = {
    url,
    readyState: 1,
    closed: false,
    addEventListener: (type: string, listener: (event: MessageEvent<string>) => void) => {
      listeners.set(type, [...(listeners.get(type) ?? []), listener]);
    },
    close: () => {
      source.closed = true;
    },
    say: (event: ProgressEvent) => {
      if (!source.closed) emit("progress", JSON.stringify(event));
    },
    drop: (refused = false) => {
      source.readyState = refused ? 2 : 0;
      emit("error");
    },
  };
  return source;
}

function connect(api: FakeApi, source: FakeSource): void {
  const url = new URL(source.url, "http://storefleet.test");
  const id = url.pathname.split("/").at(-2) ?? "";
  const after = Number(url.searchParams.get("after"));
  queueMicrotask(() => {
    for (const event of api.state.events.get(id) ?? []) if (event.sequence > after) source.say(event);
    api.state.listen(id, (event) => source.say(event));
  });
}
