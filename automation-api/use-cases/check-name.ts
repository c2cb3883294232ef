import type { z } from "zod";
import { specSchema } from "../../stores/spec.ts";
import type { nameCheckSchema } from "../contract/store.ts";
import type { Connection } from "../database/connection.ts";
import { isWithin, type Reach } from "../database/organization-repository.ts";
import { findLivingStore } from "../database/store-repository.ts";

/** Whether a name can be given to a new store now, and why not. Somebody else may still be faster. */
export async function checkName(
  { database }: Connection,
  reach: Reach,
  name: string,
): Promise<z.infer<typeof nameCheckSchema>> {
  const parsed = specSchema.in.shape.name.safeParse(name);
  if (!parsed.success) {
    return { name, available: false, reason: parsed.error.issues.map(({ message }) => message).join(" ") };
  }
  const store = await findLivingStore(database, name);
  if (store === undefined) return { name, available: true };
  const leaving = store.status === "deleting" && isWithin(reach, store.organizationId) ? " It is being deleted." : "";
  return { name, available: false, reason: `There is a store named "${name}" already.${leaving}` };
}
