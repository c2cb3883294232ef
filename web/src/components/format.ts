// Numbers, dates and durations as people read them, in the browser's language of numbers and English words.

const locale = "en";
const whole = new Intl.NumberFormat(locale, { maximumFractionDigits: 0 });
const short = new Intl.NumberFormat(locale, { maximumFractionDigits: 2 });
const oneDigit = new Intl.NumberFormat(locale, { maximumFractionDigits: 1 });
const share = new Intl.NumberFormat(locale, { style: "percent", maximumFractionDigits: 0 });
const dateTime = new Intl.DateTimeFormat(locale, { dateStyle: "medium", timeStyle: "short" });
const clock = new Intl.DateTimeFormat(locale, { timeStyle: "medium", hour12: false });
const day = new Intl.DateTimeFormat(locale, { day: "numeric", month: "short" });
const relative = new Intl.RelativeTimeFormat(locale, { numeric: "auto" });

export const formatCount = (count: number): string => whole.format(count);
export const formatShare = (fraction: number): string => share.format(fraction);
export const formatDateTime = (iso: string): string => dateTime.format(new Date(iso));
export const formatClock = (iso: string): string => clock.format(new Date(iso));
export const formatDay = (iso: string): string => day.format(new Date(iso));

/** `0.4 s`, `12 s`, `1 min 5 s`, `2 h 3 min`. */
export function formatDuration(seconds: number): string {
  if (seconds < 9.95) return `${oneDigit.format(seconds)} s`;
  const rounded = Math.round(seconds);
  if (rounded < 60) return `${rounded} s`;
  const [large, small, units] =
    rounded < 3600
      ? [Math.floor(rounded / 60), rounded % 60, ["min", "s"]]
      : [Math.floor(rounded / 3600), Math.floor((rounded % 3600) / 60), ["h", "min"]];
  return small === 0 ? `${large} ${units[0]}` : `${large} ${units[0]} ${small} ${units[1]}`;
}

const SPANS: readonly (readonly [Intl.RelativeTimeFormatUnit, number])[] = [
  ["day", 86_400],
  ["hour", 3_600],
  ["minute", 60],
];

/** `just now`, `5 minutes ago`, `yesterday`; a plain date beyond a month. */
export function formatAgo(iso: string, now: number): string {
  const seconds = (now - Date.parse(iso)) / 1000;
  if (seconds < 45) return "just now";
  if (seconds > 30 * 86_400) return dateTime.format(new Date(iso));
  const [unit, size] = SPANS.find(([, length]) => seconds >= length) ?? ["minute", 60];
  return relative.format(-Math.max(1, Math.round(seconds / size)), unit);
}

/** Seconds between two moments; `undefined` while the second is not known. */
export function secondsBetween(from: string, to: string | undefined): number | undefined {
  return to === undefined ? undefined : Math.max(0, (Date.parse(to) - Date.parse(from)) / 1000);
}

/** Thousandths of a core. */
export function formatCpu(milli: number): string {
  const cores = milli / 1000;
  return `${short.format(cores)} ${cores === 1 ? "core" : "cores"}`;
}

/** MiB, in GiB from 1024 on. */
export function formatMemory(mib: number): string {
  return mib >= 1024 ? `${oneDigit.format(mib / 1024)} GiB` : `${whole.format(mib)} MiB`;
}
