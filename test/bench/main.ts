import { mkdirSync, writeFileSync } from "node:fs";
import { cpus, totalmem } from "node:os";
import { join } from "node:path";
import { bringUpStore } from "../../automation-api/bring-up-store.ts";
import { loopbackFetch } from "../../automation-api/loopback-fetch.ts";
import { PLANS, type Plan, parseSpec } from "../../stores/spec.ts";
import { option, requireKnown, runCommand } from "../../toolchain/commands/command.ts";
import type { ToolchainContext } from "../../toolchain/lib/context.ts";
import { repositoryRoot } from "../../toolchain/lib/paths.ts";
import { ToolchainProblem } from "../../toolchain/lib/problem.ts";
import { type Machine, takeMachine } from "../helpers/machine.ts";
import { testStoreName } from "../helpers/names.ts";
import { measureControlPlane } from "./control-plane.ts";
import { createHelmTwin, type HelmTwin } from "./helm-twin.ts";
import { peakMemoryOf, storeMegabytes } from "./memory.ts";
import { measureServiceBurst, measureServiceCreate, measureServiceLatency } from "./service.ts";
import { createReleaseTimer, type Shares, sharesOf } from "./shares.ts";
import { measureStarts } from "./starts.ts";
import { type Figure, median, percentile, toMarkdown } from "./statistics.ts";
import { measureWooCommerce } from "./woocommerce.ts";

const usage = `
npm run bench [-- --quick --only PART,PART]

Measures this machine and writes bench-results/bench.md and bench.json. Makes stores of its own and removes them.

  --quick  three samples instead of ten
  --only   some of: one, basic, standard, premium, burst-5, burst-10, service, service-burst, service-latency,
           control-plane, starts, woocommerce
`;

interface Creation {
  readonly total: number;
  readonly shares: Shares;
}

async function create(machine: Machine, name: string, plan: Plan): Promise<Creation> {
  const timer = createReleaseTimer();
  const spec = parseSpec({ name, engine: "medusa", plan });
  const store = await bringUpStore({ runner: machine.runner, request: loopbackFetch }, spec, machine.target, timer);
  const shares = await sharesOf(machine, name, timer.times(), store.seconds);
  return { total: store.seconds.up + store.seconds.proof, shares };
}

async function timed(work: () => Promise<unknown>): Promise<number> {
  const begin = performance.now();
  await work();
  return (performance.now() - begin) / 1000;
}

function shareNote(creations: readonly Creation[]): string {
  const names = ["pulumi", "cluster", "database", "migration", "server", "firstAnswer"] as const;
  return names.map((name) => `${name} ${median(creations.map(({ shares }) => shares[name])).toFixed(1)}`).join(" · ");
}

/** One plan, one store after the other, each beside a twin installed by Helm alone. */
async function measurePlan(machine: Machine, plan: Plan, samples: number): Promise<Figure[]> {
  const creations: Creation[] = [];
  const helm: number[] = [];
  const destroys: number[] = [];
  for (let sample = 0; sample < samples; sample++) {
    const name = testStoreName("bench");
    creations.push(await create(machine, name, plan));
    const twin = await createHelmTwin(machine, name);
    destroys.push(await timed(() => machine.runner.destroy(name)));
    const twinName = testStoreName("twin");
    helm.push(await twin.install(twinName));
    await twin.remove(twinName);
  }
  const totals = creations.map(({ total }) => total);
  const p50 = median(totals);
  const note = `${samples} samples`;
  const isBasic = plan === "basic";
  return [
    {
      what: `create → sellable, ${plan}, p50`,
      unit: "s",
      value: p50,
      note: shareNote(creations),
      ...(isBasic && { atMost: 30 }),
    },
    { what: `create → sellable, ${plan}, p95`, unit: "s", value: percentile(totals, 0.95), note },
    { what: `helm install --wait, ${plan}, p50`, unit: "s", value: median(helm), note },
    {
      what: `create against helm, ${plan}`,
      unit: "×",
      value: p50 / median(helm),
      note,
      ...(isBasic && { atMost: 1.3 }),
    },
    { what: `destroy, ${plan}, p50`, unit: "s", value: median(destroys), note, ...(isBasic && { atMost: 15 }) },
  ];
}

/** What one store and one run cost. */
async function measureOne(machine: Machine): Promise<Figure[]> {
  const name = testStoreName("bench");
  const peaks: number[] = [];
  for (let sample = 0; sample < 3; sample++) {
    if (sample > 0) await machine.runner.destroy(name);
    peaks.push(await peakMemoryOf(() => create(machine, name, "basic")));
  }
  const spec = parseSpec({ name, engine: "medusa" });
  const noop: number[] = [];
  for (let sample = 0; sample < 5; sample++) {
    const again = { ...machine.target };
    noop.push((await bringUpStore({ runner: machine.runner, request: loopbackFetch }, spec, again)).seconds.up);
  }
  // The metrics server looks every 15 seconds; by then the store is idle.
  await new Promise((resolve) => setTimeout(resolve, 45_000));
  const store = await storeMegabytes(machine, name);
  await machine.runner.destroy(name);
  return [
    {
      what: "one engine run, peak memory, p50",
      unit: "MB",
      value: median(peaks),
      atMost: 200,
      note: `CLI, program and helm; the first, which also compiles them, ${peaks[0]?.toFixed(0)}`,
    },
    { what: "one basic store, memory", unit: "MB", value: store, atMost: 700, note: "working set, idle" },
    {
      what: "no-op up, p50",
      unit: "s",
      value: median(noop),
      atMost: 3,
      note: "5 samples, all calls of the Automation API",
    },
  ];
}

