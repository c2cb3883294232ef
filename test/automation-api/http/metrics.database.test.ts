import { randomUUID } from "node:crypto";
import { createServer } from "node:http";
import { setTimeout as sleep } from "node:timers/promises";
import { pino } from "pino";
import { afterAll, beforeAll, describe, expect, it } from "vitest";
import { operationSchema, progressEventListSchema } from "../../../automation-api/contract/operation.ts";
import { beat, registerWorker, takeOver } from "../../../automation-api/database/worker-repository.ts";
import { createApp } from "../../../automation-api/http/app.ts";
import { measureProcess } from "../../../automation-api/worker/measure-process.ts";
import { finish } from "../../helpers/play-worker.ts";
import { type ApiUnderTest, givenStore, send, startApi, testConfig } from "./api-under-test.ts";

let api: ApiUnderTest;

beforeAll(async () => {
  api = await startApi();
});

afterAll(async () => {
  await api.stop();
});

const PATHS = ["/metrics", "/metrics/targets"];
const measure = async () => (await api.call("/metrics")).text;

describe("measures", () => {
  it("begin at none, so that the first failure is seen to be one more", async () => {
    const text = await measure();

    for (const kind of ["create", "delete"]) {
      expect(text).toContain(`storefleet_operations_total{kind="${kind}",outcome="failed"} 0`);
      expect(text).toContain(`storefleet_take_overs_total{kind="${kind}"} 0`);
      expect(text).toContain(`storefleet_queue_depth{kind="${kind}"} 0`);
      expect(text).toContain(
        `storefleet_operation_wait_seconds_bucket{kind="${kind}",outcome="succeeded",le="+Inf"} 0`,
      );
      expect(text).toContain(`storefleet_operation_duration_seconds_sum{kind="${kind}",outcome="failed"} 0`);
    }
    expect(text).toContain('storefleet_stores{status="failed"} 0');
    expect(text).toContain("storefleet_database_up 1");
  });

  it("tell how operations ended and how long they took, whatever is forgotten later", async () => {
    const { operation } = await givenStore(api);
    const { pool } = api.database.connection;
    await pool.query(`update operations set status = 'running', started_at = queued_at + interval '3 seconds'
      where id = '${operation}'`);
    await pool.query(`update operations set status = 'succeeded', finished_at = started_at + interval '25 seconds'
      where id = '${operation}'`);
    await pool.query(`delete from operations where id = '${operation}'`);

    const text = await measure();

    const labels = 'kind="create",outcome="succeeded"';
    expect(text).toContain(`storefleet_operations_total{${labels}} 1`);
    expect(text).toContain(`storefleet_operation_wait_seconds_sum{${labels}} 3`);
    expect(text).toContain(`storefleet_operation_duration_seconds_sum{${labels}} 25`);
    expect(text).toContain(`storefleet_operation_duration_seconds_bucket{${labels},le="30"} 1`);
    expect(text).toContain(`storefleet_operation_duration_seconds_bucket{${labels},le="+Inf"} 1`);
    expect(text).toContain(`storefleet_operation_duration_seconds_bucket{${labels},le="20"} 0`);
  });

  it("tell what waits and since when, who holds leases, and findings", async () => {
    const { operation } = await givenStore(api);
    const { pool } = api.database.connection;
    await pool.query(`update operations set queued_at = queued_at - interval '90 seconds' where id = '${operation}'`);
    await pool.query("insert into findings (kind, subject, text) values ('orphan-stack', 'x', 'x')");
    const before = await measure();
    await pool.query("insert into workers (id, hostname, pid, process_start) values (gen_random_uuid(), 'h', 1, '1')");
    await pool.query(`update operations set status = 'running', worker_id = (select id from workers limit 1)
      where id = '${operation}'`);

    const after = await measure();

    expect(before).toMatch(/storefleet_queue_depth\{kind="create"\} [1-9]/);
    expect(Number(/^storefleet_queue_age_seconds (\S+)/m.exec(before)?.[1])).toBeGreaterThan(89);
    expect(before).toContain('storefleet_findings{kind="orphan-stack"} 1');
    expect(before).toContain('storefleet_leases{state="held"} 0');
    expect(after).toContain('storefleet_operations_under_way{kind="create",status="running"} 1');
    expect(after).toContain("storefleet_workers 1");
    expect(after).toContain('storefleet_worker_operations{worker="h/1"} 1');
    expect(after).not.toContain('storefleet_worker_resident_memory_bytes{worker="h/1"}');
  });

  it("count what was taken from a worker that died, and not what one that was stopped has handed back", async () => {
    const { pool } = api.database.connection;
    const { operation } = await givenStore(api);
    const add = `insert into workers (id, hostname, pid, process_start)
      values (gen_random_uuid(), 'taken', $1, '1') returning id`;
    const begin = `update operations set status = 'running', worker_id = $1 where id = '${operation}'`;
    const interrupt = `update operations set status = 'interrupted' where id = '${operation}'`;
    const takeOvers = async () =>
      Number(/^storefleet_take_overs_total\{kind="create"\} (\d+)/m.exec(await measure())?.[1]);
    const begun = await takeOvers();
    const [stopped, dies] = await Promise.all([21, 22].map(async (pid) => (await pool.query(add, [pid])).rows[0].id));

    await pool.query(begin, [stopped]);
    await pool.query(interrupt);
    await pool.query("update workers set stopped_at = now() where id = $1", [stopped]);
    await pool.query(begin, [dies]);
    const handedBack = await takeOvers();
    await takeOver(api.database.connection, dies, "It died.", async () => {});
    const takenOver = await takeOvers();

    expect([begun, handedBack, takenOver]).toEqual([0, 0, 1]);
  });

  it("tell of a worker that began anew in its place, and not of the one before", async () => {
    const { pool } = api.database.connection;
    for (const ago of [0, 50]) {
      await pool.query(`insert into workers (id, hostname, pid, process_start, heartbeat_at)
        values (gen_random_uuid(), 'again', 1, '${ago}', now() - interval '${ago} seconds')`);
    }

    const text = await measure();

    const [, silence] = /^storefleet_worker_silent_seconds\{worker="again\/1"\} (\S+)/m.exec(text) ?? [];
    expect(Number(silence)).toBeLessThan(40);
  });

  it("tell of every worker what it said of its process with its last sign of life", async () => {
    const { connection } = api.database;
    const id = randomUUID();
    await registerWorker(connection.database, { id, hostname: "far", pid: 7, processStart: "1" });
    const measures = measureProcess();
    // It looks from one turn of the loop to the next.
    await sleep(60);
    const end = performance.now() + 200;
    while (performance.now() < end);
    await sleep(50);
    await beat(connection, id, 30, measures.read());
    measures.stop();

    const text = await measure();

    const told = (name: string) =>
      Number(new RegExp(`^storefleet_${name}\\{worker="far/7"\\} (\\S+)`, "m").exec(text)?.[1]);
    expect(told("worker_resident_memory_bytes")).toBeGreaterThan(10_000_000);
    expect(told("worker_cpu_seconds")).toBeGreaterThan(0.1);
    expect(told("worker_eventloop_lag_seconds")).toBeGreaterThan(0.1);
    expect(told("worker_silent_seconds")).toBeLessThan(30);
    expect(Math.abs(told("worker_start_time_seconds") - Date.now() / 1000)).toBeLessThan(30);
    expect(text).toMatch(/^storefleet_worker_starts_last_hour [1-9]/m);
  });

  it("count requests by route, never by what they name, and tell about the process", async () => {
    const { name } = await givenStore(api);
    await api.signedIn(`/api/v1/stores/${name}`);
    await api.call("/api/v1/stores/secret-name");

    const text = await measure();

    expect(text).toMatch(/_count\{method="GET",route="\/api\/v1\/stores\/:name",status="200"\} 1/);
    expect(text).toMatch(/_count\{method="GET",route="\/api\/v1\/stores\/:name",status="401"\} 1/);
    expect(text).toContain("process_resident_memory_bytes");
    expect(text).not.toContain(name);
    expect(text).not.toContain("secret-name");
  });

  it("are for nobody who comes through a proxy or under a strange name, unless there is a token, and then for who has it", async () => {
    const headers = { "x-forwarded-for": "192.0.2.1" };
    const proxied = await Promise.all(PATHS.map((path) => api.call(path, { headers })));
    const renamed = await Promise.all(PATHS.map((path) => api.call(path, { headers: { host: "10.0.0.7:8090" } })));
    const metricsToken = "a-token-of-the-tests";
    const services = { ...api.services, config: { ...testConfig, metricsToken } };
    const app = createApp({
      services,
      logger: pino({ level: "silent" }),
      web: undefined,
      stopping: new AbortController().signal,
      version: "1.0.0",
    });
    const server = createServer(app);
    await new Promise<void>((resolve) => server.listen(0, "127.0.0.1", resolve));
    const address = server.address();
    const port = typeof address === "object" && address !== null ? address.port : 0;
    // Prometheus calls a pod by its address.
    const ask = (path: string, given = {}) => send(port, path, { headers: { host: "10.0.0.7:8090", ...given } });
    const authorization = `Bearer ${metricsToken}`;

    const without = await Promise.all(PATHS.map((path) => ask(path)));
    const wrong = await Promise.all(PATHS.map((path) => ask(path, { authorization: "Bearer another-token-of-tests" })));
    const right = await Promise.all(PATHS.map((path) => ask(path, { authorization, ...headers })));
    const elsewhere = await ask("/api/v1/session", { authorization });
    server.close();

    const statuses = (answers: { status: number }[]) => answers.map(({ status }) => status);
    expect([...statuses(proxied), ...statuses(renamed)]).toEqual([403, 403, 403, 403]);
    expect([...statuses(without), ...statuses(wrong)]).toEqual([401, 401, 401, 401]);
    expect([...statuses(right), elsewhere.status]).toEqual([200, 200, 403]);
  });
});

