import type { z } from "zod";
import { SettingsProblem } from "../../stores/spec.ts";
import type { Target } from "../../stores/target.ts";
import { checkCluster, troubleOf } from "../cluster/check-cluster.ts";
import { type GivenKubeconfig, KubeconfigProblem, readGivenKubeconfig } from "../cluster/given-kubeconfig.ts";
import { type Clusters, kubeconfigOf, targetIn } from "../clusters.ts";
import type { ChangeCluster, Cluster, ClusterTarget, ClusterTest, createClusterSchema } from "../contract/cluster.ts";
import type { Page, PageQuery } from "../contract/page.ts";
import { insertAuditEntry } from "../database/audit-repository.ts";
import {
  CLUSTER_NAME,
  type CountedCluster,
  changeClusterRow,
  deleteCluster,
  findCountedCluster,
  holdCluster,
  insertCluster,
  listClusters,
  noteAway,
  noteSeen,
} from "../database/cluster-repository.ts";
import { type Connection, type Database, inTransaction, isTaken } from "../database/connection.ts";
import type { PageOfRows } from "../database/page.ts";
import { decideAlone } from "../database/store-repository.ts";
import { isLoopbackName } from "../loopback-fetch.ts";
import type { Sealer } from "../sealer.ts";
import { readPage } from "./cursor.ts";
import { DomainError, invalidField } from "./domain-error.ts";
import type { Actor } from "./principal.ts";
import { refuseStale } from "./versions.ts";

export interface ClusterDependencies {
  readonly connection: Connection;
  readonly clusters: Clusters;
  /** `undefined`: there is no key. */
  readonly sealer: Sealer | undefined;
  /** Where people reach the dashboard. */
  readonly publicOrigin: string;
}

/** A cluster, and the version of it that was seen; left out: whatever it is. */
export interface SeenCluster {
  readonly name: string;
  readonly seen?: string | undefined;
}

/** One page of the registered clusters, by name. */
export async function readClusters({ database }: Connection, query: PageQuery): Promise<Page<Cluster>> {
  const { rows, next } = await readPage("clusters", "text", query, (page: PageOfRows) => listClusters(database, page));
  return { items: rows.map(toCluster), ...next };
}

/** Throws a DomainError when there is none of this name. */
export async function readCluster({ database }: Connection, name: string): Promise<Cluster> {
  return toCluster(await requireCluster(database, { name }));
}

/** Registers a cluster; nothing is asked of it yet. Throws a DomainError. */
export async function addCluster(
  dependencies: ClusterDependencies,
  actor: Actor,
  { kubeconfig, context, ...wanted }: z.output<typeof createClusterSchema>,
): Promise<Cluster> {
  const given = readKubeconfig(kubeconfig, context, dependencies.publicOrigin);
  refuseTarget(dependencies.clusters.home.target, wanted.target);
  const { name, description, target } = wanted;
  const place = { server: given.server, context: given.context };
  const sealed = requireSealer(dependencies.sealer).seal(given.content, kubeconfigOf(name));
  try {
    return await inTransaction(dependencies.connection, async (transaction) => {
      await insertCluster(transaction, { ...wanted, ...place, kubeconfig: sealed, createdBy: actor.name });
      const after = { description, target, ...place };
      await insertAuditEntry(transaction, { actor, action: "add cluster", subject: name, after });
      return toCluster(await requireCluster(transaction, { name }));
    });
  } catch (cause) {
    if (!isTaken(cause, CLUSTER_NAME)) throw cause;
    const message = `There is a cluster named "${name}" already; choose another name.`;
    throw new DomainError("conflict", message, { type: "name-taken", errors: [{ field: "name", message }], cause });
  }
}

/** Throws a DomainError when it is not in the version that was seen any more. */
export async function changeCluster(
  dependencies: ClusterDependencies,
  actor: Actor,
  { name, seen }: SeenCluster,
  { kubeconfig, context, ...change }: ChangeCluster,
): Promise<Cluster> {
  if (kubeconfig === undefined && context !== undefined) {
    throw invalidField("context", "A context is chosen from a kubeconfig; send that, too.");
  }
  if (change.target !== undefined) refuseTarget(dependencies.clusters.home.target, change.target);
  const given = kubeconfig === undefined ? undefined : readKubeconfig(kubeconfig, context, dependencies.publicOrigin);
  const place = given && { server: given.server, context: given.context };
  const sealed = given && requireSealer(dependencies.sealer).seal(given.content, kubeconfigOf(name));
  return inTransaction(dependencies.connection, async (transaction) => {
    // First of all, because the lock goes to the database, too, and the name may be anything.
    await requireCluster(transaction, { name });
    await decideAlone(transaction, `cluster ${name}`);
    const before = await requireCluster(transaction, { name, seen });
    await changeClusterRow(transaction, name, { ...change, ...place, ...(sealed && { kubeconfig: sealed }) });
    const after = await requireCluster(transaction, { name });
    const said = ({ description, target, state, server, context }: CountedCluster) => {
      return { description, target, state, server, context };
    };
    const entry = { before: said(before), after: { ...said(after), ...(sealed && { kubeconfig: "given anew" }) } };
    await insertAuditEntry(transaction, { actor, action: "change cluster", subject: name, ...entry });
    return toCluster(after);
  });
}

