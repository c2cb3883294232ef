import { createServer, type Server } from "node:http";
import type { AddressInfo } from "node:net";
import { setTimeout as sleep } from "node:timers/promises";
import { pino } from "pino";
import { afterAll, beforeAll, describe, expect, it, vi } from "vitest";
import { marksOf, type RunOptions, type StackRunner } from "../../../automation-api/stack-runner.ts";
import { createOtlpTracing } from "../../../automation-api/tracing/otlp-tracing.ts";
import { tracedRunner } from "../../../automation-api/tracing/traced-runner.ts";
import { noTracing, type Tracing } from "../../../automation-api/tracing/tracing.ts";
import { runWorker } from "../../../automation-api/worker/run-worker.ts";
import { parseTarget } from "../../../stores/target.ts";
import { FakeStackRunner } from "../fake-stack-runner.ts";
import { type ApiUnderTest, startApi } from "../http/api-under-test.ts";

// From the request through the operation and Pulumi to the release, as a collector gets it.

interface SentSpan {
  readonly traceId: string;
  readonly spanId: string;
  readonly parentSpanId?: string;
  readonly name: string;
  readonly status?: { readonly code?: number };
  readonly attributes: readonly { key: string; value: Record<string, unknown> }[];
}

let collector: Server;
let spans: SentSpan[];
let bodies: string;
let tracing: Tracing;
let api: ApiUnderTest;

beforeAll(async () => {
  spans = [];
  bodies = "";
  collector = createServer((request, response) => {
    let text = "";
    request.on("data", (chunk: Buffer) => {
      text += String(chunk);
    });
    request.on("end", () => {
      bodies += text;
      const told: { resourceSpans: { scopeSpans: { spans: SentSpan[] }[] }[] } = JSON.parse(text);
      for (const resource of told.resourceSpans) for (const scope of resource.scopeSpans) spans.push(...scope.spans);
      response.writeHead(200, { "content-type": "application/json" }).end("{}");
    });
  });
  await new Promise<void>((resolve) => collector.listen(0, "127.0.0.1", resolve));
  const endpoint = `http://127.0.0.1:${(collector.address() as AddressInfo).port}`;
  const logger = pino({ level: "silent" });
  tracing = createOtlpTracing({ endpoint, service: "storefleet", version: "1.0.0", logger, delay: 20 });
  api = await startApi({ tracing });
});

afterAll(async () => {
  await api.stop();
  await tracing.stop();
  collector.closeAllConnections();
  collector.close();
});

/** As the real runner is: an object of functions. */
function runnerOf(fake: FakeStackRunner): StackRunner {
  return {
    up: (...given) => fake.up(...given),
    preview: (stack) => fake.preview(stack),
    refresh: (...given) => fake.refresh(...given),
    destroy: (...given) => fake.destroy(...given),
    unlock: (stack) => fake.unlock(stack),
    keepCopy: (stack) => fake.keepCopy(stack),
    outputs: (stack) => fake.outputs(stack),
    readSecretOutput: () => fake.readSecretOutput(),
    resources: (stack) => fake.resources(stack),
    list: () => fake.list(),
  };
}

/** What Pulumi tells of a run that fails at its release. */
async function failingRelease(_stack: string, { onEvent }: RunOptions): Promise<void> {
  const resource = { kind: "resource", action: "create" } as const;
  onEvent?.({ ...resource, name: "namespace", type: "kubernetes:core/v1:Namespace", phase: "started" });
  onEvent?.({ ...resource, name: "namespace", type: "kubernetes:core/v1:Namespace", phase: "finished" });
  onEvent?.({ ...resource, name: "release", type: "kubernetes:helm.sh/v3:Release", phase: "started" });
  await sleep(10);
  onEvent?.({ ...resource, name: "release", type: "kubernetes:helm.sh/v3:Release", phase: "failed" });
  throw new Error("a secret that stands in an error");
}

describe("a trace", () => {
  it("goes from the request through the operation and Pulumi to the release", async () => {
    const fake = new FakeStackRunner();
    const log: string[] = [];
    const marks: Readonly<Record<string, string>>[] = [];
    fake.onUp = async (stack, run) => {
      marks.push(marksOf(run));
      await failingRelease(stack, run);
    };
    const worker = await runWorker({
      connection: api.database.connection,
      tools: {
        runner: tracedRunner(runnerOf(fake)),
        target: parseTarget({}),
        request: () => Promise.reject(new Error("nothing should be asked")),
        readCredentials: async () => undefined,
        leftOf: async () => [],
      },
      watchPods: (_store, _onNews, signal) => sleep(2 ** 30, undefined, { signal }).catch(() => {}),
      concurrency: 1,
      interval: 100,
      logger: pino({ level: "info" }, { write: (line: string) => void log.push(line) }),
      tracing,
    });
    const traceId = "0af7651916cd43dd8448eb211c80319c";

    const answer = await api.signedIn("/api/v1/stores", {
      body: { name: "traced", engine: "medusa", sampleData: false },
      headers: { traceparent: `00-${traceId}-b7ad6b7169203331-01`, "x-request-id": "traced-request" },
    });
    await vi.waitFor(() => expect(spans.map(({ name }) => name)).toContain("operation create"), { timeout: 10_000 });
    await worker.stop();

    const ours = spans.filter((span) => span.traceId === traceId);
    const named = (name: string) => ours.find((span) => span.name === name);
    const chain = ["POST /api/v1/stores", "operation create", "pulumi up", "create Release release"].map(named);
    expect(chain.map((span) => span?.parentSpanId)).toEqual([
      "b7ad6b7169203331",
      chain[0]?.spanId,
      chain[1]?.spanId,
      chain[2]?.spanId,
    ]);
    expect(named("create Namespace namespace")?.parentSpanId).toBe(chain[2]?.spanId);
    expect([chain[3]?.status?.code, chain[2]?.status?.code]).toEqual([2, 2]);
    expect(marks[0]?.TRACEPARENT).toBe(`00-${traceId}-${chain[2]?.spanId}-01`);
    expect(JSON.stringify(chain[1]?.attributes)).toContain(answer.json.operation.id);
    expect(JSON.stringify(chain[1]?.attributes)).toContain("traced-request");
    expect(log.join("")).toContain('"correlationId":"traced-request"');
    expect(bodies).not.toContain("a secret that stands in an error");
  });

  it("begins anew for who names none, or one that is none", async () => {
    spans.length = 0;
    await api.signedIn("/api/v1/stores", { headers: { traceparent: "00-nonsense" } });

    await vi.waitFor(() => expect(spans.map(({ name }) => name)).toContain("GET /api/v1/stores"));
    expect(spans.at(-1)?.parentSpanId).toBeFalsy();
  });

  it("that nobody wants is none, and costs nothing", () => {
    const span = noTracing.begin("x", "work", undefined);

    expect([span.traceparent, span.child("y").traceparent]).toEqual([undefined, undefined]);
  });
});
