import { afterEach, beforeEach, describe, expect, it, vi } from "vitest";
import { createActiveOperations } from "../../../automation-api/worker/active-operations.ts";
import { createStop } from "../../../automation-api/worker/stop.ts";

beforeEach(() => void vi.useFakeTimers());
afterEach(() => void vi.useRealTimers());

const trial = () => {
  const kill = vi.fn(async () => 0);
  return {
    kill,
    stop: createStop({
      kill,
      grace: { cancel: 30_000, shutdown: 5000, silence: 30_000, deadline: 30_000, away: 10_000 },
      onError: () => {},
    }),
  };
};

describe("stopping an operation", () => {
  it("asks first and kills after the grace period", () => {
    const { kill, stop } = trial();

    stop.request("cancel");
    vi.advanceTimersByTime(29_999);
    const early = kill.mock.calls.length;
    vi.advanceTimersByTime(1);

    expect(stop.signal.aborted).toBe(true);
    expect(early).toBe(0);
    expect(kill).toHaveBeenCalledOnce();
  });

  it("gives no more time when it is asked again for a reason it knows", () => {
    const { kill, stop } = trial();

    stop.request("cancel");
    for (let seconds = 0; seconds < 30; seconds += 5) {
      stop.request("cancel");
      vi.advanceTimersByTime(5000);
    }

    expect(kill).toHaveBeenCalledOnce();
  });

  it("kills nothing when the work ends in time", () => {
    const { kill, stop } = trial();

    stop.request("cancel");
    stop.release();
    vi.advanceTimersByTime(60_000);

    expect(kill).not.toHaveBeenCalled();
  });

  it("leaves less time when the worker stops, too, but stays a cancellation", () => {
    const { kill, stop } = trial();

    stop.request("cancel");
    stop.request("shutdown");
    vi.advanceTimersByTime(5000);

    expect(stop.reason()).toBe("cancel");
    expect(kill).toHaveBeenCalledOnce();
  });

  it("kills its own processes at once when another worker has taken over, and gives no reason any more", () => {
    const { kill, stop } = trial();

    stop.request("cancel");
    stop.request("lost");
    stop.request("shutdown");
    vi.advanceTimersByTime(60_000);

    expect(stop.reason()).toBe("lost");
    expect(kill).toHaveBeenCalledOnce();
  });

  it("reaches operations that begin while the worker stops", () => {
    const active = createActiveOperations();
    const { stop } = trial();

    active.requestAll("shutdown");
    active.add("one", stop);

    expect(stop.reason()).toBe("shutdown");
    expect(active.ids()).toEqual(["one"]);
  });
});
