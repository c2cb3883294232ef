import pc from "picocolors";
import type { Operation } from "../operation.ts";

/** Colours for people; the identity where output goes to a file or a program. */
export interface Palette {
  readonly headline: (text: string) => string;
  readonly faint: (text: string) => string;
  readonly good: (text: string) => string;
  readonly warning: (text: string) => string;
  readonly bad: (text: string) => string;
  readonly operation: (op: Operation) => (text: string) => string;
}

export function makePalette(colored: boolean): Palette {
  const { bold, dim, green, yellow, red, magenta, cyan } = pc.createColors(colored);
  const plain = (text: string) => text;
  const byOperation: Record<Operation, (text: string) => string> = {
    same: plain,
    create: green,
    update: yellow,
    delete: red,
    replace: magenta,
    "create-replacement": green,
    "delete-replaced": red,
    read: cyan,
    "read-discard": cyan,
    "discard-replaced": red,
    refresh: yellow,
  };
  return {
    headline: (text) => bold(magenta(text)),
    faint: dim,
    good: green,
    warning: yellow,
    bad: red,
    operation: (op) => byOperation[op],
  };
}
