/**
 * When an alert is to fire, and when it is not, as samples that Prometheus would have taken. One a minute, the first at
 * {@link START}, in promtool's notation: `1 2x3` is 1 2 2 2 2, `1+2x3` is 1 3 5 7, `_x3` is none for three minutes, `stale` the
 * end of a series. An example is looked at for as long as it has minutes. One at least is silent because it ends a minute before
 * the alert would fire.
 */
export interface Examples {
  readonly fires: readonly [Firing, ...Firing[]];
  readonly silent: readonly [Silent, ...Silent[]];
}

/** Samples by the series they are of. */
export type Series = Readonly<Record<string, string>>;

export interface Firing {
  readonly when: string;
  readonly series: Series;
  /** Minute in which it first holds. It fires when it has held for as long as the alert says. */
  readonly from: number;
  /** Those that tell what it is about. */
  readonly labels: Readonly<Record<string, string>>;
  readonly summary: string;
  /** Minute in which it is over. */
  readonly until?: number;
}

export interface Silent {
  readonly when: string;
  readonly series: Series;
}

export const START = "2026-11-21T12:00:00Z";

/** Samples of one measure, by labels as they are written in PromQL. */
export const of = (measure: string, series: Series): Series =>
  Object.fromEntries(Object.entries(series).map(([labels, values]) => [`${measure}{${labels}}`, values]));

export const day = 86_400;
/** In seconds since 1970, so many after the first sample. */
export const moment = (seconds: number) => Date.parse(START) / 1000 + seconds;
/** For longer than any alert waits. */
export const staying = (value: number) => `${value}x200`;
