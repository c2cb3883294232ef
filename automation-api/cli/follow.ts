import { setTimeout as sleep } from "node:timers/promises";
import {
  isFinal,
  type Operation,
  operationSchema,
  type ProgressEvent,
  progressEventSchema,
} from "../contract/operation.ts";
import { type Client, ServiceAway } from "./client.ts";
import { OperationUnsuccessful } from "./exit-codes.ts";
import { plain, type Terminal } from "./terminal.ts";

const WIDTH = 24;

/**
 * Shows how an operation goes until it is over, and goes on after a connection is lost: a bar on a terminal, elsewhere a
 * line for every event. Throws OperationUnsuccessful when it failed or was cancelled.
 */
export async function follow(client: Client, terminal: Terminal, id: string): Promise<Operation> {
  let last = 0;
  let losses = 0;
  for (;;) {
    try {
      for await (const event of eventsOf(client, id, last)) {
        last = event.sequence;
        losses = 0;
        show(terminal, event);
      }
    } catch (error) {
      const lost = error instanceof ServiceAway || error instanceof TypeError;
      losses += 1;
      if (!lost || losses > 60) throw error;
      await sleep(1000);
      continue;
    }
    const operation = await client.get(`/operations/${id}`, operationSchema);
    if (!isFinal(operation.status)) continue;
    if (terminal.isWatched) terminal.err("\n");
    if (operation.status === "succeeded") return operation;
    throw new OperationUnsuccessful(
      `The operation is ${operation.status}: ${plain(operation.reason ?? "no reason is known")}`,
    );
  }
}

async function* eventsOf(client: Client, id: string, after: number): AsyncGenerator<ProgressEvent> {
  for await (const line of client.stream(`/operations/${id}/events?after=${after}`)) {
    if (!line.startsWith("data: ")) continue;
    const parsed = progressEventSchema.safeParse(JSON.parse(line.slice(6)));
    if (parsed.success) yield parsed.data;
  }
}

function show(terminal: Terminal, { at, text, progress }: ProgressEvent): void {
  if (!terminal.isWatched) {
    terminal.err(`${at} ${percent(progress.fraction)} ${plain(text)}\n`);
    return;
  }
  const full = Math.round(progress.fraction * WIDTH);
  const bar = "█".repeat(full) + "░".repeat(WIDTH - full);
  terminal.err(`\r\u001b[K${bar} ${percent(progress.fraction)} ${plain(text).slice(0, 60)}`);
}

function percent(fraction: number): string {
  return `${Math.round(fraction * 100)}%`.padStart(4);
}
