import type { Step } from "../deployment/step.ts";
import type { EngineEvent, EventSink, StepMetadata } from "../events.ts";
import { parsePath } from "../property-path.ts";
import { isStack, STACK_TYPE } from "../urn.ts";
import type { Palette } from "./colors.ts";
import { operationWords } from "./names.ts";
import type { ProgressOptions } from "./progress.ts";
import { isShown, Report } from "./report.ts";
import { resourceLines } from "./summary.ts";
import { changeLines, propertyLines } from "./values.ts";

/** `--diff`: every changing resource with what changes in it, indented below its parent. */
export class DiffText implements EventSink {
  readonly #report: Report;
  readonly #write: (text: string) => void;
  readonly #palette: Palette;
  readonly #depth = new Map<string, number>();
  readonly #parents = new Map<string, string>();
  readonly #done = new Set<string>();

  constructor(write: (text: string) => void, palette: Palette, { headline, stackUrn }: ProgressOptions) {
    this.#report = new Report(stackUrn);
    this.#write = write;
    this.#palette = palette;
    this.#line(palette.headline(headline));
  }

  emit(event: EngineEvent, step?: Step): void {
    this.#report.add(event);
    if ("resOutputsEvent" in event && step !== undefined) this.#resource(event.resOutputsEvent.metadata);
    if ("resourcePreEvent" in event && isStack(event.resourcePreEvent.metadata.urn))
      this.#resource(event.resourcePreEvent.metadata);
    if ("resOpFailedEvent" in event) this.#resource(event.resOpFailedEvent.metadata);
    if ("stdoutEvent" in event) this.#write(`\n${event.stdoutEvent.message}\n`);
  }

  async close(): Promise<void> {
    const { summary } = this.#report;
    if (summary?.isPreview !== true || summary.result === "failed") {
      for (const line of this.#report.lines(this.#palette, { suppressOutputs: false })) this.#line(line);
      return;
    }
    const lines = this.#report.lines(this.#palette, { suppressOutputs: false });
    const outputs = lines.indexOf("Outputs:");
    const end = lines.indexOf("Resources:");
    if (outputs >= 0) for (const line of ["    --outputs:--", ...lines.slice(outputs + 1, end - 1)]) this.#line(line);
    for (const line of resourceLines(summary, 0)) this.#line(line);
  }

  #resource(metadata: StepMetadata): void {
    const { op, urn, type } = metadata;
    this.#parents.set(urn, (metadata.new ?? metadata.old)?.parent ?? "");
    if (this.#done.has(urn) || !isShown(metadata)) return;
    if ((op === "same" && type !== STACK_TYPE) || op === "create-replacement" || op === "delete-replaced") return;
    this.#done.add(urn);
    const shown = metadata.new ?? metadata.old;
    const depth = this.#depthBelow(shown?.parent ?? "") + 1;
    this.#depth.set(urn, depth);
    const indent = " ".repeat(depth * 4);
    const paint = this.#palette.operation(op);
    this.#line(`${indent}${paint(`${operationWords[op].mark}${type}: (${operationWords[op].planned || op})`)}`);
    const id = metadata.old?.id ?? "";
    for (const note of [
      id === "" ? "" : `id=${id}`,
      `urn=${urn}`,
      shown?.provider ? `provider=${shown.provider}` : "",
    ]) {
      if (note !== "") this.#line(`${indent}    [${note}]`);
    }
    for (const line of this.#propertiesOf(metadata, depth * 4 + 4)) this.#line(line);
  }

  /** Depth of the nearest ancestor that is shown. */
  #depthBelow(parent: string): number {
    if (parent === "") return -1;
    return this.#depth.get(parent) ?? this.#depthBelow(this.#parents.get(parent) ?? "");
  }

  #propertiesOf({ op, old, new: created, detailedDiff }: StepMetadata, indent: number): string[] {
    if (op === "create" || op === "read") return propertyLines(created?.inputs ?? {}, indent);
    if (op === "same" || op === "delete" || old === null || created === null) return [];
    const top =
      detailedDiff === null ? undefined : new Set(Object.keys(detailedDiff).map((path) => String(parsePath(path)[0])));
    if (top === undefined && op === "replace") {
      return changeLines({ ...old.outputs, id: old.id }, { ...created.outputs }, indent, { all: true });
    }
    const olds = picked(old.inputs, top);
    return changeLines(olds, picked(created.inputs, top), indent, { all: false });
  }

  #line(text: string): void {
    this.#write(`${text}\n`);
  }
}

function picked<T>(properties: Record<string, T>, keys: ReadonlySet<string> | undefined): Record<string, T> {
  if (keys === undefined) return properties;
  return Object.fromEntries(Object.entries(properties).filter(([key]) => keys.has(key)));
}
