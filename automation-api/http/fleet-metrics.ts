import { setTimeout as sleep } from "node:timers/promises";
import { Counter, Gauge, type Registry } from "prom-client";
import { OPERATION_KINDS } from "../contract/operation.ts";
import { STORE_STATUSES } from "../contract/store.ts";
import { type Database, isDatabaseUnreachable } from "../database/connection.ts";
import {
  type FleetNow,
  fleetNow,
  operationTotals,
  type TotalRow,
  type WorkerNow,
} from "../database/metrics-repository.ts";

// What the database knows of the fleet, told by every process that serves the API: take one of them, or the maximum.

/** How long the database may take, in milliseconds: less than Prometheus waits by default. */
const PATIENCE = 6000;

/**
 * Adds the measures of the fleet to a registry; they are read anew whenever somebody asks for them. While the database is
 * away, there are none but the one that says so.
 */
export function addFleetMetrics(registry: Registry, database: Database): () => Promise<void> {
  const isThere = new Gauge({
    name: "storefleet_database_up",
    help: "1 while the database answers, 0 while it is away.",
    registers: [registry],
  });
  const gauges = gaugesOf(registry);
  const totals = totalsOf(registry);
  return async () => {
    const known = await Promise.race([ask(database), sleep(PATIENCE, undefined, { ref: false })]);
    for (const metric of [...Object.values(gauges), ...Object.values(totals)]) metric.reset();
    isThere.set(known === undefined ? 0 : 1);
    // None, not 0: that would tell of a queue that is empty, and of no workers.
    if (known === undefined) for (const metric of Object.values(gauges)) metric.remove({});
    if (known === undefined) return;
    setGauges(gauges, known.now);
    addTotals(totals, known.rows);
  };
}

/** `undefined` while the database is away. */
async function ask(database: Database) {
  try {
    return { now: await fleetNow(database), rows: await operationTotals(database) };
  } catch (error) {
    if (isDatabaseUnreachable(error)) return undefined;
    throw error;
  }
}

function gaugesOf(registry: Registry) {
  const gauge = <T extends string>(name: string, help: string, labelNames: readonly T[] = []) =>
    new Gauge({ name: `storefleet_${name}`, help, labelNames, registers: [registry] });
  return {
    queued: gauge("queue_depth", "Operations that wait for their turn.", ["kind"]),
    age: gauge("queue_age_seconds", "Since when the oldest of them waits."),
    running: gauge("operations_under_way", "Operations that were begun and are not over.", ["kind", "status"]),
    stores: gauge("stores", "Living stores by status.", ["status"]),
    findings: gauge("findings", "What the last comparison with the world found and is still so.", ["kind"]),
    leases: gauge("leases", "Leases of stores that somebody holds; an expired one can be taken over.", ["state"]),
    workers: gauge("workers", "Workers that have not signed off."),
    workerStarts: gauge("worker_starts_last_hour", "Processes of workers that have started within the last hour."),
    workerBegun: gauge("worker_start_time_seconds", "When the worker started, since 1970.", ["worker"]),
    workerSilence: gauge("worker_silent_seconds", "Since when the worker was not heard of.", ["worker"]),
    workerLoad: gauge("worker_operations", "Operations that the worker works on.", ["worker"]),
    workerMemory: gauge("worker_resident_memory_bytes", "Memory of the worker's process.", ["worker"]),
    workerCpu: gauge("worker_cpu_seconds", "Processor time of the worker's process since it started.", ["worker"]),
    workerLag: gauge("worker_eventloop_lag_seconds", "How late the worker came to its work at most.", ["worker"]),
  };
}

function setGauges(gauges: ReturnType<typeof gaugesOf>, now: FleetNow): void {
  // What never was is told as none: without a beginning, nobody could see that it grows.
  for (const kind of OPERATION_KINDS) gauges.queued.set({ kind }, 0);
  for (const status of STORE_STATUSES) if (status !== "deleted") gauges.stores.set({ status }, 0);
  let age = 0;
  for (const { kind, status, count, oldest } of now.operations) {
    if (status === "queued") {
      gauges.queued.set({ kind }, count);
      age = Math.max(age, oldest);
    } else gauges.running.set({ kind, status }, count);
  }
  gauges.age.set(age);
  for (const { status, count } of now.stores) gauges.stores.set({ status }, count);
  for (const { kind, count } of now.findings) gauges.findings.set({ kind }, count);
  for (const state of ["held", "expired"] as const) gauges.leases.set({ state }, now.leases[state]);
  gauges.workers.set(now.workers.length);
  gauges.workerStarts.set(now.workerStarts);
  for (const worker of now.workers) setWorker(gauges, worker);
}

