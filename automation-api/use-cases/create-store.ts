import { randomUUID } from "node:crypto";
import { engines } from "../../stores/engines/registry.ts";
import type { Spec } from "../../stores/spec.ts";
import type { Target } from "../../stores/target.ts";
import { HOME } from "../contract/cluster.ts";
import { insertAuditEntry } from "../database/audit-repository.ts";
import { type Connection, type Database, isTaken } from "../database/connection.ts";
import { insertStoreWithOperation } from "../database/operation-requests-repository.ts";
import { isWithin, onlyOne, type Reach } from "../database/organization-repository.ts";
import { decideAlone, findStoreOfDomain, LIVING_NAME } from "../database/store-repository.ts";
import { initialProgress } from "../domain/progress.ts";
import { type Accepted, type Asker, acceptOnce } from "./accept.ts";
import { placeForNew } from "./cluster-place.ts";
import { DomainError, invalidField } from "./domain-error.ts";
import { refuseTooManyStores } from "./limits.ts";

export interface CreateStoreDependencies {
  readonly connection: Connection;
  /** Where stores run in the home cluster. */
  readonly target: Target;
}

/**
 * Records the store in the organization within reach and queues its creation. Throws a DomainError when its name or its
 * domain is taken, and when the cluster takes none.
 * @param cluster name of the one it is to run in. Default: home
 */
export async function createStore(
  { connection, target }: CreateStoreDependencies,
  asker: Asker,
  spec: Spec,
  cluster = HOME,
): Promise<Accepted> {
  refuseOtherVersion(spec);
  const { actor } = asker;
  const organization = onlyOne(asker.reach);
  try {
    const request = ["create store", spec, organization, ...(cluster === HOME ? [] : [cluster])];
    return await acceptOnce(connection, asker, request, async (transaction, operationId) => {
      refuseForeignAddress(spec, await placeForNew(transaction, target, cluster));
      if (spec.domain !== undefined) await requireFreeDomain(transaction, spec.domain, asker.reach);
      await refuseTooManyStores(transaction, { organization, userId: actor.userId, plan: spec.plan });
      const store = { id: randomUUID(), organizationId: organization, spec, cluster };
      await insertStoreWithOperation(transaction, store, {
        id: operationId,
        storeId: store.id,
        kind: "create",
        askedBy: actor.name,
        correlationId: actor.correlationId,
        traceparent: actor.traceparent,
        progress: initialProgress("create", spec.engine),
        text: "Creating the store was asked for; it waits for its turn.",
      });
      const after = { ...spec, ...(cluster !== HOME && { cluster }), operation: operationId };
      await insertAuditEntry(transaction, { actor, organization, action: "create store", subject: spec.name, after });
      return operationId;
    });
  } catch (error) {
    if (!isTaken(error, LIVING_NAME)) throw error;
    const message = `There is a store named "${spec.name}" already; choose another name.`;
    throw new DomainError("conflict", message, {
      type: "name-taken",
      errors: [{ field: "name", message }],
      cause: error,
    });
  }
}

/** A domain must not be the address that another store gets by its name, now or later. */
function refuseForeignAddress(spec: Spec, target: Target): void {
  if (spec.domain === undefined || !spec.domain.endsWith(`.${target.baseDomain}`)) return;
  const label = spec.domain.slice(0, -target.baseDomain.length - 1);
  if (label === spec.name || label.includes(".")) return;
  throw invalidField(
    "domain",
    `"${spec.domain}" is the address of a store named "${label}"; leave the domain out, or choose one elsewhere.`,
  );
}

/** The program would refuse it, too, but only when the operation has had its turn. */
function refuseOtherVersion({ engine, engineVersion }: Spec): void {
  const { title, version } = engines[engine];
  if (engineVersion === undefined || engineVersion === version) return;
  throw invalidField(
    "engineVersion",
    `${title} ${engineVersion} cannot be had here; leave it out, or write ${version}.`,
  );
}

async function requireFreeDomain(transaction: Database, domain: string, reach: Reach): Promise<void> {
  await decideAlone(transaction, `domain ${domain}`);
  const owner = await findStoreOfDomain(transaction, domain);
  if (owner === undefined) return;
  // Whose it is, is nobody else's business.
  const whose = isWithin(reach, owner.organizationId) ? `the store "${owner.name}"` : "another store";
  const message = `The domain "${domain}" belongs to ${whose}; choose another one.`;
  throw new DomainError("conflict", message, { type: "domain-taken", errors: [{ field: "domain", message }] });
}