/** Several at once, and as many by Helm alone. */
async function measureBurst(machine: Machine, count: number, twin: HelmTwin): Promise<Figure[]> {
  const names = Array.from({ length: count }, () => testStoreName("burst"));
  const results = { failed: 0 };
  const makespan = await timed(() =>
    Promise.all(
      names.map((name) =>
        create(machine, name, "basic").catch((error: unknown) => {
          results.failed += 1;
          process.stderr.write(`${name}: ${error instanceof Error ? error.message : error}\n`);
        }),
      ),
    ),
  );
  const destroy = await timed(() => Promise.all(names.map((name) => machine.runner.destroy(name))));
  const twins = names.map((name) => name.replace("burst", "twin"));
  const helm = await timed(() => Promise.all(twins.map((name) => twin.install(name))));
  await Promise.all(twins.map((name) => twin.remove(name)));
  return [
    { what: `${count} stores at once, failures`, unit: "", value: results.failed, atMost: 0 },
    { what: `${count} stores at once, makespan`, unit: "s", value: makespan, note: "until the last one sells" },
    { what: `${count} helm installs at once, makespan`, unit: "s", value: helm },
    { what: `${count} at once against helm`, unit: "×", value: makespan / helm, ...(count === 10 && { atMost: 1.3 }) },
    { what: `${count} destroys at once`, unit: "s", value: destroy },
  ];
}

/** What can be measured, in the order in which it is. */
const parts = [
  "one",
  ...PLANS,
  "burst-5",
  "burst-10",
  "service",
  "service-burst",
  "service-latency",
  "control-plane",
  "starts",
  "woocommerce",
] as const;
type Part = (typeof parts)[number];

function chosenParts(args: readonly string[]): readonly Part[] {
  const names = option(args, "only")?.split(",") ?? parts;
  const unknown = names.filter((name) => !parts.some((part) => part === name));
  if (unknown.length === 0) return parts.filter((part) => names.includes(part));
  throw new ToolchainProblem(`The benchmark has no part "${unknown.join(", ")}".`, `Choose from: ${parts.join(", ")}.`);
}

async function measureBurstBesideHelm(machine: Machine, count: number): Promise<Figure[]> {
  const model = testStoreName("model");
  await create(machine, model, "basic");
  const twin = await createHelmTwin(machine, model);
  await machine.runner.destroy(model);
  return measureBurst(machine, count, twin);
}

function measure(context: ToolchainContext, machine: Machine, part: Part, samples: number): Promise<Figure[]> {
  switch (part) {
    case "one":
      return measureOne(machine);
    case "burst-5":
      return measureBurstBesideHelm(machine, 5);
    case "burst-10":
      return measureBurstBesideHelm(machine, 10);
    case "service":
      return measureServiceCreate(machine, samples);
    case "service-burst":
      return measureServiceBurst(machine);
    case "service-latency":
      return measureServiceLatency(machine);
    case "control-plane":
      return measureControlPlane(machine);
    case "starts":
      return measureStarts(context);
    case "woocommerce":
      return measureWooCommerce(machine, samples);
    default:
      return measurePlan(machine, part, samples);
  }
}

function write(machine: Machine, figures: readonly Figure[]): string {
  const folder = join(repositoryRoot, "bench-results");
  mkdirSync(folder, { recursive: true });
  const about = `${cpus().length} cores, ${Math.round(totalmem() / 1e9)} GB, Pulumi: ${machine.pulumi.kind}`;
  const table = `# Benchmarks\n\n${new Date().toISOString()} · ${about}\n\n${toMarkdown(figures)}\n`;
  writeFileSync(join(folder, "bench.md"), table);
  writeFileSync(join(folder, "bench.json"), `${JSON.stringify({ about, figures }, undefined, 2)}\n`);
  return table;
}

await runCommand({ usage }, async (context, args) => {
  requireKnown(args, ["--quick"], ["--only"]);
  const chosen = chosenParts(args);
  const machine = await takeMachine();
  const figures: Figure[] = [];
  try {
    for (const part of chosen) {
      const samples = args.includes("--quick") ? 3 : 10;
      figures.push(
        ...(await context.reporter.step(`Measure ${part}`, 300, () => measure(context, machine, part, samples))),
      );
      // Written after every part, so that a run that is stopped has not been for nothing.
      write(machine, figures);
    }
  } finally {
    await machine.release();
  }
  process.stdout.write(write(machine, figures));
});