/** Workers need no address of their own for this: each tells with its signs of life how it is. */
function setWorker(gauges: ReturnType<typeof gaugesOf>, { hostname, pid, measures, ...now }: WorkerNow): void {
  const labels = { worker: `${hostname}/${pid}` };
  gauges.workerBegun.set(labels, now.startedAt);
  gauges.workerSilence.set(labels, Math.max(now.silentFor, 0));
  gauges.workerLoad.set(labels, now.operations);
  if (measures === null) return;
  gauges.workerMemory.set(labels, measures.residentBytes);
  gauges.workerCpu.set(labels, measures.cpuSeconds);
  gauges.workerLag.set(labels, measures.lagSeconds);
}

function totalsOf(registry: Registry) {
  const counter = <T extends string>(name: string, help: string, labelNames: readonly T[] = []) =>
    new Counter({ name: `storefleet_${name}`, help, labelNames, registers: [registry] });
  // A histogram of prom-client counts what its own process sees; this one outlives every process.
  const ranges = (name: string, help: string) => ({
    [`${name}_bucket`]: counter(`${name}_bucket`, `${help} Within a bound.`, ["kind", "outcome", "le"]),
    [`${name}_sum`]: counter(`${name}_sum`, `${help} Together.`, ["kind", "outcome"]),
    [`${name}_count`]: counter(`${name}_count`, `${help} How many.`, ["kind", "outcome"]),
  });
  return {
    operations: counter("operations_total", "Operations that are over.", ["kind", "outcome"]),
    takeOvers: counter("take_overs_total", "Operations that were taken from workers that had died.", ["kind"]),
    ...ranges("operation_wait_seconds", "Seconds from the request to the beginning."),
    ...ranges("operation_duration_seconds", "Seconds from the beginning to the end."),
  };
}

function addTotals(totals: Readonly<Record<string, Counter>>, rows: readonly TotalRow[]): void {
  for (const kind of OPERATION_KINDS) {
    totals.takeOvers?.inc({ kind }, 0);
    for (const outcome of OUTCOMES) {
      totals.operations?.inc({ kind, outcome }, 0);
      for (const name of Object.values(NAMES)) addDurations(totals, { name, kind, outcome, bound: 0 });
    }
  }
  for (const { kind, outcome, measure, bound, count, seconds } of rows) {
    if (measure === "take-over") {
      totals.takeOvers?.inc({ kind }, count);
      continue;
    }
    if (measure === "wait") totals.operations?.inc({ kind, outcome }, count);
    addDurations(totals, { name: NAMES[measure], kind, outcome, bound, count, seconds });
  }
}

const NAMES = { wait: "operation_wait_seconds", work: "operation_duration_seconds" } as const;

interface Durations extends Pick<TotalRow, "kind" | "outcome" | "bound">, Partial<Pick<TotalRow, "count" | "seconds">> {
  readonly name: string;
}

/** So many more of them within a bound; without a count, what was not seen yet begins at none. */
function addDurations(
  totals: Readonly<Record<string, Counter>>,
  { name, kind, outcome, bound, count = 0, seconds = 0 }: Durations,
): void {
  totals[`${name}_sum`]?.inc({ kind, outcome }, seconds);
  totals[`${name}_count`]?.inc({ kind, outcome }, count);
  for (const le of BOUNDS.filter((upper) => upper >= bound)) {
    totals[`${name}_bucket`]?.inc({ kind, outcome, le: le === Number.POSITIVE_INFINITY ? "+Inf" : String(le) }, count);
  }
}

const OUTCOMES = ["succeeded", "failed", "cancelled"] as const;

/** The bounds that the database counts in; see the migration of the totals. */
const BOUNDS = [1, 2.5, 5, 10, 20, 30, 45, 60, 90, 120, 300, 600, 1800, Number.POSITIVE_INFINITY];
