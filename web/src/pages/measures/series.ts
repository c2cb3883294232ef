import type { Measures, MeasuresPoint, Span } from "../../../../automation-api/contract/measures.ts";
import { formatClock, formatCount, formatDateTime, formatDay, formatDuration } from "../../components/format.ts";
import { OUTCOMES, outcomeColours } from "../../components/outcomes.ts";
import { operationLooks, storeLooks } from "../../components/status.ts";

// What each plot draws, and what it says in words.

/** One line, or one part of every bar. */
export interface Line {
  readonly name: string;
  readonly colour: string;
  /** `undefined` where there is nothing to draw. */
  read(point: MeasuresPoint): number | undefined;
}

export interface PlotDescription {
  readonly title: string;
  readonly note: string;
  readonly shape: "bars" | "areas" | "lines";
  readonly format: (value: number) => string;
  readonly lines: readonly Line[];
  /** Everything in one sentence. */
  describe(points: readonly MeasuresPoint[]): string;
}

/** From the bottom to the top. */
const statuses = [
  { status: "ready", colour: "var(--plot-good)" },
  { status: "asleep", colour: "var(--plot-quiet)" },
  { status: "provisioning", colour: "var(--plot-busy)" },
  { status: "updating", colour: "var(--plot-change)" },
  { status: "deleting", colour: "var(--plot-warn)" },
  { status: "failed", colour: "var(--plot-bad)" },
] as const;

const sumOf = (points: readonly MeasuresPoint[], value: (point: MeasuresPoint) => number) =>
  points.reduce((sum, point) => sum + value(point), 0);
const mostOf = (points: readonly MeasuresPoint[], value: (point: MeasuresPoint) => number | undefined) =>
  Math.max(0, ...points.map((point) => value(point) ?? 0));
const lastOf = (points: readonly MeasuresPoint[], value: (point: MeasuresPoint) => number) => {
  const last = points.at(-1);
  return last === undefined ? 0 : value(last);
};
const storesIn = ({ stores }: MeasuresPoint) => statuses.reduce((sum, { status }) => sum + (stores[status] ?? 0), 0);

export const plots: readonly PlotDescription[] = [
  {
    title: "Operations",
    note: "How those ended that came to an end.",
    shape: "bars",
    format: formatCount,
    lines: OUTCOMES.map((outcome) => ({
      name: operationLooks[outcome].word,
      colour: outcomeColours[outcome],
      read: ({ operations }) => operations[outcome],
    })),
    describe: (points) =>
      OUTCOMES.map((outcome) => `${sumOf(points, ({ operations }) => operations[outcome])} ${outcome}`).join(", "),
  },
  {
    title: "How long they took",
    note: "From their beginning to their end.",
    shape: "lines",
    format: formatDuration,
    lines: [
      { name: "Half of them, at most", colour: "var(--plot-good)", read: ({ duration }) => duration?.median },
      { name: "Nineteen of twenty, at most", colour: "var(--plot-busy)", read: ({ duration }) => duration?.slowest },
    ],
    describe: (points) =>
      `nineteen of twenty took ${formatDuration(mostOf(points, ({ duration }) => duration?.slowest))} at most`,
  },
  {
    title: "Waiting operations",
    note: "Asked for, and not begun.",
    shape: "areas",
    format: formatCount,
    lines: [{ name: "Waiting", colour: "var(--plot-busy)", read: ({ queue }) => queue.length }],
    describe: (points) =>
      `${lastOf(points, ({ queue }) => queue.length)} now, ${mostOf(points, ({ queue }) => queue.length)} at most`,
  },
  {
    title: "The oldest of them",
    note: "Since when it had waited.",
    shape: "areas",
    format: formatDuration,
    lines: [{ name: "Waiting for", colour: "var(--plot-warn)", read: ({ queue }) => queue.oldest }],
    describe: (points) =>
      `${formatDuration(lastOf(points, ({ queue }) => queue.oldest))} now, ${formatDuration(mostOf(points, ({ queue }) => queue.oldest))} at most`,
  },
  {
    title: "Stores",
    note: "Living ones, by status.",
    shape: "areas",
    format: formatCount,
    lines: statuses.map(({ status, colour }) => ({
      name: storeLooks[status].word,
      colour,
      read: ({ stores }) => stores[status] ?? 0,
    })),
    describe: (points) => `${lastOf(points, storesIn)} now, ${mostOf(points, storesIn)} at most`,
  },
  {
    title: "Workers",
    note: "Processes that take operations.",
    shape: "lines",
    format: formatCount,
    lines: [{ name: "Workers", colour: "var(--plot-good)", read: ({ workers }) => workers }],
    describe: (points) =>
      `${lastOf(points, ({ workers }) => workers)} now, ${mostOf(points, ({ workers }) => workers)} at most`,
  },
];

/** Time as it stands below a plot. */
export function tickOf(span: Span, iso: string): string {
  return span === "hour" || span === "day" ? formatClock(iso).slice(0, 5) : formatDay(iso);
}

export const titleOf = (iso: string): string => formatDateTime(iso);

/** Only what there is at some point: six colours of which five are nowhere tell nothing. */
export function drawnLines({ lines }: PlotDescription, { points }: Measures): readonly Line[] {
  const drawn = lines.filter((line) => points.some((point) => (line.read(point) ?? 0) > 0));
  return drawn.length === 0 ? lines.slice(0, 1) : drawn;
}
