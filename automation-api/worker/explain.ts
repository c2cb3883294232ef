import { CheckoutProblem } from "../../stores/engines/engine.ts";
import { SettingsProblem } from "../../stores/spec.ts";
import { ClusterUnreachable } from "../cluster/api-server.ts";
import type { Failure } from "../domain/causes.ts";
import { toSentence } from "../domain/event-lines.ts";
import { StackError } from "../stack-runner.ts";

/** Work on a store cannot be done; the message is a sentence for a person. */
export class OperationProblem extends Error {
  override readonly name = "OperationProblem";
}

/** What is known of why work failed; `undefined` for an error of our own, whose words help nobody. */
export function failureOf(error: unknown): Failure | undefined {
  if (!(error instanceof Error)) return undefined;
  const said = toSentence(error.message);
  if (error instanceof StackError) {
    const kind = error.kind === "locked" || error.kind === "killed" ? error.kind : "said";
    return { kind, said };
  }
  if (error instanceof CheckoutProblem) return { kind: "not-selling", said };
  if (error instanceof ClusterUnreachable) return { kind: "cluster-away", said };
  if (error instanceof SettingsProblem) return { kind: "settings", said };
  return error instanceof OperationProblem ? { kind: "problem", said } : undefined;
}
