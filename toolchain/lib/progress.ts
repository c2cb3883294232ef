import { appendFileSync } from "node:fs";
import { join } from "node:path";
import pc from "picocolors";
import { toError } from "./problem.ts";

/** What a running step can tell about itself. */
export interface Step {
  /** File to which the step's full output belongs. */
  readonly log: string;
  /** Says what is being done right now. */
  say(detail: string): void;
  /** Says how far the step is, from 0 to 1. Without it the elapsed time against the expected one is shown. */
  fraction(done: number): void;
}

/** Tells a person what is going on. Steps may run side by side and inside one another. */
export interface Reporter {
  /**
   * Runs `work` as one visible step.
   * @param expectedSeconds how long it usually takes, shown beside the elapsed time
   */
  step<T>(title: string, expectedSeconds: number, work: (step: Step) => Promise<T>): Promise<T>;
  /** Prints a line that stays. */
  info(line: string): void;
}

interface RunningStep {
  readonly title: string;
  readonly expectedSeconds: number;
  readonly startedAt: number;
  detail: string;
  done: number | undefined;
}

function seconds(milliseconds: number): string {
  const whole = Math.round(milliseconds / 1000);
  return whole < 60 ? `${whole} s` : `${Math.floor(whole / 60)} min ${whole % 60} s`;
}

function describe(step: RunningStep, now: number): string {
  const elapsed = now - step.startedAt;
  const share = step.done === undefined ? "" : ` ${Math.round(step.done * 100)} %`;
  const detail = step.detail === "" ? "" : ` · ${step.detail}`;
  return `${step.title}${share} · ${seconds(elapsed)} of about ${seconds(step.expectedSeconds * 1000)}${detail}`;
}

const frames = ["⠋", "⠙", "⠹", "⠸", "⠼", "⠴", "⠦", "⠧", "⠇", "⠏"];

/**
 * A reporter for a terminal: one live line per running step; a line that stays when the step has ended.
 * Where the output is not a terminal (CI, a pipe), a line is printed when a step starts and ends and every half minute.
 */
export function createReporter(options: { logs: string; stream?: NodeJS.WriteStream }): Reporter {
  const stream = options.stream ?? process.stderr;
  const live = stream.isTTY === true;
  const running = new Set<RunningStep>();
  let drawn = 0;
  let frame = 0;

  const erase = () => {
    if (drawn > 0) stream.write(`\u001b[${drawn}A\u001b[0J`);
    drawn = 0;
  };
  const draw = () => {
    if (!live) return;
    erase();
    frame = (frame + 1) % frames.length;
    // A terminal that does not know its size says 0.
    const width = Math.max(20, (stream.columns || 80) - 3);
    for (const step of running) {
      stream.write(`${pc.cyan(frames[frame] ?? "")} ${describe(step, Date.now()).slice(0, width)}\n`);
      drawn += 1;
    }
  };
  const print = (line: string) => {
    erase();
    stream.write(`${line}\n`);
    draw();
  };
  let timer: NodeJS.Timeout | undefined;
  const tick = () => {
    if (live) return draw();
    for (const step of running) stream.write(`  ${describe(step, Date.now())}\n`);
  };

  return {
    info: print,
    async step(title, expectedSeconds, work) {
      const step: RunningStep = { title, expectedSeconds, startedAt: Date.now(), detail: "", done: undefined };
      const log = join(options.logs, `${title.toLowerCase().replace(/[^a-z0-9]+/g, "-")}.log`);
      appendFileSync(log, `\n=== ${new Date().toISOString()} ${title}\n`);
      running.add(step);
      timer ??= setInterval(tick, live ? 100 : 30_000).unref();
      if (live) draw();
      else stream.write(`${pc.cyan("…")} ${title} (about ${seconds(expectedSeconds * 1000)})\n`);
      try {
        const result = await work({
          log,
          say: (detail) => {
            step.detail = detail;
          },
          fraction: (done) => {
            step.done = Math.min(1, Math.max(0, done));
          },
        });
        running.delete(step);
        print(`${pc.green("✓")} ${title} ${pc.dim(`· ${seconds(Date.now() - step.startedAt)}`)}`);
        return result;
      } catch (thrown) {
        running.delete(step);
        print(`${pc.red("✗")} ${title} ${pc.dim(`· ${seconds(Date.now() - step.startedAt)} · full output: ${log}`)}`);
        throw toError(thrown);
      } finally {
        if (running.size === 0 && timer !== undefined) {
          clearInterval(timer);
          timer = undefined;
          erase();
        }
      }
    },
  };
}

/** A reporter that shows nothing: for tests and for commands that print JSON. */
export function createSilentReporter(logs: string): Reporter {
  const step: Step = { log: join(logs, "silent.log"), say: () => undefined, fraction: () => undefined };
  return { info: () => undefined, step: (_title, _expectedSeconds, work) => work(step) };
}
