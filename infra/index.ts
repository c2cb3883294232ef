// Deploys: what exists once per cluster, the control plane itself included.
import * as k8s from "@pulumi/kubernetes";
import { Availability } from "./components/availability.ts";
import { Certificates } from "./components/certificates.ts";
import { ControlPlane } from "./components/control-plane.ts";
import { Database } from "./components/database.ts";
import { Ingress } from "./components/ingress.ts";
import { Observability } from "./components/observability.ts";
import { Permissions } from "./components/permissions.ts";
import { Policies } from "./components/policies.ts";
import { Secrets } from "./components/secrets.ts";
import { StateBackend } from "./components/state-backend.ts";
import { System } from "./components/system.ts";
import { Vault } from "./components/vault.ts";
import { readSettings } from "./settings.ts";

const settings = readSettings();

const cluster = new k8s.Provider("cluster", {
  ...settings.connection,
  // A run that was killed between making an object and recording it finds that object again and adopts it.
  upsertExistingObjects: true,
  // Secrets are changed, not taken away and made anew: a pod that starts in between would not find them, and what others keep
  // in one, such as a passphrase that waits, would be lost.
  enableSecretMutable: true,
});
const inCluster = { provider: cluster };

const system = new System("system", { settings }, inCluster);
const permissions = new Permissions("permissions", { settings, system }, inCluster);
new Policies("policies", { settings }, inCluster);
const secrets = new Secrets("secrets", { settings, system }, inCluster);
const database = new Database("database", { settings, system, secrets }, inCluster);
const state = new StateBackend("state", { settings, system }, inCluster);
const vault = settings.vault === "none" ? undefined : new Vault("vault", { settings, system }, inCluster);
const controlPlane = new ControlPlane(
  "control-plane",
  { settings, system, permissions, secrets, database, state, vault },
  inCluster,
);
new Availability("availability", { settings, system, controlPlane }, inCluster);
new Observability("observability", { settings, system, secrets, controlPlane }, inCluster);
const certificates = new Certificates("certificates", { settings, system }, inCluster);
const ingress = new Ingress("ingress", { settings, system, certificates, controlPlane }, inCluster);

/** Namespace of the platform's own workloads. */
export const namespace = system.namespace.metadata.name;
/** Where the dashboard and the API answer. */
export const url = ingress.url;
/** Prints a one-time link to sign in with. */
export const signIn = controlPlane.signInCommand;
