import type { Logger } from "pino";
import { noTracing, type Tracing } from "./tracing.ts";

/** Traces go to the endpoint; without one, nothing is traced, and nothing is loaded for it. */
export async function startTracing(
  endpoint: string | undefined,
  process: { readonly service: string; readonly version: string; readonly logger: Logger },
): Promise<Tracing> {
  if (endpoint === undefined) return noTracing;
  const { createOtlpTracing } = await import("./otlp-tracing.ts");
  return createOtlpTracing({ endpoint, ...process });
}
