import { z } from "zod";
import { createSealer } from "./sealer.ts";
import { type SigningKeySource, signingKeyOf } from "./signing-key.ts";
import { type RunOptions, StackError, type StackRunner } from "./stack-runner.ts";

// What a worker and the pod of one operation say to each other: the request in the pod's environment, and the answer as
// lines of JSON on its standard output.

/** The kubeconfig of another cluster than home, sealed: the description of a pod can be read by many. */
const cluster = z.string().optional();

/** What a pod is to run: one command of the port to Pulumi. */
export const podRunSchema = z.discriminatedUnion("command", [
  z.object({
    command: z.enum(["up", "preview"]),
    stack: z.string(),
    config: z.record(z.string(), z.string()),
    cluster,
  }),
  z.object({ command: z.enum(["refresh", "destroy"]), stack: z.string(), cluster }),
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

const clusterSchema = z.object({ content: z.string(), context: z.string() });

/** Seals the way to a cluster for the pod of one operation, which opens it with what is derived from the same passphrase. */
export function sealCluster(
  passphrases: SigningKeySource,
  operation: string,
  way: RunOptions["cluster"],
): string | undefined {
  return way && sealerOf(passphrases).seal(JSON.stringify(way), operation);
}

/** Throws when it was not sealed for this operation. */
export function openCluster(
  passphrases: SigningKeySource,
  operation: string,
  { cluster }: PodRun,
): { content: string; context: string } | undefined {
  return cluster === undefined
    ? undefined
    : clusterSchema.parse(JSON.parse(sealerOf(passphrases).open(cluster, operation)));
}

/** Not the key of the database's rows: whoever runs one store's program is not to know that. */
function sealerOf({ PULUMI_CONFIG_PASSPHRASE, PULUMI_CONFIG_PASSPHRASE_FILE }: SigningKeySource) {
  const secret = signingKeyOf({ PULUMI_CONFIG_PASSPHRASE, PULUMI_CONFIG_PASSPHRASE_FILE });
  if (secret === undefined) {
    throw new StackError("failed", "Operations in pods reach other clusters only where there is a passphrase.");
  }
  return createSealer([secret], "operations");
}

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
