import type { EngineEvent, EventSink, StepMetadata } from "../events.ts";
import type { Operation } from "../operation.ts";
import { nameOf, STACK_TYPE, typeOf } from "../urn.ts";
import type { Palette } from "./colors.ts";
import { operationWords, shortType } from "./names.ts";
import { isShown, Report } from "./report.ts";

export interface ProgressOptions {
  readonly headline: string;
  /** What goes on, in the heartbeat line. */
  readonly activity: string;
  readonly stackUrn: string;
  readonly suppressOutputs: boolean;
  readonly suppressProgress: boolean;
}

/** How often a line says that something is still going on. */
const HEARTBEAT_MILLISECONDS = 1000;

/** One line per thing that happens, for files, pipes and programs. */
export class ProgressLines implements EventSink {
  readonly #report: Report;
  readonly #write: (text: string) => void;
  readonly #palette: Palette;
  readonly #options: ProgressOptions;
  readonly #began = new Map<string, number>();
  readonly #unfinished = new Map<string, Operation>();
  readonly #diffs = new Map<string, string>();
  readonly #failed = new Set<string>();
  /** Row of a resource without its last remark, which messages about it are shown behind. */
  readonly #current = new Map<string, string>();
  readonly #last = new Map<string, string>();
  readonly #heartbeat: NodeJS.Timeout | undefined;
  #dots = "....";

