import { randomUUID } from "node:crypto";
import { setTimeout as sleep } from "node:timers/promises";
import { isFinal, type Operation, operationSchema } from "../../automation-api/contract/operation.ts";
import { acceptedSchema } from "../../automation-api/contract/store.ts";
import type { Engine } from "../../stores/spec.ts";
import type { ApiSession } from "../../toolchain/service/api-session.ts";
import type { Role } from "../../toolchain/service/service.ts";
import { launchBrowser } from "../helpers/browser.ts";
import type { Machine } from "../helpers/machine.ts";
import { testStoreName } from "../helpers/names.ts";
import { startTestService, type TestService } from "../helpers/service.ts";
import { createHelmTwin } from "./helm-twin.ts";
import { megabytesOf } from "./memory.ts";
import { eventLags, lagFigures, measureFirstLoad } from "./service-browser.ts";
import { measureLatency } from "./service-load.ts";
import { type Figure, median, percentile } from "./statistics.ts";

// What a user of the dashboard feels, measured at its front door.

/** Runs `work` with a service of its own. */
export async function withService<T>(
  machine: Machine,
  work: (service: TestService, session: ApiSession) => Promise<T>,
  roles?: readonly Role[],
): Promise<T> {
  const service = await startTestService(machine, roles);
  try {
    return await work(service, await service.session());
  } finally {
    await service.stop();
  }
}

async function untilFinal(session: ApiSession, id: string): Promise<Operation> {
  for (;;) {
    const operation = operationSchema.parse(await session.get(`/operations/${id}`));
    if (isFinal(operation.status)) return operation;
    await sleep(200);
  }
}

/** Asks for a store and waits until it sells. Gives the operation and the seconds from asking to the end. */
export async function create(
  session: ApiSession,
  name: string,
  engine: Engine = "medusa",
): Promise<{ operation: Operation; seconds: number }> {
  const begin = performance.now();
  const accepted = acceptedSchema.parse(await session.post("/stores", { name, engine }, randomUUID()));
  const operation = await untilFinal(session, accepted.operation.id);
  if (operation.status !== "succeeded") throw new Error(`${name}: ${operation.status}: ${operation.reason}`);
  return { operation, seconds: (performance.now() - begin) / 1000 };
}

export async function remove(session: ApiSession, name: string): Promise<void> {
  const accepted = acceptedSchema.parse(await session.delete(`/stores/${name}`));
  const operation = await untilFinal(session, accepted.operation.id);
  if (operation.status !== "succeeded") throw new Error(`${name}: ${operation.status}: ${operation.reason}`);
}

function processes(service: TestService): number[] {
  return (["api", "worker"] as const).flatMap((role) => service.pidOf(role) ?? []);
}

/** Seconds of each step, by their medians. */
export function shareNote(operations: readonly Operation[]): string {
  const [first] = operations;
  if (first === undefined) return "";
  const secondsOf = (key: string) =>
    median(operations.map(({ progress }) => progress.steps.find((step) => step.key === key)?.seconds ?? 0));
  return first.progress.steps.map(({ key }) => `${key} ${secondsOf(key).toFixed(1)}`).join(" · ");
}

/** Creations one after the other, each beside the same chart by Helm alone and the same checkout proof. */
export function measureServiceCreate(machine: Machine, samples: number): Promise<Figure[]> {
  return withService(machine, async (service, session) => {
    // The metrics of an idle service: nothing has been asked of it yet but to sign in.
    await sleep(10_000);
    const idle = megabytesOf(processes(service));
    const created: { operation: Operation; seconds: number }[] = [];
    const helm: number[] = [];
    const lags: number[] = [];
    const browser = await launchBrowser(machine.context);
    const page = await (await browser.newContext()).newPage();
    const [cookie = "", value = ""] = session.cookie.split("=");
    await page.context().addCookies([{ name: cookie, value, url: session.origin }]);
    const firstLoads = await measureFirstLoad(browser, session);
    // Open before there is anything to follow: how long a page takes to load is not how late an event is.
    await page.goto(session.origin);
    for (let sample = 0; sample < samples; sample++) {
      const name = testStoreName("bench");
      created.push(await create(session, name));
      const twin = await createHelmTwin(machine, name);
      const removal = acceptedSchema.parse(await session.delete(`/stores/${name}`));
      lags.push(...(await eventLags(page, removal.operation.id)));
      await untilFinal(session, removal.operation.id);
      const twinName = testStoreName("twin");
      helm.push(await twin.install(twinName));
      await twin.remove(twinName);
    }
    // A watched creation at the end: the browser would take its share of the two cores from the measured ones.
    const watched = testStoreName("bench");
    const asked = acceptedSchema.parse(await session.post("/stores", { name: watched, engine: "medusa" }));
    lags.push(...(await eventLags(page, asked.operation.id)));
    await browser.close();
    await remove(session, watched);

    const seconds = created.map((each) => each.seconds);
    const proof = median(
      created.map(({ operation }) => operation.progress.steps.find(({ key }) => key === "proof")?.seconds ?? 0),
    );
    const beside = median(helm) + proof;
    const note = `${samples} samples`;
    return [
      {
        what: "POST → sellable, basic, p50",
        unit: "s",
        value: median(seconds),
        atMost: 30,
        note: shareNote(created.map(({ operation }) => operation)),
      },
      { what: "POST → sellable, basic, p95", unit: "s", value: percentile(seconds, 0.95), note },
      { what: "helm install --wait and checkout proof, p50", unit: "s", value: beside, note },
      { what: "POST → sellable against helm", unit: "×", value: median(seconds) / beside, atMost: 1.3, note },
      ...lagFigures(lags),
      { what: "API and worker, idle", unit: "MB", value: idle, atMost: 250, note: "memory, shared pages counted once" },
      ...firstLoads,
    ];
  });
}

/** Ten at once through the front door, and what the service itself takes meanwhile. */
export function measureServiceBurst(machine: Machine): Promise<Figure[]> {
  const count = 10;
  return withService(machine, async (service, session) => {
    let peak = 0;
    const timer = setInterval(() => {
      peak = Math.max(peak, megabytesOf(processes(service)));
    }, 500);
    const names = Array.from({ length: count }, () => testStoreName("burst"));
    const begin = performance.now();
    const results = await Promise.allSettled(names.map((name) => create(session, name)));
    const makespan = (performance.now() - begin) / 1000;
    clearInterval(timer);
    for (const result of results) {
      if (result.status === "rejected") process.stderr.write(`${result.reason}\n`);
    }
    await Promise.allSettled(names.map((name) => remove(session, name)));
    const failures = results.filter(({ status }) => status === "rejected").length;
    return [
      { what: `${count} POSTs at once, failures`, unit: "", value: failures, atMost: 0 },
      { what: `${count} POSTs at once, until the last one sells`, unit: "s", value: makespan },
      { what: `API and worker with ${count} operations`, unit: "MB", value: peak, note: "without Pulumi's processes" },
    ];
  });
}

/** How fast the API answers. Without a worker, so that what is asked for is never made. */
export function measureServiceLatency(machine: Machine): Promise<Figure[]> {
  return withService(machine, (_service, session) => measureLatency(session), ["api"]);
}
