import { EventEmitter } from "node:events";
import type { Pool } from "pg";
import { afterEach, beforeEach, expect, it, vi } from "vitest";
import { patientPool } from "../../../automation-api/database/patient-pool.ts";

beforeEach(() => {
  vi.useFakeTimers();
});
afterEach(() => {
  vi.useRealTimers();
});

const refused = Object.assign(new Error("connect ECONNREFUSED"), { code: "ECONNREFUSED" });

/** A pool that refuses so many connections before it gives one. */
function poolRefusing(times: number, error: Error = refused) {
  let left = times;
  const connect = vi.fn((then?: (error: Error | undefined, client?: string) => void) => {
    left -= 1;
    const answer = left >= 0 ? error : undefined;
    if (then !== undefined) return then(answer, "client");
    return answer === undefined ? Promise.resolve("client") : Promise.reject(answer);
  });
  const pool = Object.assign(new EventEmitter(), { connect, totalCount: 3 });
  return { connect, pool: pool as unknown as Pool };
}

it("waits for a database that is away, and gives its connection when it is back", async () => {
  const { pool, connect } = poolRefusing(3);
  const connecting = patientPool(pool, () => true).connect();

  await vi.advanceTimersByTimeAsync(1000);

  expect(await connecting).toBe("client");
  expect(connect).toHaveBeenCalledTimes(4);
});

it.each([
  ["when it may not wait", refused, () => false],
  ["at once for any other reason", new Error("syntax error"), () => true],
])("refuses as the pool does %s", async (_when, error, mayWait) => {
  const { pool, connect } = poolRefusing(1, error);

  await expect(patientPool(pool, mayWait).connect()).rejects.toBe(error);
  expect(connect).toHaveBeenCalledTimes(1);
});

it("gives up after two minutes", async () => {
  const { pool } = poolRefusing(Number.POSITIVE_INFINITY);
  const connecting = expect(patientPool(pool, () => true).connect()).rejects.toBe(refused);

  await vi.advanceTimersByTimeAsync(121_000);

  await connecting;
});

it("is the pool itself for everything else, also for who gives a callback", () => {
  const { pool } = poolRefusing(1);
  const patient = patientPool(pool, () => true);
  const heard = vi.fn();
  const told = vi.fn();

  patient.on("error", heard);
  pool.emit("error", refused);
  patient.connect(told);

  expect(heard).toHaveBeenCalledExactlyOnceWith(refused);
  expect(told).toHaveBeenCalledExactlyOnceWith(refused, "client");
  expect(patient.totalCount).toBe(3);
});
