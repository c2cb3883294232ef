import type { Diagnostic, EventBody, StepMetadata, Summary } from "../events.ts";
import type { JsonObject } from "../json.ts";
import { isDefaultProvider, nameOf, STACK_TYPE, typeOf } from "../urn.ts";
import type { Palette } from "./colors.ts";
import { shortType } from "./names.ts";
import { durationText, outputLines, resourceLines } from "./summary.ts";

/** What a deployment said and found, gathered from its events, for the text that ends every display. */
export class Report {
  /** URN of the stack, which messages about no resource in particular are shown with. */
  readonly stackUrn: string;
  readonly #order: string[];
  readonly #diagnostics = new Map<string, Diagnostic[]>();
  #outputs: { olds: JsonObject; news: JsonObject } | undefined;
  #oldOutputs: JsonObject | undefined;
  summary: Summary | undefined;

  constructor(stackUrn: string) {
    this.stackUrn = stackUrn;
    this.#order = [stackUrn];
  }

  add(event: EventBody): void {
    if ("resourcePreEvent" in event) this.#seen(event.resourcePreEvent.metadata);
    if ("resOutputsEvent" in event) this.#finished(event.resOutputsEvent.metadata);
    if ("diagnosticEvent" in event) this.#said(event.diagnosticEvent);
    if ("summaryEvent" in event) this.summary = event.summaryEvent;
  }

  diagnostics(urn: string): readonly Diagnostic[] {
    return this.#diagnostics.get(urn) ?? [];
  }

  errorsOf(urn: string): number {
    return this.diagnostics(urn).filter(({ severity }) => severity === "error").length;
  }

  failedUrns(): string[] {
    return this.#order.filter((urn) => this.errorsOf(urn) > 0);
  }

  /** Everything below the list of resources. */
  lines(palette: Palette, options: { suppressOutputs: boolean }): string[] {
    const { summary } = this;
    if (summary === undefined) return [];
    const outputs = options.suppressOutputs ? [] : this.#outputLines(summary);
    return [
      ...this.#diagnosticLines(palette),
      ...(outputs.length === 0 ? [] : [...outputs, ""]),
      ...resourceLines(summary, this.#errored()),
      "",
      ...(summary.isPreview ? [] : [`Duration: ${durationText(summary.durationSeconds)}`, ""]),
    ];
  }

  #seen(metadata: StepMetadata): void {
    if (!this.#order.includes(metadata.urn)) this.#order.push(metadata.urn);
    if (metadata.type !== STACK_TYPE) return;
    this.#oldOutputs = metadata.old?.outputs ?? {};
  }

  #finished({ type, old, new: created }: StepMetadata): void {
    if (type !== STACK_TYPE || created === null) return;
    this.#outputs = { olds: old?.outputs ?? {}, news: created.outputs };
  }

  #said(diagnostic: Diagnostic): void {
    if (diagnostic.ephemeral === true || diagnostic.severity === "debug") return;
    const urn = diagnostic.urn ?? this.stackUrn;
    if (!this.#order.includes(urn)) this.#order.push(urn);
    this.#diagnostics.set(urn, [...this.diagnostics(urn), diagnostic]);
  }

  #errored(): number {
    return this.failedUrns().length;
  }

  /** A program that failed before it gave the stack's outputs leaves them to be shown as gone. */
  #outputLines(summary: Summary): string[] {
    const { olds, news } = this.#outputs ?? { olds: this.#oldOutputs ?? {}, news: {} };
    const gone = Object.keys(news).length === 0 && summary.result === "succeeded" && this.#outputs === undefined;
    return gone ? [] : outputLines(olds, news, summary.isPreview);
  }

  #diagnosticLines(palette: Palette): string[] {
    const order = this.#order.filter((urn) => this.#diagnostics.has(urn));
    if (order.length === 0) return [];
    const lines = order.flatMap((urn) => {
      const said = this.diagnostics(urn).flatMap((diagnostic) => messageLines(diagnostic, palette));
      return [
        `  ${shortType(typeOf(urn))} (${nameOf(urn)}):`,
        ...said.map((line) => (line === "" ? "" : `    ${line}`)),
        "",
      ];
    });
    return [palette.headline("Diagnostics:"), ...lines];
  }
}

function messageLines({ prefix = "", message, severity }: Diagnostic, palette: Palette): string[] {
  const paint = severity === "error" ? palette.bad : severity === "warning" ? palette.warning : (text: string) => text;
  return `${paint(prefix)}${message.trimEnd()}`.split("\n");
}

/** Default providers are the engine's own business. */
export function isShown(metadata: StepMetadata): boolean {
  return !isDefaultProvider(metadata.urn);
}
