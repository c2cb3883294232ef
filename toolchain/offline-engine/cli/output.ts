import { goJson } from "../json.ts";

export function print(text: string): void {
  process.stdout.write(`${text}\n`);
}

export function printJson(value: unknown): void {
  print(goJson(value, 2));
}

/** Columns as wide as their widest cell, two spaces apart. */
export function printTable(rows: readonly (readonly string[])[], indent = ""): void {
  const widths: number[] = [];
  for (const row of rows) {
    row.forEach((cell, column) => {
      widths[column] = Math.max(widths[column] ?? 0, [...cell].length);
    });
  }
  for (const row of rows) {
    const cells = row.map((cell, column) =>
      column === row.length - 1 ? cell : cell + " ".repeat((widths[column] ?? 0) - [...cell].length),
    );
    print(`${indent}${cells.join("  ")}`);
  }
}

/** "2 seconds ago", as the real CLI says it. */
export function ago(time: Date, now = Date.now()): string {
  const secondsAgo = Math.max(0, Math.round((now - time.getTime()) / 1000));
  const units: [string, number][] = [
    ["year", 31_536_000],
    ["month", 2_592_000],
    ["week", 604_800],
    ["day", 86_400],
    ["hour", 3600],
    ["minute", 60],
    ["second", 1],
  ];
  for (const [unit, length] of units) {
    const count = Math.floor(secondsAgo / length);
    if (count >= 1) return `${count} ${unit}${count === 1 ? "" : "s"} ago`;
  }
  return "now";
}
