import type { MedusaContainer } from "@medusajs/framework/types";
import type { SetupState } from "../database/setup-state.ts";
import type { Environment } from "../environment.ts";
import { ensureAdmin } from "./admin-user.ts";
import { ensureCatalogue } from "./catalogue.ts";
import { ensureFulfilment } from "./fulfilment.ts";
import { ensurePublishableKey } from "./publishable-key.ts";
import { ensureRegion } from "./region.ts";
import { ensureStore } from "./store.ts";
import type { Timer } from "./timer.ts";

/** What every step of the seed works with. */
export interface SeedContext {
  readonly container: MedusaContainer;
  readonly environment: Environment;
  readonly state: SetupState;
}

/** Fills a migrated database. Steps that a merchant may have changed since are done once in the life of a store. */
export async function seed({ timer, ...context }: SeedContext & { timer: Timer }): Promise<void> {
  const { environment } = context;
  await ensureStore(context);
  await ensurePublishableKey(context);
  timer.lap("store");
  await once(context.state, "region", () => ensureRegion(context));
  timer.lap("region");
  await once(context.state, "fulfilment", () => ensureFulfilment(context));
  timer.lap("fulfilment");
  if (environment.sampleData) await once(context.state, "catalogue", () => ensureCatalogue(context));
  timer.lap("catalogue");
  await ensureAdmin(context);
  timer.lap("admin");
}

/** Does `work` unless it was finished before. A kill in between means it is called again, so it must look first. */
async function once(state: SetupState, step: string, work: () => Promise<void>): Promise<void> {
  if (await state.value(`done:${step}`)) return;
  await work();
  await state.remember(`done:${step}`, "yes");
}
