import { z } from "zod";

/** What the Automation API throws when a command fails; its own message begins with the whole command line. */
const failedCommandSchema = z.object({ commandResult: z.object({ err: z.object({ stderr: z.string() }) }) });

/** Longer ones are cut off: it is to be one sentence. */
const MOST_CHARACTERS = 500;

/**
 * The line by which the CLI says why it ended, without its `error: `; `undefined` when there is none. Nothing else of what
 * it printed is taken: that may hold anything. Names and passwords in addresses, such as the backend's, are left out.
 */
export function complaintIn(stderr: string): string | undefined {
  const line = /^error: +(\S.*)$/m.exec(stderr)?.[1]?.trim();
  return line?.replaceAll(/:\/\/[^\s/@]+@/g, "://").slice(0, MOST_CHARACTERS);
}

/** A failed command with the line that says why. */
export class PulumiComplaint extends Error {
  override readonly name = "PulumiComplaint";
}

function complaintOf(thrown: unknown): string | undefined {
  if (thrown instanceof PulumiComplaint) return thrown.message;
  // Met by ourselves, beside the command: its work folder is on the disk that holds the state.
  if (thrown instanceof Error && "code" in thrown && thrown.code === "ENOSPC") return "no space left on device.";
  const { data } = failedCommandSchema.safeParse(thrown);
  return data === undefined ? undefined : complaintIn(data.commandResult.err.stderr);
}

const killedCommandSchema = z.object({ commandResult: z.object({ err: z.object({ signal: z.literal("SIGKILL") }) }) });

/** Whether a command was ended by force from outside: by us, by a person, or by a system that ran out of memory. */
export function wasKilled(thrown: unknown): boolean {
  return killedCommandSchema.safeParse(thrown).success;
}

/** A sentence on a command that failed and told no event of why, as with a wrong passphrase. */
export function sentenceOfFailure(stack: string, thrown: unknown): string {
  const complaint = complaintOf(thrown);
  const what = `Pulumi failed on stack "${stack}"`;
  return complaint === undefined ? `${what} without giving a reason.` : `${what}: ${complaint}`;
}
