import { readFileSync } from "node:fs";
import { kubectl } from "../helpers/kubectl.ts";
import type { Machine } from "../helpers/machine.ts";
import { descendants } from "../helpers/processes.ts";

const bytesPerMegabyte = 1_000_000;

/** Memory of a process in bytes: its share of the pages it has in common with others, so that a sum counts each once. */
function proportionalBytes(pid: number): number {
  try {
    const rollup = readFileSync(`/proc/${pid}/smaps_rollup`, "utf8");
    return Number(/^Pss:\s+(\d+)/m.exec(rollup)?.[1] ?? 0) * 1024;
  } catch {
    return 0;
  }
}

/** Memory of these processes together, in MB. */
export function megabytesOf(pids: readonly number[]): number {
  return pids.reduce((sum, pid) => sum + proportionalBytes(pid), 0) / bytesPerMegabyte;
}

/** Memory of all processes below this one, in MB. */
function descendantsMegabytes(): number {
  return megabytesOf(descendants().map(({ pid }) => pid));
}

/** Runs `work` and gives the most memory its child processes took together, sampled ten times a second. */
export async function peakMemoryOf(work: () => Promise<unknown>): Promise<number> {
  let peak = 0;
  const timer = setInterval(() => {
    peak = Math.max(peak, descendantsMegabytes());
  }, 100);
  try {
    await work();
  } finally {
    clearInterval(timer);
  }
  return peak;
}

const factors: Readonly<Record<string, number>> = { Ki: 1024, Mi: 1024 ** 2, Gi: 1024 ** 3 };

/** Working set of every container of a store, in MB, as the metrics server reports it. */
export async function storeMegabytes(machine: Machine, store: string): Promise<number> {
  const path = `/apis/metrics.k8s.io/v1beta1/namespaces/store-${store}/pods`;
  const { items }: { items: { containers: { usage: { memory: string } }[] }[] } = JSON.parse(
    await kubectl(machine, "get", "--raw", path),
  );
  const bytes = items
    .flatMap((pod) => pod.containers)
    .map(({ usage }) => Number.parseInt(usage.memory, 10) * (factors[usage.memory.slice(-2)] ?? 1));
  return bytes.reduce((sum, each) => sum + each, 0) / bytesPerMegabyte;
}
