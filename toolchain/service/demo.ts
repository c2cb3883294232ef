import { setTimeout as sleep } from "node:timers/promises";
import { isFinal } from "../../automation-api/contract/operation.ts";
import { acceptedSchema, nameCheckSchema, storeSchema } from "../../automation-api/contract/store.ts";
import type { ToolchainContext } from "../lib/context.ts";
import type { Step } from "../lib/progress.ts";
import { type ApiSession, openSession } from "./api-session.ts";

// The demo store, asked for at the front door: as a person would, with a sign-in link and a request.

const demo = { name: "demo", engine: "medusa", displayName: "Demo Store" } as const;

/** How often the operation is looked at, in milliseconds. */
const interval = 500;

/** Makes the demo store when it is not there, and waits until it sells. Gives its address. */
export async function ensureDemoStore(context: ToolchainContext, link: string): Promise<string | undefined> {
  const session = await openSession(link);
  const { available } = nameCheckSchema.parse(await session.get(`/names/${demo.name}`));
  return context.reporter.step(`Bring up the store "${demo.name}"`, 30, async (step) => {
    if (available) acceptedSchema.parse(await session.post("/stores", demo));
    await follow(context, session, step);
    return storeSchema.parse(await session.get(`/stores/${demo.name}`)).url;
  });
}

async function follow(context: ToolchainContext, session: ApiSession, step: Step): Promise<void> {
  for (;;) {
    context.signal.throwIfAborted();
    const { operation, status } = storeSchema.parse(await session.get(`/stores/${demo.name}`));
    step.fraction(operation.progress.fraction);
    step.say(operation.progress.steps.find((each) => each.status === "running")?.title ?? "");
    if (isFinal(operation.status)) {
      if (status === "ready") return;
      throw new Error(`The store "${demo.name}" is ${status}: ${operation.reason ?? "see the dashboard"}`);
    }
    await sleep(interval);
  }
}
