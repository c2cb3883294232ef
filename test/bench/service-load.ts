import { randomUUID } from "node:crypto";
import { setTimeout as sleep } from "node:timers/promises";
import type { ApiSession } from "../../toolchain/service/api-session.ts";
import { type Figure, percentile } from "./statistics.ts";

/** Requests begun in a second, whether or not earlier ones have been answered. */
const rate = 50;
/** Requests of one kind: 50 a second for six seconds. */
const requests = 300;

/**
 * Begins requests at a rate and gives how long each took, in milliseconds.
 * @param load how many requests, and how many of them are begun in a second
 */
export async function latencies(
  send: (index: number) => Promise<unknown>,
  load = { rate, requests },
): Promise<number[]> {
  const begin = performance.now();
  const sent: Promise<number>[] = [];
  for (let index = 0; index < load.requests; index++) {
    await sleep(Math.max(0, begin + (index * 1000) / load.rate - performance.now()));
    const asked = performance.now();
    sent.push(send(index).then(() => performance.now() - asked));
  }
  return Promise.all(sent);
}

function figures(what: string, samples: readonly number[], atMost?: number): Figure[] {
  const note = `${samples.length} requests, ${rate} a second`;
  return [
    { what: `${what}, p50`, unit: "ms", value: percentile(samples, 0.5), note },
    {
      what: `${what}, p99`,
      unit: "ms",
      value: percentile(samples, 0.99),
      note,
      ...(atMost !== undefined && { atMost }),
    },
  ];
}

/** How fast the API answers under load. Its worker must not run: the stores that are asked for are never made. */
export async function measureLatency(session: ApiSession): Promise<Figure[]> {
  const run = randomUUID().slice(0, 6);
  await latencies((index) => session.get(`/names/warm-${index}`));
  const posts = await latencies((index) =>
    session.post("/stores", { name: `load-${run}-${index}`, engine: "medusa" }, randomUUID()),
  );
  const lists = await latencies(() => session.get("/stores?limit=50"));
  const one = await latencies((index) => session.get(`/stores/load-${run}-${index}`));
  return [
    ...figures("POST /stores", posts, 50),
    ...figures("GET /stores, a page of 50", lists),
    ...figures("GET /stores/:name", one),
  ];
}
