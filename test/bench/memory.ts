import { readdirSync, readFileSync } from "node:fs";
import { kubectl } from "../helpers/kubectl.ts";
import type { Machine } from "../helpers/machine.ts";

const bytesPerMegabyte = 1_000_000;

interface ProcessMemory {
  readonly parent: number;
  readonly bytes: number;
}

function readProcess(pid: number): ProcessMemory | undefined {
  try {
    const status = readFileSync(`/proc/${pid}/status`, "utf8");
    const rollup = readFileSync(`/proc/${pid}/smaps_rollup`, "utf8");
    const parent = Number(/^PPid:\s+(\d+)/m.exec(status)?.[1]);
    // Proportional set size: pages that several processes share count once, split between them.
    return { parent, bytes: Number(/^Pss:\s+(\d+)/m.exec(rollup)?.[1] ?? 0) * 1024 };
  } catch {
    return undefined;
  }
}

/** Memory of all processes below this one, in MB. */
function descendantsMegabytes(): number {
  const processes = new Map<number, ProcessMemory>();
  for (const entry of readdirSync("/proc")) {
    const found = /^\d+$/.test(entry) ? readProcess(Number(entry)) : undefined;
    if (found !== undefined) processes.set(Number(entry), found);
  }
  const isOurs = (pid: number): boolean => {
    const parent = processes.get(pid)?.parent;
    return parent !== undefined && (parent === process.pid || isOurs(parent));
  };
  let total = 0;
  for (const [pid, { bytes }] of processes) if (isOurs(pid)) total += bytes;
  return total / bytesPerMegabyte;
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
