import { kubeconfigOf } from "../clusters.ts";
import { allClusters, type ClusterRow, holdCluster, setSealedKubeconfig } from "../database/cluster-repository.ts";
import { type Connection, inTransaction } from "../database/connection.ts";
import { SealBroken, type Sealer } from "../sealer.ts";

/** What became of the kubeconfigs of registered clusters. */
export interface Resealed {
  /** How many are sealed with the first key now. */
  readonly sealed: number;
  /** Names of clusters whose kubeconfig none of the keys opens, which is as it was before. */
  readonly unopened: readonly string[];
}

/** Seals every kubeconfig with the sealer's first key, whichever of its keys it was sealed with. Safe to repeat. */
export async function resealKubeconfigs(connection: Connection, sealer: Sealer): Promise<Resealed> {
  const unopened: string[] = [];
  let sealed = 0;
  for (const { name } of await allClusters(connection.database)) {
    await inTransaction(connection, async (transaction) => {
      const row = await holdCluster(transaction, name, "update");
      // Somebody has removed it meanwhile.
      if (row === undefined) return;
      const text = opened(sealer, row);
      if (text === undefined) return void unopened.push(name);
      await setSealedKubeconfig(transaction, name, sealer.seal(text, kubeconfigOf(name)));
      sealed += 1;
    });
  }
  return { sealed, unopened };
}

function opened(sealer: Sealer, { name, kubeconfig }: ClusterRow): string | undefined {
  try {
    return sealer.open(kubeconfig, kubeconfigOf(name));
  } catch (error) {
    if (error instanceof SealBroken) return undefined;
    throw error;
  }
}