describe("the storefronts to probe", () => {
  it("are those that sell, whatever is created later, as Prometheus takes them from http_sd_configs", async () => {
    const { connection } = api.database;
    await connection.pool.query("update stores set deleted_at = now() where status = 'ready'");
    const coming = await givenStore(api);
    const selling = await givenStore(api);
    const url = "https://selling.example.com";
    await finish(connection, selling.operation, "succeeded", { status: "ready", outputs: { url } });

    const sleeping = await givenStore(api);
    const ofSleeping = { status: "ready", outputs: { url: "https://sleeping.example.com" } } as const;
    await finish(connection, sleeping.operation, "succeeded", ofSleeping);
    await connection.pool.query("update stores set status = 'updating' where name = $1", [sleeping.name]);
    const whileChanged = await api.call("/metrics/targets");
    await connection.pool.query("update stores set status = 'asleep' where name = $1", [sleeping.name]);

    const { headers, json, text } = await api.call("/metrics/targets");

    const labels = { store: selling.name, engine: "medusa", plan: "basic" };
    expect(json).toEqual([{ targets: [url], labels }]);
    expect(whileChanged.text).toContain("https://sleeping.example.com");
    expect(headers["content-type"]).toBe("application/json; charset=utf-8");
    expect(text).not.toContain(coming.name);
  });
});

