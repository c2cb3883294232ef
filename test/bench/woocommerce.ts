import { setTimeout as sleep } from "node:timers/promises";
import type { Operation } from "../../automation-api/contract/operation.ts";
import { loopbackFetch } from "../../automation-api/loopback-fetch.ts";
import { namespaceOf } from "../../stores/names.ts";
import { kubectl } from "../helpers/kubectl.ts";
import type { Machine } from "../helpers/machine.ts";
import { testStoreName } from "../helpers/names.ts";
import { hasWooCommerce, noZip } from "../helpers/woocommerce-zip.ts";
import { storeMegabytes } from "./memory.ts";
import { create, remove, shareNote, withService } from "./service.ts";
import { latencies } from "./service-load.ts";
import { type Figure, median, percentile } from "./statistics.ts";

// WooCommerce beside Medusa, through the same front door.

/** Customers who look at the storefront for half a minute. */
const browsing = { rate: 10, requests: 300 };

/** Stores one after the other; what one of them is like when it is used and when it is left alone. */
export async function measureWooCommerce(machine: Machine, samples: number): Promise<Figure[]> {
  if (!hasWooCommerce()) {
    process.stderr.write(`skipped: ${noZip}\n`);
    return [];
  }
  return withService(machine, async (_service, session) => {
    const created: { operation: Operation; seconds: number }[] = [];
    const setups: number[] = [];
    const removals: number[] = [];
    const used: Figure[] = [];
    for (let sample = 0; sample < samples; sample++) {
      const name = testStoreName("bench");
      created.push(await create(session, name, "woocommerce"));
      setups.push(await setupSeconds(machine, name));
      if (sample === 0) used.push(...(await measureOneStore(machine, name)));
      const begin = performance.now();
      await remove(session, name);
      removals.push((performance.now() - begin) / 1000);
      process.stderr.write(`${sampleLine(name, [created.at(-1)?.seconds, setups.at(-1), removals.at(-1)], used)}\n`);
    }
    const seconds = created.map((one) => one.seconds);
    const note = `${samples} samples`;
    const shares = shareNote(created.map(({ operation }) => operation));
    return [
      { what: "WooCommerce: POST → sellable, basic, p50", unit: "s", value: median(seconds), atMost: 30, note: shares },
      { what: "WooCommerce: POST → sellable, basic, p95", unit: "s", value: percentile(seconds, 0.95), note },
      {
        what: "WooCommerce: set-up, after the database answers, p50",
        unit: "s",
        value: median(setups),
        atMost: 5,
        note,
      },
      { what: "WooCommerce: DELETE → gone, p50", unit: "s", value: median(removals), atMost: 15, note },
      ...used,
    ];
  });
}

/** Said at once, so that a run that is stopped has not been for nothing. */
function sampleLine(name: string, seconds: readonly (number | undefined)[], used: readonly Figure[]): string {
  const [sells, setup, gone] = seconds.map((one) => one?.toFixed(1));
  const figures = used.map(({ what, value, unit }) => `${what} ${value.toFixed(1)} ${unit}`);
  return [`${name}: sells after ${sells} s, set up in ${setup} s, gone after ${gone} s`, ...figures].join("; ");
}

/** As the set-up itself says it at its end. */
async function setupSeconds(machine: Machine, store: string): Promise<number> {
  const where = ["--namespace", namespaceOf(store), "deployment/wordpress", "--container=setup"];
  const log = await kubectl(machine, "logs", ...where);
  return Number(/set up in ([\d.]+) s/.exec(log)?.[1]);
}

async function measureOneStore(machine: Machine, name: string): Promise<Figure[]> {
  // The metrics server looks every 15 seconds; by then the store is idle.
  await sleep(45_000);
  const memory = await storeMegabytes(machine, name);
  const { host, ingressPort } = { host: `${name}.${machine.target.baseDomain}`, ...machine.target };
  const look = () => firstByte(`http://${host}:${ingressPort}/`);
  for (let warm = 0; warm < 20; warm++) await look();
  const waits = await latencies(look, browsing);
  const note = `${browsing.requests} requests for the shop's page, ${browsing.rate} a second, warm`;
  return [
    { what: "WooCommerce: storefront, first byte, p50", unit: "ms", value: median(waits), note },
    { what: "WooCommerce: storefront, first byte, p95", unit: "ms", value: percentile(waits, 0.95), atMost: 200, note },
    { what: "WooCommerce: one basic store, memory", unit: "MB", value: memory, atMost: 600, note: "working set, idle" },
  ];
}

/** Waits until an answer begins, and leaves the rest of it. */
async function firstByte(url: string): Promise<void> {
  const answer = await loopbackFetch(url);
  if (answer.status !== 200) throw new Error(`GET ${url} answered ${answer.status}.`);
  const reader = answer.body?.getReader();
  await reader?.read();
  await reader?.cancel();
}
