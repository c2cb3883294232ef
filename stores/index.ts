// Deploys: one online store in a namespace of its own.
import * as k8s from "@pulumi/kubernetes";
import * as pulumi from "@pulumi/pulumi";
import { Credentials } from "./components/credentials.ts";
import { Isolation } from "./components/isolation.ts";
import { StoreRelease } from "./components/release.ts";
import { engines } from "./engines/registry.ts";
import { readFormer, refuseImpossible } from "./former.ts";
import { readSettings } from "./settings.ts";

const { spec, target, rotation, connection, registryLogin } = readSettings();
const definition = engines[spec.engine];
refuseImpossible(spec, rotation, await readFormer());

const cluster = new k8s.Provider("cluster", {
  ...connection,
  // A run that was killed between making an object and recording it finds that object again and adopts it.
  upsertExistingObjects: true,
  // Its Secret is changed, not taken away and made anew: a pod that starts in between would not find it.
  enableSecretMutable: true,
  // A store never moves: another kubeconfig is another way to the same cluster, not a reason to make everything anew.
  clusterIdentifier: pulumi.getStack(),
});
const inCluster = { provider: cluster };

const isolation = new Isolation("isolation", { spec, target, engine: definition }, inCluster);
const secrets = new Credentials(
  "credentials",
  { spec, rotation, engine: definition, isolation, registryLogin },
  inCluster,
);
const release = new StoreRelease(
  "store",
  { spec, target, engine: definition, isolation, secrets, rotation },
  inCluster,
);

export const url = release.url;
export const adminUrl = release.adminUrl;
export const namespace = isolation.namespace.metadata.name;
export const engine = spec.engine;
export const engineVersion = definition.version;
export const adminUser = spec.adminEmail;
export const credentials = secrets.owner;
export const access = release.access;
/** How often the secrets have been made anew. */
export const rotations = rotation.number;
export const notes = definition.notes?.(spec, target).join("\n") ?? "";
