import { randomUUID } from "node:crypto";
import { setTimeout as sleep } from "node:timers/promises";
import { pino } from "pino";
import { progressEventSchema } from "../../automation-api/contract/operation.ts";
import { acceptedSchema, storeListSchema } from "../../automation-api/contract/store.ts";
import { type Connection, connect } from "../../automation-api/database/connection.ts";
import { runWorker } from "../../automation-api/worker/run-worker.ts";
import { parseSpec } from "../../stores/spec.ts";
import { parseTarget } from "../../stores/target.ts";
import type { ApiSession } from "../../toolchain/service/api-session.ts";
import { FakeStackRunner } from "../automation-api/fake-stack-runner.ts";
import type { Machine } from "../helpers/machine.ts";
import { writeEvent } from "../helpers/play-worker.ts";
import { withService } from "./service.ts";
import { latencies } from "./service-load.ts";
import { type Figure, percentile } from "./statistics.ts";

// What the control plane itself takes, with as many stores as a company has. Nothing of it is made: Pulumi is a fake, or
// there is no worker.

/** Requests a second, and how many of each kind. */
const load = { rate: 100, requests: 1000 };
/** One of so many requests asks for a store: five stores a second, many more than Kubernetes brings up. */
const SHARE = 20;
const STREAMS = 100;

/** Stores that are there, each with the operation that made it. */
async function givenStores({ pool }: Connection, from: number, to: number): Promise<void> {
  const spec = JSON.stringify(parseSpec({ name: "fleet", engine: "medusa" }));
  await pool.query(
    `with made as (
      insert into stores (id, organization_id, name, spec, status, created_at)
      select gen_random_uuid(), (select id from organizations where name = 'main'), 'fleet-' || n,
        jsonb_set($3::jsonb, '{name}', to_jsonb('fleet-' || n)), 'ready', now() - n * interval '1 minute'
      from generate_series($1::int, $2::int) n returning id, created_at
    )
    insert into operations (id, store_id, kind, status, attempt, asked_by, queued_at, started_at, finished_at, progress)
    select gen_random_uuid(), id, 'create', 'succeeded', 1, 'bench', created_at, created_at, created_at,
      '{"fraction":1,"steps":[]}' from made`,
    [from, to, spec],
  );
  await pool.query("vacuum analyze stores, operations");
}

function figuresOf(what: string, samples: readonly number[], atMost: number, note: string): Figure[] {
  return [
    { what: `${what}, p50`, unit: "ms", value: percentile(samples, 0.5), note },
    { what: `${what}, p99`, unit: "ms", value: percentile(samples, 0.99), atMost, note },
  ];
}

/** How long operations that need not wait do so: from the request's row to the worker's first write. */
async function measureQueue(session: ApiSession, connection: Connection): Promise<Figure[]> {
  const runner = new FakeStackRunner();
  runner.outputsOf = (stack) => ({ url: `http://${stack}.localhost`, namespace: `store-${stack}`, engine: "medusa" });
  const worker = await runWorker({
    connection,
    concurrency: 4,
    interval: 100,
    logger: pino({ level: "silent" }),
    watchPods: (_store, _onNews, signal) => sleep(2 ** 30, undefined, { signal }).catch(() => {}),
    tools: {
      runner,
      target: parseTarget({}),
      request: () => Promise.reject(new Error("nothing should be asked")),
      readCredentials: async () => undefined,
      leftOf: async () => [],
    },
  });
  const body = (index: number) => ({ name: `queue-${index}`, engine: "medusa", sampleData: false });
  const queue = { rate: 10, requests: 200 };
  await latencies((index) => session.post("/stores", body(index), randomUUID()), queue);
  await sleep(2000);
  await worker.stop();
  const { rows } = await connection.pool.query(
    `select extract(epoch from min(at) - queued_at)::float8 * 1000 as wait from operations
     join transitions on transitions.operation_id = operations.id and to_status = 'running'
     join stores on stores.id = operations.store_id where stores.name like 'queue-%' group by operations.id`,
  );
  const waits = rows.map(({ wait }: { wait: number }) => wait);
  return figuresOf("queue, from asked to begun", waits, 100, `${waits.length} operations, 10 a second`);
}