describe("the id of a request", () => {
  it("comes back, and is told by everything that came of it", async () => {
    const id = "ticket-4711";
    const created = await api.signedIn("/api/v1/stores", {
      body: { engine: "medusa", name: "correlated" },
      headers: { "x-request-id": id },
    });
    const path = `/api/v1/operations/${created.json.operation.id}`;

    const operation = operationSchema.parse((await api.signedIn(path)).json);
    const events = progressEventListSchema.parse((await api.signedIn(`${path}/events`)).json).items;
    const audit = await api.signedIn("/api/v1/audit?limit=1");

    expect(created.headers["x-request-id"]).toBe(id);
    expect(operation.correlationId).toBe(id);
    expect(events.map(({ correlationId }) => correlationId)).toEqual([id]);
    expect(audit.json.items[0]).toMatchObject({ action: "create store", correlationId: id });
  });
});

describe("readiness", () => {
  it("tells which part is away, and goes on taking requests without Pulumi's state", async () => {
    const well = await api.call("/readyz");
    api.fakes.probeState = async () => "away";

    const degraded = await api.call("/readyz");
    api.fakes.probeState = async () => "ok";

    expect(well.json).toEqual({ status: "ok", parts: { database: "ok", cluster: "ok", state: "ok" } });
    expect([degraded.status, degraded.json.status, degraded.json.parts.state]).toEqual([200, "degraded", "away"]);
  });
});
