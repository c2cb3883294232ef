import type { TestCluster } from "../../helpers/cluster.ts";
import { reached } from "../../helpers/probe.ts";
import type { Table } from "./cyclonus.ts";
import { type Goal, goalsFor, type Source, type World } from "./world.ts";

/** How many pods try at the same time, and how many connections one command asks for. */
const PODS_AT_ONCE = 6;
const GOALS_AT_ONCE = 160;

/** The same table by real connections, each from inside of the pod. */
export async function measure(machine: TestCluster, { sources, goals }: World): Promise<Table> {
  const table = new Map<Source, Set<Goal>>();
  const waiting = [...sources];
  async function work(): Promise<void> {
    for (let source = waiting.shift(); source !== undefined; source = waiting.shift()) {
      table.set(source, await reachedFrom(machine, source, goalsFor(source, goals)));
    }
  }
  await Promise.all(Array.from({ length: PODS_AT_ONCE }, work));
  return table;
}

async function reachedFrom(machine: TestCluster, source: Source, goals: readonly Goal[]): Promise<Set<Goal>> {
  const found = new Set<string>();
  for (let at = 0; at < goals.length; at += GOALS_AT_ONCE) {
    for (const what of await reached(machine, source, goals.slice(at, at + GOALS_AT_ONCE))) found.add(what);
  }
  return new Set(goals.filter(({ what }) => found.has(what)));
}

/** Cells in which two tables differ. */
export interface Differences {
  /** Reached, although the policies deny it. */
  readonly through: readonly string[];
  /** Not reached, although they let it through. */
  readonly cut: readonly string[];
}

/**
 * Compares what was measured with what was worked out. What should have been reached and was not is tried again: on a busy
 * machine an answer may be late, which a wall never is.
 */
export async function compare(machine: TestCluster, measured: Table, expected: Table): Promise<Differences> {
  const through: string[] = [];
  const cut: string[] = [];
  for (const [source, wanted] of expected) {
    const found = measured.get(source) ?? new Set();
    const name = (goal: Goal) => `${source.role} ${source.namespace}/${source.pod} → ${goal.what}`;
    through.push(...[...found].filter((goal) => !wanted.has(goal)).map(name));
    const missing = [...wanted].filter((goal) => !found.has(goal));
    if (missing.length === 0) continue;
    const late = await reachedFrom(machine, source, missing);
    cut.push(...missing.filter((goal) => !late.has(goal)).map(name));
  }
  return { through, cut };
}
