import { afterAll, afterEach, beforeAll, describe, expect, it } from "vitest";
import { progressEventSchema } from "../../../automation-api/contract/operation.ts";
import { type Connection, connect } from "../../../automation-api/database/connection.ts";
import { writeEvent } from "../../helpers/play-worker.ts";
import { type ApiUnderTest, givenStore, startApi } from "./api-under-test.ts";
import { type Reading, readEvents, until } from "./event-source.ts";

let api: ApiUnderTest;
/** Events are written by another connection, as a worker does. */
let worker: Connection;
const open: Reading[] = [];

beforeAll(async () => {
  api = await startApi();
  worker = connect(api.database.url, { maxConnections: 3 });
});

afterEach(() => {
  for (const reading of open.splice(0)) reading.drop();
});

afterAll(async () => {
  await worker.close();
  await api.stop();
});

async function read(operation: string, headers: Record<string, string> = {}, query = ""): Promise<Reading> {
  const path = `/api/v1/operations/${operation}/events${query}`;
  const reading = await readEvents(api.port, path, { cookie: api.cookie, ...headers });
  open.push(reading);
  return reading;
}

const ids = (reading: Reading) =>
  reading.events.filter(({ event }) => event === "progress").map(({ id }) => Number(id));
const upTo = (last: number, first = 1) => Array.from({ length: last - first + 1 }, (_, index) => first + index);

describe("GET /api/v1/operations/:id/events as a stream", () => {
  it("replays what was, goes on live, and ends after the last event", async () => {
    const { operation } = await givenStore(api);
    await writeEvent(worker, operation, "Before");

    const reading = await read(operation);
    await until(() => reading.events.length === 2);
    await writeEvent(worker, operation, "Now");
    await until(() => reading.events.length === 3);
    await writeEvent(worker, operation, "Done", "succeeded");
    await reading.over;

    expect(ids(reading)).toEqual([1, 2, 3, 4]);
    expect(reading.events.at(-1)).toEqual({ id: undefined, event: "end", data: "{}" });
    const last = progressEventSchema.parse(JSON.parse(reading.events.at(-2)?.data ?? ""));
    expect(last).toMatchObject({ text: "Done", status: "succeeded" });
    expect(reading.headers).toMatchObject({
      "content-type": "text/event-stream; charset=utf-8",
      "cache-control": "no-cache, no-transform",
      "x-accel-buffering": "no",
    });
    expect(reading.headers["content-encoding"]).toBeUndefined();
  });

  it("goes on after Last-Event-ID, which wins over ?after", async () => {
    const { operation } = await givenStore(api);
    for (const text of ["two", "three", "four"]) await writeEvent(worker, operation, text);

    const byHeader = await read(operation, { "last-event-id": "3" }, "?after=1");
    const byQuery = await read(operation, {}, "?after=2");
    await until(() => byHeader.events.length === 1 && byQuery.events.length === 2);

    expect([ids(byHeader), ids(byQuery)]).toEqual([[4], [3, 4]]);
  });

  it("ends at once for a browser that connects again after the end", async () => {
    const { operation } = await givenStore(api);
    await writeEvent(worker, operation, "Done", "failed");

    const reading = await read(operation, { "last-event-id": "2" });
    await reading.over;

    expect(reading.events).toEqual([{ id: undefined, event: "end", data: "{}" }]);
  });

  it("misses nothing and repeats nothing for readers whose connection drops again and again", async () => {
    const total = 150;
    const { operation } = await givenStore(api);

    async function follow(): Promise<number[]> {
      const seen: number[] = [];
      for (;;) {
        const reading = await read(operation, seen.length === 0 ? {} : { "last-event-id": String(seen.at(-1)) });
        const dropAfter = 1 + Math.floor(Math.random() * 20);
        await Promise.race([reading.over, until(() => reading.events.length >= dropAfter, 20)]);
        reading.drop();
        const got = [...reading.events];
        seen.push(...got.filter(({ event }) => event === "progress").map(({ id }) => Number(id)));
        if (got.some(({ event }) => event === "end")) return seen;
      }
    }

    const readers = Promise.all([follow(), follow(), follow()]);
    for (let sequence = 2; sequence < total; sequence += 1) await writeEvent(worker, operation, `event ${sequence}`);
    await writeEvent(worker, operation, "Done", "succeeded");

    expect(await readers).toEqual([upTo(total), upTo(total), upTo(total)]);
  }, 30_000);

  it("misses nothing when the connection that listens is cut", async () => {
    const { operation } = await givenStore(api);
    const reading = await read(operation);
    await until(() => reading.events.length === 1);

    await worker.pool.query(
      "select pg_terminate_backend(pid) from pg_stat_activity where datname = current_database() and query = 'listen progress'",
    );
    await writeEvent(worker, operation, "while nobody listens");
    await until(() => reading.events.length === 2);
    await writeEvent(worker, operation, "afterwards");
    await until(() => reading.events.length === 3);

    expect(ids(reading)).toEqual([1, 2, 3]);
  });

  it("tells an event within a fraction of a second", async () => {
    const { operation } = await givenStore(api);
    const reading = await read(operation);
    await until(() => reading.events.length === 1);

    const begin = performance.now();
    await writeEvent(worker, operation, "quick");
    await until(() => reading.events.length === 2);

    expect(performance.now() - begin).toBeLessThan(300);
  });

  it("tells of a cancelled operation and ends", async () => {
    const { operation } = await givenStore(api);
    const reading = await read(operation);

    await api.signedIn(`/api/v1/operations/${operation}/cancel`, { body: {} });
    await reading.over;

    expect(reading.events.map(({ event }) => event)).toEqual(["progress", "progress", "end"]);
    expect(JSON.parse(reading.events[1]?.data ?? "")).toMatchObject({ status: "cancelled" });
  });

  it("is a problem before it is a stream: 401, 404, 400", async () => {
    const { operation } = await givenStore(api);

    const nobody = await readEvents(api.port, `/api/v1/operations/${operation}/events`, {});
    const unknown = await read("00000000-0000-4000-8000-000000000000");
    const strange = await read(operation, { "last-event-id": "x" });

    expect([nobody.status, unknown.status, strange.status]).toEqual([401, 404, 400]);
  });
});

describe("GET /api/v1/operations/:id/events as JSON", () => {
  it("is what is there, after a number if one is given", async () => {
    const { operation } = await givenStore(api);
    for (const text of ["two", "three"]) await writeEvent(worker, operation, text);

    const all = await api.signedIn(`/api/v1/operations/${operation}/events`);
    const some = await api.signedIn(`/api/v1/operations/${operation}/events?after=2`);

    expect(all.json.items.map(({ sequence }: { sequence: number }) => sequence)).toEqual([1, 2, 3]);
    expect(some.json.items).toMatchObject([{ sequence: 3, text: "three" }]);
    expect((await api.signedIn(`/api/v1/operations/${operation}/events?after=-1`)).json.errors[0].field).toBe("after");
  });
});

describe("a service that stops", () => {
  it("ends its streams, so that browsers connect to the next one, and is not ready", async () => {
    const stopping = await startApi();
    try {
      const { operation } = await givenStore(stopping);
      const path = `/api/v1/operations/${operation}/events`;
      const reading = await readEvents(stopping.port, path, { cookie: stopping.cookie });
      await until(() => reading.events.length === 1);

      stopping.beginStop();
      await reading.over;

      expect(reading.events.map(({ event }) => event)).toEqual(["progress"]);
      expect((await stopping.call("/readyz")).status).toBe(503);
      expect((await stopping.call("/livez")).status).toBe(200);
    } finally {
      await stopping.stop();
    }
  });
});
