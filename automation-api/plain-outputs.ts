import { z } from "zod";

// Outputs as Pulumi shows them with secrets masked: `[secret]`, or in events an object with a mark of Pulumi's.

export const valuesSchema = z.record(z.string(), z.unknown());

const secretMark = "4dabf18193072939515e22adb298388d";

function isSecret(value: unknown): boolean {
  return value === "[secret]" || (typeof value === "object" && value !== null && secretMark in value);
}

function masked(value: unknown): unknown {
  if (isSecret(value)) return "[secret]";
  if (Array.isArray(value)) return value.map(masked);
  const fields = valuesSchema.safeParse(value);
  if (!fields.success) return value;
  return Object.fromEntries(Object.entries(fields.data).map(([key, inner]) => [key, masked(inner)]));
}

/** The plain values among outputs with secrets masked. One that holds a secret inside shows `[secret]` in its place. */
export function plainOutputs(shown: unknown): Readonly<Record<string, unknown>> {
  const plain = Object.entries(valuesSchema.parse(shown)).filter(([, value]) => !isSecret(value));
  return Object.fromEntries(plain.map(([name, value]) => [name, masked(value)]));
}
