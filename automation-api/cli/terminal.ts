// Where the CLI writes, and how. What scripts read goes to `out`; what people read while they wait goes to `err`.

export interface Terminal {
  out(text: string): void;
  err(text: string): void;
  /** Whether a person watches what goes to `err`. */
  readonly isWatched: boolean;
  /** Everything that comes in, without white space around it; empty when a person sits there. */
  input(): Promise<string>;
}

export function processTerminal(): Terminal {
  return {
    out: (text) => void process.stdout.write(text),
    err: (text) => void process.stderr.write(text),
    isWatched: process.stderr.isTTY === true,
    input: async () => {
      if (process.stdin.isTTY === true) return "";
      let text = "";
      for await (const chunk of process.stdin) text += String(chunk);
      return text.trim();
    },
  };
}

/** Columns wide enough for what is in them; the last one is not filled up. */
export function table(header: readonly string[], rows: readonly (readonly string[])[]): string {
  const all = [header, ...rows].map((row) => row.map(plain));
  const widths = header.map((_, column) => Math.max(...all.map((row) => row[column]?.length ?? 0)));
  return all
    .map(
      (row) =>
        `${row
          .map((cell, column) => cell.padEnd(widths[column] ?? 0))
          .join("  ")
          .trimEnd()}\n`,
    )
    .join("");
}

/** Without what would move the cursor or change colours: names come from people. */
export function plain(text: string): string {
  return text.replaceAll(/\p{Cc}/gu, " ");
}
