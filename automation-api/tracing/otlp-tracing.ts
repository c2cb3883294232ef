import {
  type Context,
  ROOT_CONTEXT,
  type Span as SdkSpan,
  SpanKind,
  SpanStatusCode,
  TraceFlags,
  type Tracer,
  trace,
} from "@opentelemetry/api";
import { OTLPTraceExporter } from "@opentelemetry/exporter-trace-otlp-http";
import { resourceFromAttributes } from "@opentelemetry/resources";
import { BatchSpanProcessor, NodeTracerProvider } from "@opentelemetry/sdk-trace-node";
import type { Logger } from "pino";
import { type Attributes, parseTraceparent, type Span, type Tracing } from "./tracing.ts";

export interface OtlpTracingOptions {
  /** Where an OpenTelemetry collector listens for OTLP over HTTP, without `/v1/traces`. */
  readonly endpoint: string;
  /** What this process calls itself. */
  readonly service: string;
  readonly version: string;
  readonly logger: Logger;
  /** How long spans are gathered before they are sent, in milliseconds. Default 2000. */
  readonly delay?: number;
}

/**
 * Sends traces to a collector. One that is away loses traces, and nothing else. Nothing is registered for the whole process:
 * Pulumi's SDK has an OpenTelemetry of its own.
 */
export function createOtlpTracing(options: OtlpTracingOptions): Tracing {
  const { endpoint, service, version, logger, delay = 2000 } = options;
  const exporter = new OTLPTraceExporter({ url: `${endpoint.replace(/\/$/, "")}/v1/traces`, timeoutMillis: 5000 });
  const processor = new BatchSpanProcessor(exporter, { scheduledDelayMillis: delay, exportTimeoutMillis: 5000 });
  const provider = new NodeTracerProvider({
    resource: resourceFromAttributes({ "service.name": service, "service.version": version }),
    spanProcessors: [processor],
  });
  const tracer = provider.getTracer("storefleet", version);
  return {
    begin(name, kind, parent, attributes = {}) {
      const context = contextOf(parent);
      const sdkKind = kind === "request" ? SpanKind.SERVER : SpanKind.CONSUMER;
      return toSpan(tracer, tracer.startSpan(name, { kind: sdkKind, attributes: known(attributes) }, context), context);
    },
    async stop() {
      try {
        await provider.shutdown();
      } catch (error) {
        logger.warn({ err: error }, "the last traces could not be sent");
      }
    },
  };
}

function contextOf(parent: string | undefined): Context {
  const [, traceId, spanId] = parseTraceparent(parent)?.split("-") ?? [];
  if (traceId === undefined || spanId === undefined) return ROOT_CONTEXT;
  return trace.setSpanContext(ROOT_CONTEXT, { traceId, spanId, traceFlags: TraceFlags.SAMPLED, isRemote: true });
}

function toSpan(tracer: Tracer, span: SdkSpan, context: Context): Span {
  const { traceId, spanId } = span.spanContext();
  const inside = trace.setSpan(context, span);
  let isOver = false;
  return {
    traceparent: `00-${traceId}-${spanId}-01`,
    child: (name, attributes = {}) =>
      toSpan(tracer, tracer.startSpan(name, { attributes: known(attributes) }, inside), inside),
    describe: (name, attributes = {}) => void span.updateName(name).setAttributes(known(attributes)),
    end(failure) {
      if (isOver) return;
      isOver = true;
      if (failure !== undefined) span.setStatus({ code: SpanStatusCode.ERROR, message: failure });
      span.end();
    },
  };
}

function known(attributes: Attributes): Record<string, string | number | boolean> {
  const entries = Object.entries(attributes);
  return Object.fromEntries(
    entries.filter((entry): entry is [string, string | number | boolean] => entry[1] !== undefined),
  );
}
