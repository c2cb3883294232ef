import { z } from "zod";
import type { RunOptions, StackRunner } from "./stack-runner.ts";

// What a worker and the pod of one operation say to each other: the request in the pod's environment, and the answer as
// lines of JSON on its standard output.

/** What a pod is to run: one command of the port to Pulumi. */
export const podRunSchema = z.discriminatedUnion("command", [
  z.object({ command: z.enum(["up", "preview"]), stack: z.string(), config: z.record(z.string(), z.string()) }),
  z.object({ command: z.enum(["refresh", "destroy"]), stack: z.string() }),
]);
export type PodRun = z.infer<typeof podRunSchema>;

const eventSchema = z.discriminatedUnion("kind", [
  z.object({
    kind: z.literal("resource"),
    name: z.string(),
    type: z.string(),
    action: z.string(),
    phase: z.enum(["started", "finished", "failed"]),
  }),
  z.object({ kind: z.literal("message"), severity: z.enum(["info", "warning", "error"]), text: z.string() }),
]);

/** One line of a pod. The last one is a result or an error. */
export const podLineSchema = z.union([
  z.object({ event: eventSchema }),
  z.object({
    error: z.object({
      kind: z.enum(["locked", "not-found", "cancelled", "killed", "failed"]),
      message: z.string(),
    }),
  }),
  z.object({ result: z.unknown() }),
]);
export type PodLine = z.infer<typeof podLineSchema>;

/** Runs the command here. */
export function runHere(runner: StackRunner, run: PodRun, options: RunOptions): Promise<unknown> {
  switch (run.command) {
    case "up":
    case "preview":
      return runner[run.command](run.stack, run.config, options);
    case "refresh":
    case "destroy":
      return runner[run.command](run.stack, options);
  }
}
