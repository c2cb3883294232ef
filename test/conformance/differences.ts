import { isObject, type Json } from "./normalise.ts";
import type { Outcome } from "./run-step.ts";

/** Something in which the offline engine is not like the recordings, and why that is all right. */
export interface Difference {
  readonly name: string;
  readonly reason: string;
  /** Ids of recordings it shows in; all of them when absent. */
  readonly steps?: RegExp;
  /** Takes the difference out of either side. */
  readonly without: (outcome: Outcome) => Outcome;
}

export const differences: readonly Difference[] = [
  {
    name: "first backup",
    reason: "A new stack's state is written once here and twice by the real CLI, so there is no `.bak` yet.",
    steps: /stack-init$/,
    without: (outcome) => ({
      ...outcome,
      ...(outcome.files && { files: outcome.files.filter((file) => !file.includes(".bak")) }),
    }),
  },
  {
    name: "unknown secrets",
    reason: "An output that is unknown and secret stays secret here; the recorded SDK forgot that it was one.",
    steps: /preview/,
    without: everywhere((text) => text.replace(/\[unknown\]$|\[secret\]$/gm, "[hidden]"), hideUnknownSecrets),
  },
  {
    name: "unknown outputs in previews",
    reason: "Outputs that will change to something unknown are listed here; the real CLI leaves them out.",
    steps: /036|046|071/,
    without: inOutput((text) =>
      text.replace(/^ +~ \w+ *: .* => \[(unknown|hidden)\]\n/gm, "").replace(/^ *~ nested: \{\n(.*\n)?? *\}\n/gm, ""),
    ),
  },
  {
    name: "outputs block",
    reason: "When nothing else is left of them, the headline of the outputs goes too.",
    steps: /036|046|071/,
    without: inOutput((text) => text.replace(/^ *--outputs:--\n?/gm, "").replace(/^Outputs:\n+(?=Resources:)/gm, "")),
  },
  {
    name: "environment in history",
    reason: "The real CLI also notes the package manager, and calls node by another of its names.",
    steps: /history/,
    without: (outcome) => ({ ...outcome, stdout: withoutKeys(outcome.stdout, /^runtime\.|^pulumi\.env\./) }),
  },
  {
    name: "remarks on the stack's row",
    reason: "The real CLI counts warnings there, and says what is read.",
    without: inOutput((text) =>
      text
        .replace(/ 1 warning$/gm, "")
        .replace(/^.*Stack \S+ creating \(<t>\) read pulumi:pulumi:StackReference.*\n/gm, ""),
    ),
  },
  {
    name: "names of differing properties",
    reason:
      "The kubernetes provider tells paths and no names; the offline engine always derives the names from the paths.",
    steps: /store/,
    without: (outcome) => dropKeys(outcome, /^(diffs|diffReasons)$/),
  },
  {
    name: "empty detailed diffs",
    reason: "A refresh that found no difference says so with an empty list or with none, depending on the provider.",
    steps: /refresh/,
    without: everywhere(
      (text) => text,
      (event) => withoutEmptyDiffs(event),
    ),
  },
  {
    name: "inputs after a failed release",
    reason:
      "The real provider keeps the inputs before a failed upgrade, this one those it tried. Both try again next time.",
    steps: /079|080|081|084/,
    without: (outcome) =>
      inOutput((text) => text.replace(/ ?\[diff: ~timeout,values\];?/g, "").replace(/ +$/gm, ""))(
        dropKeys(outcome, /^(timeout|image|detailedDiff)$/),
      ),
  },
  {
    name: "mending of a killed release",
    reason:
      "After a kill Helm keeps a release locked, and the real provider needs a person; here the lock is taken off.",
    steps: /085|086|090/,
    without: ({ exit, signal, stderr }) => ({ exit, signal, stderr, stdout: "" }),
  },
  {
    name: "update after a kill",
    reason: "Follows from the one before: the recorded update fails on the lock, this one succeeds.",
    steps: /088/,
    without: ({ signal, stderr }) => ({ exit: null, signal, stderr, stdout: "" }),
  },
  {
    name: "notes on waiting",
    reason: "What a provider says while it waits is its own, and comes or not with the moment.",
    steps: /store/,
    without: inOutput((text) => text.replace(/^.*\(<t>\)( \[diff: \S+\];?)? (Waiting |warning: \[Pod ).*\n?/gm, "")),
  },
  {
    name: "refusal of other providers",
    reason: "The offline engine says which providers it has and how to get the real CLI.",
    steps: /unknown-type/,
    without: everywhere((text) => text.replace(/\. Only the providers .* opens the same stacks\./g, "")),
  },
  {
    name: "lock address",
    reason: "The real CLI shows a parameter of its file driver behind the lock's path.",
    steps: /locked/,
    without: everywhere((text) => text.replace("?no_tmp_dir=true", "")),
  },
];

function inOutput(change: (text: string) => string): (outcome: Outcome) => Outcome {
  return (outcome) => ({
    ...outcome,
    stdout: typeof outcome.stdout === "string" ? change(outcome.stdout) : outcome.stdout,
  });
}

/** Changes all text of an outcome, and then its events once more as a whole. */
function everywhere(
  change: (text: string) => string,
  events: (value: Json) => Json = (value) => value,
): (outcome: Outcome) => Outcome {
  return (outcome) => ({
    ...outcome,
    stdout: mapText(outcome.stdout, change),
    stderr: change(outcome.stderr),
    ...(outcome.events === undefined ? {} : { events: outcome.events.map((event) => events(mapText(event, change))) }),
  });
}

function mapText(value: Json, change: (text: string) => string): Json {
  if (typeof value === "string") return change(value);
  if (Array.isArray(value)) return value.map((item) => mapText(item, change));
  if (!isObject(value)) return value;
  return Object.fromEntries(Object.entries(value).map(([key, item]) => [key, mapText(item, change)]));
}

/** In the outputs of the stack, a masked secret and an unknown are both just hidden. */
function hideUnknownSecrets(value: Json): Json {
  if (Array.isArray(value)) return value.map(hideUnknownSecrets);
  if (value === "<unknown>") return "<hidden>";
  if (!isObject(value)) return value;
  if (value.ciphertext === "[secret]" || value.ciphertext === "[hidden]") return "<hidden>";
  return Object.fromEntries(Object.entries(value).map(([key, item]) => [key, hideUnknownSecrets(item)]));
}

function dropKeys(outcome: Outcome, pattern: RegExp): Outcome {
  const { events, state } = outcome;
  return {
    ...outcome,
    stdout: withoutKeys(outcome.stdout, pattern),
    ...(events === undefined ? {} : { events: events.map((event) => withoutKeys(event, pattern)) }),
    ...(state === undefined ? {} : { state: withoutKeys(state, pattern) }),
  };
}

function withoutEmptyDiffs(value: Json): Json {
  if (Array.isArray(value)) return value.map(withoutEmptyDiffs);
  if (!isObject(value)) return value;
  const entries = Object.entries(value).map(([key, item]) => {
    const empty = key === "detailedDiff" && isObject(item) && Object.keys(item).length === 0;
    return [key, empty ? null : withoutEmptyDiffs(item)];
  });
  return Object.fromEntries(entries);
}

function withoutKeys(value: Json, pattern: RegExp): Json {
  if (Array.isArray(value)) return value.map((item) => withoutKeys(item, pattern));
  if (!isObject(value)) return value;
  const kept = Object.entries(value).filter(([key]) => !pattern.test(key));
  return Object.fromEntries(kept.map(([key, item]) => [key, withoutKeys(item, pattern)]));
}
