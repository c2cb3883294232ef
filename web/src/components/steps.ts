import type { Progress, Step } from "../../../automation-api/contract/operation.ts";

/** The step that goes on, `undefined` before the first and after the last. */
export function runningStep({ steps }: Progress): Step | undefined {
  return steps.find(({ status }) => status === "running");
}