/** Forgets a cluster and how it is reached. Throws a DomainError while stores run in it. */
export async function removeCluster(connection: Connection, actor: Actor, cluster: SeenCluster): Promise<void> {
  const { name } = cluster;
  await inTransaction(connection, async (transaction) => {
    await requireCluster(transaction, { name });
    // Nobody who has just found it free puts a store into it any more.
    await holdCluster(transaction, name, "update");
    const { stores, server, description } = await requireCluster(transaction, cluster);
    if (stores > 0) {
      const many = stores === 1 ? "A store runs" : `${stores} stores run`;
      throw new DomainError("conflict", `${many} in the cluster; delete them first. Draining keeps new ones out.`, {
        type: "cluster-in-use",
      });
    }
    await deleteCluster(transaction, name);
    const before = { server, description };
    await insertAuditEntry(transaction, { actor, action: "remove cluster", subject: name, before });
  });
}

/** Connects, and looks for what stores need. Throws a DomainError only when there is no such cluster. */
export async function testCluster(
  { connection: { database }, clusters }: Pick<ClusterDependencies, "connection" | "clusters">,
  name: string,
): Promise<ClusterTest> {
  await requireCluster(database, { name });
  try {
    const { server, target } = await clusters.find(name);
    const { serverVersion, missing } = await checkCluster(server, target);
    await noteSeen(database, name, serverVersion);
    return { reachable: true, serverVersion, missing: [...missing] };
  } catch (error) {
    const trouble = troubleOf(error);
    await noteAway(database, name, trouble);
    return { reachable: false, trouble, missing: [] };
  }
}

const noCluster = () => new DomainError("not-found", "There is no registered cluster of this name.");

async function requireCluster(database: Database, { name, seen }: SeenCluster): Promise<CountedCluster> {
  // Nothing that could not be a name goes to the database: it would refuse some characters.
  const row = /^[a-z0-9-]{1,40}$/.test(name) ? await findCountedCluster(database, name) : undefined;
  if (row === undefined) throw noCluster();
  refuseStale("the cluster", String(row.version), seen);
  return row;
}

function requireSealer(sealer: Sealer | undefined): Sealer {
  if (sealer !== undefined) return sealer;
  const message = "There is no key to seal kubeconfigs with; an administrator sets STOREFLEET_SIGNING_KEY.";
  throw new DomainError("conflict", message, { type: "no-signing-key" });
}

function readKubeconfig(text: string, context: string | undefined, publicOrigin: string): GivenKubeconfig {
  try {
    // A fleet that people reach on their own machine is being tried, or developed.
    return readGivenKubeconfig(text, context, isLoopbackName(new URL(publicOrigin).hostname));
  } catch (error) {
    if (error instanceof KubeconfigProblem) throw invalidField("kubeconfig", error.message);
    throw error;
  }
}

/** What is set there has to go together with what is set at home. */
function refuseTarget(home: Target, target: ClusterTarget): void {
  try {
    targetIn(home, { target });
  } catch (error) {
    if (error instanceof SettingsProblem) throw invalidField("target", error.message);
    throw error;
  }
}

function toCluster(row: CountedCluster): Cluster {
  const { name, description, server, context, target, state, stores, createdBy } = row;
  return {
    ...{ name, description, server, context, target, state, stores, createdBy },
    createdAt: row.createdAt.toISOString(),
    ...(row.seenAt && { seenAt: row.seenAt.toISOString() }),
    ...(row.serverVersion !== null && { serverVersion: row.serverVersion }),
    ...(row.awaySince && { awaySince: row.awaySince.toISOString() }),
    ...(row.trouble !== null && { trouble: row.trouble }),
    version: String(row.version),
  };
}
