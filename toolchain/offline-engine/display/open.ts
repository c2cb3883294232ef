import { stripVTControlCharacters } from "node:util";
import type { StackName } from "../backend/backend.ts";
import type { Arguments } from "../cli/arguments.ts";
import type { Kind } from "../cli/deployment-flags.ts";
import type { EventSink } from "../events.ts";
import { makeUrn, STACK_TYPE } from "../urn.ts";
import { makePalette } from "./colors.ts";
import { DiffText } from "./diff.ts";
import { JsonDigest } from "./digest.ts";
import { LiveTree } from "./live-tree.ts";
import { ProgressLines } from "./progress.ts";

export interface DisplayWish {
  readonly kind: Kind;
  readonly preview: boolean;
  readonly name: StackName;
  readonly given: Arguments;
  readonly interactive: boolean;
}

const HEADLINES: Readonly<Record<Kind, { preview: string; real: string }>> = {
  preview: { preview: "Previewing update", real: "Previewing update" },
  update: { preview: "Previewing update", real: "Updating" },
  refresh: { preview: "Previewing refresh", real: "Refreshing" },
  destroy: { preview: "Previewing destroy", real: "Destroying" },
};

/** The display for what the flags and the terminal ask for. */
export function openDisplay({ kind, preview, name, given, interactive }: DisplayWish): EventSink {
  if (given.has("json")) return new JsonDigest((text) => process.stdout.write(text));
  const activity = HEADLINES[kind][preview ? "preview" : "real"];
  const headline = `${activity} (${name.stack}):`;
  const colored = useColor(given.value("color"));
  const palette = makePalette(colored);
  const write = (text: string) => process.stdout.write(colored ? text : stripVTControlCharacters(text));
  const options = {
    headline,
    stackUrn: makeUrn(name, "", STACK_TYPE, `${name.project}-${name.stack}`),
    activity: activity.toLowerCase(),
    suppressOutputs: given.has("suppress-outputs"),
    suppressProgress: given.has("suppress-progress"),
  };
  if (given.has("diff")) return new DiffText(write, palette, options);
  return interactive ? new LiveTree(write, palette, options) : new ProgressLines(write, palette, options);
}

function useColor(wish: string | undefined): boolean {
  if (wish === "always") return true;
  if (wish === "never" || wish === "raw") return false;
  return process.stdout.isTTY === true && process.env.NO_COLOR === undefined;
}
