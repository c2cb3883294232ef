import type { ProgressEvent } from "../contract/operation.ts";
import type { ResourceEvent, StackEvent } from "../stack-runner.ts";
import type { Track } from "./progress.ts";

// What a person reads about an operation that runs. Pure.

/** A line without its place in the history. */
export type Line = Pick<ProgressEvent, "kind" | "severity" | "text">;

const RELEASE = "kubernetes:helm.sh/v3:Release";

/** Longest text of a line, in characters: enough for a pod's complaint, too little for a page of output. */
const LONGEST = 600;

/** What is done to a resource, by Pulumi's name for it. What is not named is no news. */
const past: Readonly<Record<string, string>> = {
  create: "Made",
  update: "Changed",
  replace: "Replaced",
  "create-replacement": "Made anew",
  delete: "Removed",
  "delete-replaced": "Removed the old",
};
const present: Readonly<Record<string, string>> = { create: "Making", update: "Changing", delete: "Removing" };

/** `kubernetes:core/v1:Namespace` → `Namespace`. */
function kindOf(type: string): string {
  return type.split(":").at(-1) ?? type;
}

/** Groups and connections: nothing that can be found in a cluster. */
function isInternal(type: string): boolean {
  return type.startsWith("pulumi:") || type.startsWith("storefleet:");
}

function resourceLine({ type, name, action, phase }: ResourceEvent): Line | undefined {
  if (isInternal(type)) return undefined;
  const what = `${kindOf(type)} "${name}"`;
  switch (phase) {
    case "failed":
      return { kind: "resource", severity: "error", text: `${what} failed.` };
    case "finished":
      return past[action] === undefined
        ? undefined
        : { kind: "resource", severity: "info", text: `${past[action]} ${what}.` };
    case "started":
      // The only one that takes long enough to wonder what is going on.
      return type === RELEASE && present[action] !== undefined
        ? { kind: "resource", severity: "info", text: `${present[action]} ${what}.` }
        : undefined;
  }
}

/** Text that came from elsewhere, in one line of bearable length. */
export function plainText(text: string): string {
  const line = text.replaceAll(/\s+/g, " ").trim();
  return line.length > LONGEST ? `${line.slice(0, LONGEST - 1)}…` : line;
}

/** Text that came from elsewhere as a sentence: it begins with a capital and has an end. */
export function toSentence(text: string): string {
  const line = plainText(text);
  const begun = line.charAt(0).toUpperCase() + line.slice(1);
  return /[.!?…)]$/.test(begun) ? begun : `${begun}.`;
}

/** The line for something that a run said, or `undefined` for what nobody needs to know. */
export function lineOf(event: StackEvent): Line | undefined {
  if (event.kind === "resource") return resourceLine(event);
  // What programs and providers say by the way is about their own inside.
  if (event.severity === "info") return undefined;
  return { kind: "message", severity: event.severity, text: plainText(event.text) };
}

/** Lines for the steps that ended or began between two tracks of the same attempt. */
export function stepLines(before: Track, after: Track): Line[] {
  return after.steps.flatMap(({ definition: { title }, startedAt, endedAt }, index): Line[] => {
    const old = before.steps[index];
    if (startedAt === undefined || old === undefined) return [];
    const line = (text: string): Line => ({ kind: "step", severity: "info", text });
    if (endedAt !== undefined && old.endedAt === undefined) {
      // A step that was over before anybody saw it begin says nothing about time.
      const isSkipped = endedAt === startedAt && old.startedAt === undefined;
      return isSkipped ? [] : [line(`${title}: done in ${((endedAt - startedAt) / 1000).toFixed(1)} s.`)];
    }
    return old.startedAt === undefined ? [line(`${title} …`)] : [];
  });
}