/** How fast requests are answered at a hundred a second. */
async function measureRequests(session: ApiSession): Promise<Figure[]> {
  const note = `${load.requests} requests, ${load.rate} a second, 1,000 stores`;
  await latencies((index) => session.get(`/names/warm-${index}`), { rate: 50, requests: 200 });
  const body = (index: number | string) => ({ name: `load-${index}`, engine: "medusa" });
  await latencies((index) => session.post("/stores", body(`warm-${index}`), randomUUID()), { rate: 50, requests: 100 });
  const posts = await latencies((index) => session.post("/stores", body(index), randomUUID()), load);
  const paths = ["/overview", "/stores/fleet-7", "/stores?limit=50", "/operations?limit=20", "/session"];
  const reads = await latencies((index) => session.get(paths[index % paths.length] ?? "/session"), load);
  const mixed = await latencies((index) => {
    const path = paths[index % paths.length] ?? "/session";
    return index % SHARE === 0 ? session.post("/stores", body(load.requests + index), randomUUID()) : session.get(path);
  }, load);
  return [
    ...figuresOf("POST /stores", posts, 50, note),
    ...figuresOf("requests of a dashboard", reads, 50, note),
    ...figuresOf(`one POST /stores in ${SHARE} requests, the others of a dashboard`, mixed, 50, note),
  ];
}

/** How fast a page of a long list is. */
async function measureLists(session: ApiSession): Promise<Figure[]> {
  const sorts = ["name", "-createdAt", "-status"];
  const cursors = await Promise.all(
    sorts.map(async (sort) => storeListSchema.parse(await session.get(`/stores?sort=${sort}&limit=50`)).nextCursor),
  );
  const paths = sorts.flatMap((sort, index) => [
    `/stores?sort=${sort}&limit=50`,
    `/stores?sort=${sort}&limit=50&cursor=${cursors[index]}`,
    `/stores?sort=${sort}&limit=50&search=fleet-77`,
  ]);
  const lists = await latencies((index) => session.get(paths[index % paths.length] ?? ""), { rate: 20, requests: 400 });
  return figuresOf("a page of 50", lists, 100, "400 requests, 20 a second, 10,000 stores; sorts, cursors, search");
}

/** Tells how late each event of a stream is, in milliseconds, until it is closed. */
async function follow(session: ApiSession, id: string, signal: AbortSignal, onLag: (lag: number) => void) {
  const headers = { cookie: session.cookie, accept: "text/event-stream" };
  const response = await fetch(`${session.origin}/api/v1/operations/${id}/events`, { headers, signal });
  const decoder = new TextDecoder();
  let rest = "";
  for await (const chunk of response.body ?? []) {
    const now = Date.now();
    const lines = (rest + decoder.decode(chunk, { stream: true })).split("\n");
    rest = lines.pop() ?? "";
    for (const line of lines) {
      if (!line.startsWith("data: {")) continue;
      const { data } = progressEventSchema.safeParse(JSON.parse(line.slice(6)));
      if (data !== undefined) onLag(now - Date.parse(data.at));
    }
  }
}

/** How late events come when a hundred pages are open. */
async function measureStreams(session: ApiSession, connection: Connection): Promise<Figure[]> {
  const operations: string[] = [];
  for (let index = 0; index < 10; index += 1) {
    const body = { name: `stream-${index}`, engine: "medusa" };
    operations.push(acceptedSchema.parse(await session.post("/stores", body, randomUUID())).operation.id);
  }
  const closed = new AbortController();
  const lags: number[] = [];
  let isMeasuring = false;
  const streams = Array.from({ length: STREAMS }, (_, index) =>
    follow(session, operations[index % operations.length] ?? "", closed.signal, (lag) => {
      if (isMeasuring) lags.push(lag);
    }).catch(() => {}),
  );
  await sleep(3000);
  isMeasuring = true;
  for (let event = 0; event < 300; event += 1) {
    await writeEvent(connection, operations[event % operations.length] ?? "", `Event ${event}.`);
    await sleep(30);
  }
  await sleep(1000);
  closed.abort();
  await Promise.all(streams);
  return figuresOf("event, from its row to the reader", lags, 300, `${lags.length} events on ${STREAMS} open streams`);
}

/** The figures of the control plane. */
export function measureControlPlane(machine: Machine): Promise<Figure[]> {
  return withService(
    machine,
    async ({ databaseUrl }, session) => {
      const connection = connect(databaseUrl);
      try {
        const queue = await measureQueue(session, connection);
        await givenStores(connection, 1, 1000);
        const requests = await measureRequests(session);
        await givenStores(connection, 1001, 10_000);
        const lists = await measureLists(session);
        const streams = await measureStreams(session, connection);
        return [...queue, ...requests, ...lists, ...streams];
      } finally {
        await connection.close();
      }
    },
    ["api"],
  );
}
