import type { Call } from "../../provider.ts";
import type { Properties } from "../../values.ts";
import { type KubernetesClient, referenceTo } from "./client.ts";
import { kindOf } from "./kinds.ts";
import { annotationOf, nameOf } from "./objects.ts";
import { type ReadinessRule, readinessRule } from "./readiness.ts";
import { waitUntil } from "./wait.ts";

/** The object is there but did not become ready. */
export class NotReady extends Error {
  /** The object as it was last seen. */
  readonly live: Properties;
  /** What stands in the way, one sentence each. */
  readonly problems: readonly string[];

  constructor(message: string, live: Properties, problems: readonly string[]) {
    super(message);
    this.name = "NotReady";
    this.live = live;
    this.problems = problems;
  }
}

/** Seconds: what the resource's options say, else its annotation, else `otherwise`. */
export function timeoutOf(inputs: Properties, option: number | undefined, otherwise: number): number {
  const annotated = Number.parseInt(annotationOf(inputs, "pulumi.com/timeoutSeconds") ?? "", 10);
  return option || (Number.isNaN(annotated) ? otherwise : annotated);
}

export function skipsAwait(inputs: Properties): boolean {
  return annotationOf(inputs, "pulumi.com/skipAwait") === "true";
}

/** How often verdicts that depend on other objects are asked for again. */
const LOOK_AROUND_SECONDS = 1;

/**
 * Waits until an object just written is ready, by the rule of its kind, and answers it as it then is. Throws
 * {@link NotReady} when it fails, time is up, or the person interrupts.
 */
export async function awaitReady(
  call: Call & { timeoutSeconds: number | undefined },
  client: KubernetesClient,
  inputs: Properties,
  written: Properties,
): Promise<Properties> {
  const rule = readinessRule(kindOf(written));
  if (rule === undefined || skipsAwait(inputs)) return written;
  let live = written;
  let said = "";
  const outcome = await waitUntil(
    {
      client,
      reference: referenceTo(written),
      signal: call.signal,
      timeoutSeconds: timeoutOf(inputs, call.timeoutSeconds, rule.timeoutSeconds),
      ...(rule.looksAround ? { recheckSeconds: LOOK_AROUND_SECONDS } : {}),
    },
    async (seen) => {
      if (seen === undefined) return false;
      live = seen;
      const verdict = await rule.judge(seen, client);
      if (verdict.state === "failed") throw new NotReady(verdict.why, live, await problems(rule, live, client));
      const progress = verdict.state === "waiting" ? `Waiting for ${verdict.for}` : "";
      if (progress !== said && progress !== "") call.log("info", progress, true);
      said = progress;
      return verdict.state === "ready";
    },
  );
  if (outcome === "satisfied") return live;
  const message =
    outcome === "interrupted"
      ? `Resource operation was cancelled for "${nameOf(live)}"`
      : `'${nameOf(live)}' timed out waiting to be Ready`;
  throw new NotReady(message, live, await problems(rule, live, client));
}

async function problems(rule: ReadinessRule, live: Properties, client: KubernetesClient): Promise<string[]> {
  return rule.problems === undefined ? [] : rule.problems(live, client);
}
