import type { Arguments } from "../cli/arguments.ts";
import type { Kind } from "../cli/deployments.ts";
import type { EventSink } from "../events.ts";

export interface DisplayWish {
  readonly kind: Kind;
  readonly preview: boolean;
  readonly stack: string;
  readonly given: Arguments;
  readonly interactive: boolean;
}

export function openDisplay(_wish: DisplayWish): EventSink {
  return {
    emit: (event) => {
      if ("diagnosticEvent" in event)
        process.stdout.write(`${event.diagnosticEvent.prefix ?? ""}${event.diagnosticEvent.message}`);
      if ("resourcePreEvent" in event)
        process.stdout.write(`${event.resourcePreEvent.metadata.op} ${event.resourcePreEvent.metadata.urn}\n`);
      if ("summaryEvent" in event) process.stdout.write(`${JSON.stringify(event.summaryEvent)}\n`);
    },
    close: async () => {},
  };
}
