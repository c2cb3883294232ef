import { describe, expect, it, vi } from "vitest";
import { followOperation, type StreamState } from "../../../web/src/api/event-stream.ts";
import { eventOf, progressAt } from "../fake/story.ts";
import { createFakeSources } from "../fake-event-source.ts";

const at = "2026-11-21T10:00:00.000Z";
const event = (sequence: number) => eventOf("create", sequence - 2, sequence, at);
const last = { ...event(5), status: "succeeded" as const, progress: progressAt("create", 12, "succeeded") };

function follow(after = 0) {
  const sources = createFakeSources();
  const seen: number[] = [];
  const states: StreamState[] = [];
  const stop = followOperation({
    operation: "one",
    after,
    onEvent: ({ sequence }) => seen.push(sequence),
    onState: (state) => states.push(state),
    openEventSource: sources.open,
    pause: 100,
  });
  return { sources, seen, states, stop };
}

describe("following an operation", () => {
  it("asks for what comes after the last known event", () => {
    const { sources } = follow(7);

    expect(sources.opened[0]?.url).toBe("/api/v1/operations/one/events?after=7");
  });

  it("gives on each event once, also when the service repeats some after a reconnection", () => {
    const { sources, seen } = follow();

    sources.opened[0]?.say(event(2));
    sources.opened[0]?.say(event(3));
    sources.opened[0]?.drop();
    sources.opened[0]?.say(event(3));
    sources.opened[0]?.say(event(4));

    expect(seen).toEqual([2, 3, 4]);
  });

  it("connects anew after a refusal and says the last event it saw", () => {
    vi.useFakeTimers();
    const { sources, states } = follow();
    sources.opened[0]?.say(event(2));

    sources.opened[0]?.drop(true);
    vi.advanceTimersByTime(100);
    vi.useRealTimers();

    expect(states).toEqual(["waiting"]);
    expect(sources.opened[0]?.closed).toBe(true);
    expect(sources.opened[1]?.url).toBe("/api/v1/operations/one/events?after=2");
  });

  it("ends with the final event and closes the connection", () => {
    const { sources, states } = follow();

    sources.opened[0]?.say(last);

    expect(states).toEqual(["ended"]);
    expect(sources.opened[0]?.closed).toBe(true);
  });

  it("forgets an event that the contract does not know", () => {
    const { sources, seen } = follow();

    sources.opened[0]?.say({ ...event(2), severity: "loud" as never });
    sources.opened[0]?.say(event(3));

    expect(seen).toEqual([3]);
  });

  it("stops when told", () => {
    const { sources, stop } = follow();

    stop();

    expect(sources.opened[0]?.closed).toBe(true);
  });
});
