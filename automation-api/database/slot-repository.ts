import type { Database } from "./connection.ts";
import { readSettings } from "./settings-repository.ts";
import { decideAlone } from "./store-repository.ts";

/**
 * Whether one more operation of the store's organization may run: not more than the setting allows. Nobody else decides about
 * the slots of the organization until the transaction ends, in which the operation begins.
 */
export async function takeSlot(
  transaction: Database,
  operation: { readonly id: string; readonly store: { readonly id: string } },
): Promise<boolean> {
  const { settings } = await readSettings(transaction);
  const { organizationId } = await transaction
    .selectFrom("stores")
    .select("organizationId")
    .where("id", "=", operation.store.id)
    .executeTakeFirstOrThrow();
  await decideAlone(transaction, `slots ${organizationId}`);
  const { running } = await transaction
    .selectFrom("operations")
    .innerJoin("stores", "stores.id", "operations.storeId")
    .select(({ fn }) => fn.countAll<string>().as("running"))
    .where("stores.organizationId", "=", organizationId)
    .where("operations.status", "=", "running")
    .where("operations.id", "<>", operation.id)
    .executeTakeFirstOrThrow();
  return Number(running) < settings.slotsPerOrganization;
}
