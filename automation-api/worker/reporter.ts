import type { PodNews } from "../cluster/pod-news.ts";
import type { Progress } from "../contract/operation.ts";
import { type Line, lineOf, stepLines } from "../domain/event-lines.ts";
import { type Observation, observe } from "../domain/observe.ts";
import { progressOf, type Track } from "../domain/progress.ts";
import type { StackEvent } from "../stack-runner.ts";
import type { ProgressWriter } from "./progress-writer.ts";

/** Times of the process: one that never goes back, and the one people read. */
export interface Clock {
  /** Milliseconds since some moment, never going back. */
  readonly ticks: () => number;
  readonly date: () => Date;
}

export const systemClock: Clock = { ticks: () => performance.now(), date: () => new Date() };

/** Turns what is seen of an attempt into lines and progress. None of its functions throws. */
export interface Reporter {
  onEvent(event: StackEvent): void;
  onNews(news: PodNews): void;
  /** Something was seen that is no news by itself. */
  onStage(stage: "proof" | "close" | "verify"): void;
  say(line: Line): void;
  /** Time has passed: saves how far the attempt is now. */
  tick(): void;
  /** Milliseconds since there was a sign of life; at first, since the attempt began. */
  silentFor(): number;
  /** What has been seen so far. */
  track(): Track;
  progress(): Progress;
}

export function createReporter(begun: Track, writer: ProgressWriter, clock: Clock): Reporter {
  let track = begun;
  let heardAt = clock.ticks();
  const progress = () => progressOf(track, clock.ticks());

  function say(line: Line): void {
    writer.add({ ...line, at: clock.date(), status: "running", progress: progress() });
  }

  function see(observation: Observation): void {
    const before = track;
    track = observe(before, observation, clock.ticks());
    for (const line of stepLines(before, track)) say(line);
  }

  return {
    onEvent(event) {
      heardAt = clock.ticks();
      if (event.kind === "resource") see(event);
      const line = lineOf(event);
      if (line !== undefined) say(line);
    },
    onNews({ component, reached, severity, text }) {
      heardAt = clock.ticks();
      if (text !== "") say({ kind: "pod", severity, text });
      if (reached !== undefined) see({ kind: "pod", component, reached });
    },
    onStage(stage) {
      heardAt = clock.ticks();
      see({ kind: stage });
    },
    say,
    tick: () => writer.update(progress()),
    silentFor: () => clock.ticks() - heardAt,
    track: () => track,
    progress,
  };
}
