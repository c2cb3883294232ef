/** Says where the time of a setup went, in one line of the log. */
export interface Timer {
  lap(name: string): void;
  total(): string;
  summary(): string;
}

export function startTimer(now: () => number = () => performance.now()): Timer {
  const start = now();
  let last = start;
  const laps: string[] = [];
  return {
    lap(name) {
      const at = now();
      laps.push(`${name} ${seconds(at - last)}`);
      last = at;
    },
    total: () => seconds(now() - start),
    summary: () => laps.join(", "),
  };
}

function seconds(milliseconds: number): string {
  return `${(milliseconds / 1000).toFixed(2)} s`;
}
