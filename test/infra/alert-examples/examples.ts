import { ofCluster } from "./cluster.ts";
import { ofControlPlane } from "./control-plane.ts";
import type { Examples } from "./example.ts";
import { ofOperations } from "./operations.ts";
import { ofStores } from "./stores.ts";

/** By the name of the alert; none is without. */
export const alertExamples: Readonly<Record<string, Examples>> = {
  ...ofOperations,
  ...ofControlPlane,
  ...ofStores,
  ...ofCluster,
};
