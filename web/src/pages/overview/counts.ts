import type { Overview } from "../../../../automation-api/contract/platform.ts";
import type { StoreStatus } from "../../../../automation-api/contract/store.ts";

/** Statuses in which something goes on. */
export const BUSY: readonly StoreStatus[] = ["provisioning", "updating", "deleting"];

export interface Counts {
  readonly all: number;
  readonly ready: number;
  readonly busy: number;
  readonly failed: number;
}

/** Living stores; asleep ones are among `all` only. */
export function countsOf({ stores }: Pick<Overview, "stores">): Counts {
  const of = (status: StoreStatus) => stores[status] ?? 0;
  const busy = BUSY.reduce((sum, status) => sum + of(status), 0);
  return { all: of("ready") + of("asleep") + of("failed") + busy, ready: of("ready"), busy, failed: of("failed") };
}

/** One sentence about everything. */
export function summaryOf(overview: Overview): string {
  const { all, busy, failed } = countsOf(overview);
  if (all === 0) return "There are no stores yet.";
  const stores = all === 1 ? "One store" : `${all} stores`;
  if (failed > 0) return `${stores}; ${failed === 1 ? "one needs" : `${failed} need`} your attention.`;
  if (busy > 0) return `${stores}; ${busy === 1 ? "one is" : `${busy} are`} being worked on.`;
  return all === 1 ? "Your store is doing well." : `All ${all} stores are doing well.`;
}
