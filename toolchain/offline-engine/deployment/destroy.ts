import { deletionRounds } from "./deletions.ts";
import { makeStep } from "./step.ts";
import {
  type DeploymentInput,
  type DeploymentResult,
  deploy,
  makeWorkshop,
  sayFailed,
  warnOfPending,
} from "./update.ts";

/** Deletes everything the state has. The program is not run. */
export async function destroy(input: DeploymentInput): Promise<DeploymentResult> {
  const workshop = makeWorkshop(input);
  const { executor, registry, diagnostics } = workshop;
  for (const { urn, id, inputs, type } of input.previous.resources) {
    if (type.startsWith("pulumi:providers:")) registry.add(urn, id, inputs);
  }
  return deploy(input, workshop, async () => {
    warnOfPending(input, diagnostics);
    const rounds = deletionRounds(input.previous.resources).map((round) =>
      round.map((old) => {
        if (old.external) return makeStep({ op: "read-discard", old });
        if (old.pendingReplacement) return makeStep({ op: "discard-replaced", old, logical: false });
        return makeStep({ op: "delete", old });
      }),
    );
    await executor.deleteRounds(rounds);
    sayFailed(input, executor, diagnostics);
  });
}
