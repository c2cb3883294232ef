import type { EngineEvent, EventSink, StepMetadata } from "../events.ts";
import type { Operation } from "../operation.ts";
import { nameOf, STACK_TYPE } from "../urn.ts";
import type { Palette } from "./colors.ts";
import { operationWords, shortType } from "./names.ts";
import { diffText, type ProgressOptions } from "./progress.ts";
import { isShown, Report } from "./report.ts";

interface Row {
  readonly urn: string;
  readonly type: string;
  readonly parent: string;
  op: Operation;
  state: "planned" | "active" | "done" | "failed";
  began: number;
  ended: number | undefined;
  info: string;
}

const REDRAW_MILLISECONDS = 150;
const SPINNER = ["⠋", "⠙", "⠹", "⠸", "⠼", "⠴", "⠦", "⠧", "⠇", "⠏"];

/** A tree of the resources that change, drawn over itself while they do. For terminals. */
export class LiveTree implements EventSink {
  readonly #report: Report;
  readonly #rows = new Map<string, Row>();
  readonly #write: (text: string) => void;
  readonly #palette: Palette;
  readonly #options: ProgressOptions;
  readonly #timer: NodeJS.Timeout;
  #drawn = "";
  #drawnLines = 0;
  #turn = 0;

  constructor(write: (text: string) => void, palette: Palette, options: ProgressOptions) {
    this.#report = new Report(options.stackUrn);
    this.#write = write;
    this.#palette = palette;
    this.#options = options;
    write(`${palette.headline(options.headline)}\n\n`);
    this.#timer = setInterval(() => this.#draw(), REDRAW_MILLISECONDS);
  }

  emit(event: EngineEvent): void {
    this.#report.add(event);
    if ("resourcePreEvent" in event) {
      this.#set(event.resourcePreEvent.metadata, event.resourcePreEvent.planning === true ? "planned" : "active");
    }
    if ("resOutputsEvent" in event)
      this.#set(event.resOutputsEvent.metadata, event.resOutputsEvent.planning === true ? "planned" : "done");
    if ("resOpFailedEvent" in event) this.#set(event.resOpFailedEvent.metadata, "failed");
    if ("diagnosticEvent" in event) this.#say(event.diagnosticEvent);
    if ("stdoutEvent" in event) this.#print(`\n${event.stdoutEvent.message}\n`);
  }

  async close(): Promise<void> {
    clearInterval(this.#timer);
    this.#draw();
    this.#write(`\n${this.#report.lines(this.#palette, this.#options).join("\n")}\n`);
  }

  #set(metadata: StepMetadata, state: Row["state"]): void {
    if (!isShown(metadata)) return;
    const known = this.#rows.get(metadata.urn);
    const parent = (metadata.new ?? metadata.old)?.parent ?? "";
    const row = known ?? {
      urn: metadata.urn,
      type: metadata.type,
      parent,
      op: metadata.op,
      state,
      began: Date.now(),
      ended: undefined,
      info: "",
    };
    // Once the old one of a replacement is gone, the row tells of the replacement again.
    const replaced =
      metadata.op === "delete-replaced" && state !== "active" && state !== "failed" && known !== undefined;
    row.op = replaced ? "replace" : metadata.op;
    row.state = state;
    row.info = diffText(metadata) || row.info;
    if (state === "done" || state === "failed") row.ended ??= Date.now();
    this.#rows.set(metadata.urn, row);
  }

  #say({ urn, message, severity }: { urn?: string; message: string; severity: string }): void {
    const row = this.#rows.get(urn ?? this.#report.stackUrn);
    if (row !== undefined && severity !== "debug") row.info = message.trim().split("\n")[0] ?? "";
  }

  /** Text that stays, above the tree. */
  #print(text: string): void {
    this.#erase();
    this.#write(text);
  }

  #erase(): void {
    if (this.#drawnLines > 0) this.#write(`\u001b[${this.#drawnLines}A\u001b[J`);
    this.#drawnLines = 0;
  }

  #draw(): void {
    this.#turn += 1;
    const rows = this.#ordered();
    const [typeWidth, nameWidth] = [
      Math.max(4, ...rows.map(({ row, prefix }) => prefix.length + shortType(row.type).length)),
      Math.max(4, ...rows.map(({ row }) => nameOf(row.urn).length)),
    ];
    const width = process.stdout.columns ?? 120;
    const lines = rows.map(({ row, prefix }) => {
      const { mark } = operationWords[row.op];
      const label = `${prefix}${shortType(row.type)}`.padEnd(typeWidth);
      const text = ` ${mark} ${label}  ${nameOf(row.urn).padEnd(nameWidth)}  ${this.#status(row)}`;
      return this.#palette.operation(row.op)(text.slice(0, width - 1));
    });
    const drawing = lines.join("\n");
    if (lines.length === 0 || (drawing === this.#drawn && this.#drawnLines > 0)) return;
    this.#drawn = drawing;
    this.#erase();
    const head = this.#palette.faint(`    ${"Type".padEnd(typeWidth)}  ${"Name".padEnd(nameWidth)}  Status`);
    this.#write([head, ...lines, ""].join("\n"));
    this.#drawnLines = lines.length + 1;
  }

  #status(row: Row): string {
    const { planned, active, done, failed } = operationWords[row.op];
    const seconds = Math.round(((row.ended ?? Date.now()) - row.began) / 1000);
    const words = {
      planned,
      active: active === "" ? "" : `${SPINNER[this.#turn % SPINNER.length]} ${active} (${seconds}s)`,
      done: done === "" ? "" : `${done} (${seconds}s)`,
      failed,
    };
    return `${words[row.state]} ${row.info}`.trimEnd();
  }

  /** Changing resources below their parents; parents that stay the same are shown when a child changes. */
  #ordered(): { row: Row; prefix: string }[] {
    const all = [...this.#rows.values()];
    const visible = (row: Row): boolean =>
      row.op !== "same" || row.type === STACK_TYPE || all.some((child) => child.parent === row.urn && visible(child));
    const below = (parent: string, indent: string): { row: Row; prefix: string }[] => {
      const children = all.filter((row) => row.parent === parent && visible(row));
      return children.flatMap((row, index) => {
        const last = index === children.length - 1;
        return [
          { row, prefix: `${indent}${last ? "└─ " : "├─ "}` },
          ...below(row.urn, `${indent}${last ? "   " : "│  "}`),
        ];
      });
    };
    const roots = all.filter((row) => !this.#rows.has(row.parent) && visible(row));
    return roots.flatMap((row) => [{ row, prefix: "" }, ...below(row.urn, "")]);
  }
}
