import type { FlagKinds } from "./arguments.ts";

/** What the four commands that run the engine have in common. */
export type Kind = "preview" | "update" | "refresh" | "destroy";

/** Flags accepted by all of them. What would change the outcome and is not offered is refused when it is used. */
export const deploymentFlags: FlagKinds = {
  "skip-preview": "switch",
  "preview-only": "switch",
  "expect-no-changes": "switch",
  "event-log": "value",
  "exec-kind": "value",
  "exec-agent": "value",
  message: "value",
  parallel: "value",
  diff: "switch",
  json: "switch",
  config: "values",
  "config-path": "switch",
  refresh: "switch",
  "run-program": "switch",
  "continue-on-error": "switch",
  "clear-pending-creates": "switch",
  "skip-pending-creates": "switch",
  "suppress-outputs": "switch",
  "suppress-progress": "switch",
  "suppress-permalink": "value",
  "show-config": "switch",
  "show-sames": "switch",
  "show-reads": "switch",
  "show-full-output": "switch",
  "show-secrets": "switch",
  "show-replacement-steps": "switch",
  "exclude-protected": "switch",
};