  constructor(write: (text: string) => void, palette: Palette, options: ProgressOptions) {
    this.#report = new Report(options.stackUrn);
    this.#write = write;
    this.#palette = palette;
    this.#options = options;
    this.#line(palette.headline(options.headline));
    this.#line("");
    if (options.suppressProgress) return;
    this.#heartbeat = setInterval(() => {
      this.#write(`@ ${options.activity}${this.#dots}\n`);
      this.#dots += ".";
    }, HEARTBEAT_MILLISECONDS);
    this.#heartbeat.unref();
  }

  emit(event: EngineEvent): void {
    this.#report.add(event);
    if ("resourcePreEvent" in event)
      this.#begins(event.resourcePreEvent.metadata, event.resourcePreEvent.planning === true);
    if ("resOutputsEvent" in event) this.#ends(event.resOutputsEvent.metadata, event.resOutputsEvent.planning === true);
    if ("resOpFailedEvent" in event) this.#fails(event.resOpFailedEvent.metadata);
    if ("diagnosticEvent" in event) this.#says(event.diagnosticEvent);
    if ("stdoutEvent" in event) this.#write(`\n${event.stdoutEvent.message}\n`);
  }

  async close(): Promise<void> {
    clearInterval(this.#heartbeat);
    this.#lastRows();
    for (const line of this.#report.lines(this.#palette, this.#options)) this.#line(line);
  }

  #begins(metadata: StepMetadata, planning: boolean): void {
    const { op, urn } = metadata;
    this.#began.set(urn, Date.now());
    this.#unfinished.set(urn, op);
    const { planned, active } = operationWords[op];
    const diff = this.#diff(metadata);
    if (!isShown(metadata) || op === "read" || (op === "same" && diff === "")) return;
    if (op === "same") this.#row(metadata, op, "", diff);
    else this.#row(metadata, op, planning ? (op === "refresh" ? active : planned) : `${active} (0s)`, diff);
  }

  #ends(metadata: StepMetadata, planning: boolean): void {
    const { op, urn, type } = metadata;
    if (!isShown(metadata) || op === "read") return;
    const { planned, done } = operationWords[op];
    const stack = type === STACK_TYPE;
    const component = (metadata.new ?? metadata.old)?.custom !== true && !stack;
    const refreshed = this.#last.get(urn)?.includes("refreshing") === true;
    if (stack && this.#report.failedUrns().length > 0) return;
    this.#unfinished.delete(urn);
    if (op === "same" && !refreshed && (!stack || planning)) return;
    if ((component && op !== "same") || (planning && !stack && !refreshed)) return;
    const status = planning ? planned : done === "" ? "" : `${done} (${this.#elapsed(urn)})`;
    this.#row(metadata, op, status, this.#diff(metadata));
  }

  /** The deletion of what was replaced is shown with what made it necessary. */
  #diff(metadata: StepMetadata): string {
    const diff = diffText(metadata);
    if (diff !== "") this.#diffs.set(metadata.urn, diff);
    return metadata.op === "delete-replaced" ? (this.#diffs.get(metadata.urn) ?? "") : diff;
  }

  #fails(metadata: StepMetadata): void {
    this.#failed.add(metadata.urn);
    const error = this.#report.diagnostics(metadata.urn).findLast(({ severity }) => severity === "error");
    const said = error === undefined ? "" : `${error.prefix ?? ""}${firstLine(error.message)}`;
    this.#row(
      metadata,
      metadata.op,
      operationWords[metadata.op].failed,
      [diffText(metadata), said].filter((part) => part !== "").join("; "),
    );
  }

  #says({
    urn,
    message,
    prefix = "",
    severity,
  }: {
    urn?: string;
    message: string;
    prefix?: string;
    severity: string;
  }): void {
    const said = firstLine(message);
    if (severity === "debug" || said === "") return;
    const about = urn ?? this.#report.stackUrn;
    const row = this.#current.get(about) ?? `    ${shortType(typeOf(about))} ${nameOf(about)} `;
    this.#line(`${row} ${prefix}${said}`);
  }

  /** What failed without a step, and the stack, end the list. */
  #lastRows(): void {
    const { stackUrn, summary } = this.#report;
    for (const urn of this.#report.failedUrns()) {
      if (this.#failed.has(urn)) continue;
      const errors = this.#report.errorsOf(urn);
      const op = this.#unfinished.get(urn) ?? "same";
      const status = op === "same" ? "**failed**" : `**${operationWords[op].active} failed (${this.#elapsed(urn)})**`;
      const mark = this.#palette.operation(op)(operationWords[op].mark);
      this.#line(
        ` ${mark} ${shortType(typeOf(urn))} ${nameOf(urn)} ${status} ${errors} error${errors === 1 ? "" : "s"}`,
      );
    }
    if (summary?.result === "failed") return;
    const ended = this.#last.get(stackUrn);
    if (ended === undefined || / (deleted|refreshing) /.test(ended))
      this.#line(`    ${STACK_TYPE} ${nameOf(stackUrn)}  `);
  }

  #row(metadata: StepMetadata, op: StepMetadata["op"], status: string, info: string): void {
    const { mark } = operationWords[op];
    const row = `${shortType(metadata.type)} ${nameOf(metadata.urn)} ${status} ${info}`;
    this.#last.set(metadata.urn, row);
    const marked = ` ${this.#palette.operation(op)(mark)}`;
    this.#current.set(metadata.urn, `${marked} ${shortType(metadata.type)} ${nameOf(metadata.urn)} ${status}`);
    this.#line(`${marked} ${row}`);
  }

  #elapsed(urn: string): string {
    const seconds = (Date.now() - (this.#began.get(urn) ?? Date.now())) / 1000;
    return seconds < 1 ? `${seconds.toFixed(2)}s` : `${Math.round(seconds)}s`;
  }

  #line(text: string): void {
    this.#write(`${text}\n`);
  }
}

/** `[diff: ~spec,values]`: what differs, in one word each. */
export function diffText(metadata: StepMetadata): string {
  const differing = metadata.diffs ?? differingInputs(metadata);
  return differing.length === 0 ? "" : `[diff: ~${differing.join(",")}]`;
}

/** Components have no provider that tells what differs. */
function differingInputs({ op, old, new: created }: StepMetadata): string[] {
  if (old === null || created === null) return [];
  const protect = (old.protect ?? false) === (created.protect ?? false) ? [] : ["protect"];
  if (op !== "update") return op === "same" ? protect : [];
  const names = Object.keys({ ...old.inputs, ...created.inputs }).sort();
  return names.filter((name) => JSON.stringify(old.inputs[name]) !== JSON.stringify(created.inputs[name]));
}

function firstLine(message: string): string {
  return message.split("\n").find((line) => line.trim() !== "") ?? "";
}
