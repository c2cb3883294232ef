import { isLockDead } from "../../automation-api/dead-lock.ts";
import type { Pulumi } from "../pulumi.ts";

/** Name of the platform's project. */
const PROJECT = "platform";

/**
 * Frees the platform's stack from a run on this machine that was killed: nobody else does, and every later one would end at its lock.
 * A run that lives is left alone.
 * @param run runs a Pulumi command on the stack
 */
export async function freeFromDeadRun(
  { environment }: Pick<Pulumi, "environment">,
  stack: string,
  run: (words: readonly string[]) => Promise<unknown>,
): Promise<void> {
  if (await isLockDead(environment.PULUMI_BACKEND_URL ?? "", PROJECT, stack)) await run(["cancel", "--yes"]);
}
