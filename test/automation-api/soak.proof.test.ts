import { readdirSync, readFileSync } from "node:fs";
import { setTimeout as sleep } from "node:timers/promises";
import { afterAll, beforeAll, expect, it } from "vitest";
import { followOperations } from "../helpers/follow-operations.ts";
import { testStoreName } from "../helpers/names.ts";
import { descendants } from "../helpers/processes.ts";
import { slopeOf } from "../helpers/slope.ts";
import { NOTHING, type SmallFleet, startSmallFleet } from "../helpers/small-fleet.ts";

// Stores come and go for an hour while people look on: nothing grows. `npm run test:soak -- --minutes 15` is a shorter one.
const minutes = Number(process.env.STOREFLEET_TEST_SOAK_MINUTES ?? 60);
/** Stores that live at the same time. */
const width = 3;
const parts = ["api", "worker"] as const;
/** How much the memory of a process may grow within an hour by its trend, in MB: less than one store's history could hold. */
const GROWTH = 30;

let small: SmallFleet;
beforeAll(async () => {
  small = await startSmallFleet({ leaseSeconds: 30, parts: { api: "api", worker: "worker" } });
});
afterAll(() => small?.stop());

interface Sample {
  readonly hours: number;
  /** Private memory, in MB. */
  readonly memory: number;
  readonly files: number;
}

function sampleOf(pid: number, begin: number): Sample {
  const status = readFileSync(`/proc/${pid}/status`, "utf8");
  return {
    hours: (performance.now() - begin) / 3_600_000,
    memory: Number(/^RssAnon:\s+(\d+)/m.exec(status)?.[1]) / 1024,
    files: readdirSync(`/proc/${pid}/fd`).length,
  };
}

/** Asks as several dashboards do, and follows an operation's events for a moment. */
async function lookOn(operation: () => string | undefined, isOver: () => boolean): Promise<number> {
  const { origin, cookie } = small.session;
  let asked = 0;
  while (!isOver()) {
    for (const path of ["/stores", "/overview", "/audit", "/platform/findings"]) {
      await (await fetch(`${origin}/api/v1${path}`, { headers: { cookie } })).arrayBuffer();
      asked += 1;
    }
    const id = operation();
    if (id !== undefined) {
      const signal = AbortSignal.timeout(500);
      const headers = { cookie, accept: "text/event-stream" };
      // On a busy machine it is over before the stream has begun.
      await fetch(`${origin}/api/v1/operations/${id}/events`, { headers, signal })
        .then((stream) => stream.arrayBuffer())
        .catch((error: unknown) => {
          if (!signal.aborted) throw error;
        });
    }
    await sleep(300);
  }
  return asked;
}

it(
  `keeps its memory, files, processes and rows for ${minutes} minutes in which stores come and go`,
  async () => {
    const begin = performance.now();
    const end = begin + minutes * 60_000;
    const isOver = () => performance.now() > end;
    const followed = followOperations(small.connection);
    const [names, operations, ends]: [string[], string[], (string | undefined)[]] = [[], [], []];
    async function live(): Promise<void> {
      while (!isOver()) {
        const name = testStoreName("soak");
        names.push(name);
        for (const ask of [small.create, small.remove]) {
          const id = await ask(name);
          operations.push(id);
          ends.push((await followed.end(id, 300))?.status);
        }
      }
    }
    const samples: Record<(typeof parts)[number], Sample[]> = { api: [], worker: [] };
    const pids = parts.map((part) => small.fleet.pidOf(part));
    const sampling = (async () => {
      while (!isOver()) {
        for (const part of parts) {
          const pid = small.fleet.pidOf(part);
          if (pid !== undefined) samples[part].push(sampleOf(pid, begin));
        }
        await sleep(2000);
      }
    })();
    const looking = lookOn(() => operations.at(-1), isOver);
    await Promise.all(Array.from({ length: width }, live));
    const [asked] = await Promise.all([looking, sampling, followed.stop()]);
    await expect.poll(() => small.leftovers(names, operations), { timeout: 30_000, interval: 1000 }).toEqual(NOTHING);
    // Connections that are kept open end by themselves after a moment.
    await sleep(10_000);

    for (const part of parts) {
      const all = samples[part];
      // The first third is for warming up.
      const warm = all.slice(Math.floor(all.length / 3));
      const trendOf = (some: readonly Sample[]) => slopeOf(some.map(({ hours, memory }) => [hours, memory]));
      const slope = trendOf(warm);
      // What levels off grows less from third to third; what leaks does not.
      const third = Math.ceil(all.length / 3);
      const thirds = [0, 1, 2].map((index) => trendOf(all.slice(index * third, (index + 1) * third)).toFixed(1));
      const [first, last] = [warm[0]?.memory ?? 0, warm.at(-1)?.memory ?? 0];
      const files = sampleOf(small.fleet.pidOf(part) ?? 0, begin).files;
      process.stdout.write(
        `${part}: ${first.toFixed(0)} → ${last.toFixed(0)} MB, ${slope.toFixed(1)} MB/h (by thirds of the time: ${thirds.join(", ")}); files ${all[0]?.files} → ${files}\n`,
      );
      // A trend of a few minutes says little about an hour: it counts as what it has come to so far.
      expect(slope * Math.min(1, minutes / 60)).toBeLessThan(GROWTH);
      expect(files).toBeLessThanOrEqual((all[0]?.files ?? 0) + 20);
    }
    process.stdout.write(`${operations.length} operations, ${asked} requests\n`);
    expect(ends.filter((status) => status !== "succeeded")).toEqual([]);
    expect(parts.map((part) => small.fleet.pidOf(part))).toEqual(pids);
    for (const pid of pids) expect(descendants(pid)).toEqual([]);
    const { rows } = await small.connection.pool.query<{ left: string }>(
      `select (select count(*) from graphile_worker.jobs)::text as left`,
    );
    expect(rows[0]?.left).toBe("0");
  },
  (minutes + 30) * 60_000,
);
