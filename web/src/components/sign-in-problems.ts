import { z } from "zod";

/** Why the provider of single sign-on has sent somebody back. */
export const signInProblems = {
  "unknown-person": "Nobody here is connected with that account. Ask for an invitation, and open it first.",
  "address-taken":
    "Somebody here has the same address. If it is you, sign in another way, and connect the two on your account's page.",
  taken: "That account is somebody else's here.",
  failed: "That did not work. Try again, or sign in another way.",
} as const;

const problem = z.enum(["unknown-person", "address-taken", "taken", "failed"]).optional().catch(undefined);

/** What stands behind `?problem=`; anything else is nothing. */
export function parseProblem(search: Record<string, unknown>): { problem?: keyof typeof signInProblems } {
  const known = problem.parse(search.problem);
  return known === undefined ? {} : { problem: known };
}
