import { describe, expect, it } from "vitest";
import type { OperationStatus, ProgressEvent } from "../../../automation-api/contract/operation.ts";
import { type EventStreamDependencies, streamEvents } from "../../../automation-api/http/event-stream.ts";

const event = (sequence: number, status: OperationStatus = "running"): ProgressEvent => ({
  sequence,
  at: "2026-11-21T12:00:00.000Z",
  kind: "message",
  severity: "info",
  text: `event ${sequence}`,
  status,
  progress: { fraction: 0, steps: [] },
});

/** A stream on events in memory. */
function given(overrides: Partial<EventStreamDependencies> = {}) {
  const saved: ProgressEvent[] = [];
  const written: string[] = [];
  const closing = new AbortController();
  const watchers = new Set<() => void>();
  let status: OperationStatus = "running";
  const dependencies: EventStreamDependencies = {
    hub: {
      watch: (_id, onNews) => {
        watchers.add(onNews);
        return () => watchers.delete(onNews);
      },
    },
    statusOf: async () => status,
    eventsAfter: async (_id, after, limit) => saved.filter(({ sequence }) => sequence > after).slice(0, limit),
    isStillAllowed: async () => true,
    onTrouble: () => {},
    heartbeat: 20,
    ...overrides,
  };
  const response = { closed: closing.signal, write: async (text: string) => void written.push(text) };
  return {
    saved,
    written,
    watchers,
    closing,
    ring: () => {
      for (const onNews of watchers) onNews();
    },
    end: (last: OperationStatus) => {
      status = last;
    },
    stream: streamEvents(dependencies, "some-id", 0, response),
  };
}

const pause = (milliseconds: number) => new Promise((resolve) => setTimeout(resolve, milliseconds));

describe("streamEvents", () => {
  it("sends long histories whole", async () => {
    const subject = given();
    for (let sequence = 1; sequence <= 1001; sequence += 1) subject.saved.push(event(sequence));
    subject.end("succeeded");
    subject.ring();

    await subject.stream;

    expect(subject.written.filter((text) => text.startsWith("id: "))).toHaveLength(1001);
    expect(subject.written.at(-1)).toBe("event: end\ndata: {}\n\n");
  });

  it("looks again at every heartbeat, even if nobody rings", async () => {
    const subject = given();
    await pause(5);
    subject.saved.push(event(1));

    await pause(60);
    subject.closing.abort();
    await subject.stream;

    expect(subject.written.some((text) => text.startsWith("id: 1\n"))).toBe(true);
    expect(subject.written).toContain(": heartbeat\n\n");
  });

  it("goes on when events cannot be read for a while", async () => {
    const troubles: unknown[] = [];
    let away = true;
    const subject = given({
      onTrouble: (error) => troubles.push(error),
      eventsAfter: async () => {
        if (away) throw new Error("gone");
        return [event(1, "failed")];
      },
    });
    await pause(30);
    subject.end("failed");
    away = false;

    await subject.stream;

    expect(troubles.length).toBeGreaterThan(0);
    expect(subject.written.filter((text) => text.startsWith("id: "))).toHaveLength(1);
  });

  it("says nothing more to somebody who has signed out", async () => {
    const subject = given({ isStillAllowed: async () => false });

    await subject.stream;

    expect(subject.written).not.toContain("event: end\ndata: {}\n\n");
  });

  it("stops watching when the reader has gone", async () => {
    const subject = given();
    await pause(5);
    const before = subject.watchers.size;

    subject.closing.abort();
    await subject.stream;

    expect([before, subject.watchers.size]).toEqual([1, 0]);
  });
});
