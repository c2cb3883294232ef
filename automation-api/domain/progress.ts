import type { Engine } from "../../stores/spec.ts";
import type { OperationKind, Progress, Step } from "../contract/operation.ts";
import { type StepDefinition, stepsOf } from "./steps.ts";

// How far an operation is, computed from what has been seen of it. Pure: the time is an argument, in milliseconds of any
// clock that never goes back.

/** How long each step is expected to take, in seconds, by its key. */
export type Weights = Readonly<Record<string, number>>;

/** One step on its way. Its share of the whole is its weight. */
export interface TrackedStep {
  readonly definition: StepDefinition;
  /** Expected seconds, more than 0. */
  readonly weight: number;
  readonly startedAt?: number;
  readonly endedAt?: number;
  /** Resources the step is about, and how many of them are finished; without it, time tells its share. */
  readonly parts?: { readonly expected: number; readonly finished: number };
}

/** What has been seen of one attempt at an operation. */
export interface Track {
  readonly kind: OperationKind;
  readonly steps: readonly TrackedStep[];
}

/** A step that has not ended counts as less than done, however long it takes. */
const MOST_OF_A_STEP = 0.95;
/** Steps are never without weight, so that none is invisible. */
const LEAST_WEIGHT = 0.05;

/** The progress of an operation on which no work has begun. */
export function initialProgress(kind: OperationKind, engine: Engine): Progress {
  const steps = stepsOf(kind, engine);
  return {
    fraction: 0,
    etaSeconds: rounded(
      steps.reduce((sum, { seconds }) => sum + seconds, 0),
      1,
    ),
    steps: steps.map(({ key, title }) => ({ key, title, status: "pending" })),
  };
}

export interface TrackOptions {
  readonly kind: OperationKind;
  readonly engine: Engine;
  /** Measured weights; steps they do not name keep their defaults. */
  readonly weights: Weights;
  /** How many resources steps are about, by their key, as far as that is known beforehand. */
  readonly parts: Readonly<Record<string, number>>;
}

/** The track of an attempt that begins now: its first step runs. */
export function beginTrack({ kind, engine, weights, parts }: TrackOptions, now: number): Track {
  const steps = stepsOf(kind, engine).map((definition): TrackedStep => {
    const expected = parts[definition.key];
    return {
      definition,
      weight: Math.max(weights[definition.key] ?? definition.seconds, LEAST_WEIGHT),
      ...(expected === undefined ? {} : { parts: { expected, finished: 0 } }),
    };
  });
  return beginStep({ kind, steps }, 0, now);
}

/** Begins a step that has not begun. */
export function beginStep(track: Track, index: number, now: number): Track {
  return change(track, (step, at) =>
    at === index && step.startedAt === undefined ? { ...step, startedAt: now } : step,
  );
}

/** Ends a step, and begins the next one. */
export function endStep(track: Track, index: number, now: number): Track {
  const ended = change(track, (step, at) => (at === index ? closed(step, now) : step));
  return beginStep(ended, index + 1, now);
}

/** Ends every step up to and including the one at `index`, and begins the next one. */
export function endThrough(track: Track, index: number, now: number): Track {
  const ended = change(track, (step, at) => (at <= index ? closed(step, now) : step));
  return beginStep(ended, index + 1, now);
}

/** Counts one more finished resource of a step; the last one ends the step. */
export function finishPart(track: Track, index: number, now: number): Track {
  const counted = change(beginStep(track, index, now), (step, at) =>
    at === index && step.parts !== undefined
      ? { ...step, parts: { ...step.parts, finished: step.parts.finished + 1 } }
      : step,
  );
  const parts = counted.steps[index]?.parts;
  const isLast = parts !== undefined && parts.finished >= parts.expected;
  return isLast ? change(counted, (step, at) => (at === index ? closed(step, now) : step)) : counted;
}

/** The progress at a moment while the attempt goes on. Later moments and later tracks of it never give a smaller fraction. */
export function progressOf(track: Track, now: number): Progress {
  const total = track.steps.reduce((sum, { weight }) => sum + weight, 0);
  const finished = track.steps.reduce((sum, step) => sum + step.weight * shareOf(step, now), 0);
  return {
    fraction: Math.min(rounded(finished / total, 3), 0.999),
    etaSeconds: Math.max(0, rounded(total - finished, 1)),
    steps: track.steps.map((step) => shownStep(step, now)),
  };
}

/** The progress of an operation that succeeded: everything is done, what was not needed included. */
export function succeededProgress(track: Track, now: number): Progress {
  const steps = track.steps.map((step) => shownStep(closed(step, now), now));
  return { fraction: 1, steps };
}

/**
 * What is left to say about an attempt that is over without success: steps that were under way have failed, or are
 * pending again when somebody else goes on.
 */
export function stoppedProgress({ fraction, steps }: Progress, status: "failed" | "pending"): Progress {
  return { fraction, steps: steps.map((step) => (step.status === "running" ? stoppedStep(step, status) : step)) };
}

function stoppedStep({ seconds, ...step }: Step, status: "failed" | "pending"): Step {
  return status === "failed" && seconds !== undefined ? { ...step, seconds, status } : { ...step, status };
}

function change(track: Track, edit: (step: TrackedStep, index: number) => TrackedStep): Track {
  return { ...track, steps: track.steps.map(edit) };
}

function closed(step: TrackedStep, now: number): TrackedStep {
  return step.endedAt === undefined ? { ...step, startedAt: step.startedAt ?? now, endedAt: now } : step;
}

/** From 0 to 1, never going back. */
function shareOf(step: TrackedStep, now: number): number {
  if (step.endedAt !== undefined) return 1;
  if (step.startedAt === undefined) return 0;
  const { parts, weight } = step;
  const share =
    parts === undefined || parts.expected < 1
      ? (now - step.startedAt) / 1000 / weight
      : parts.finished / parts.expected;
  return Math.min(Math.max(share, 0), MOST_OF_A_STEP);
}

function shownStep({ definition, startedAt, endedAt }: TrackedStep, now: number): Step {
  const { key, title } = definition;
  if (startedAt === undefined) return { key, title, status: "pending" };
  const seconds = rounded(Math.max(0, (endedAt ?? now) - startedAt) / 1000, 1);
  return { key, title, status: endedAt === undefined ? "running" : "done", seconds };
}

function rounded(value: number, digits: number): number {
  return Number(value.toFixed(digits));
}
