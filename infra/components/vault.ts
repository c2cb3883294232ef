import * as k8s from "@pulumi/kubernetes";
import * as pulumi from "@pulumi/pulumi";
import * as random from "@pulumi/random";
import { labelsOf, selectorOf } from "../names.ts";
import { restrictedContainer, restrictedPod, scratch } from "../pods.ts";
import { VAULT_PORT } from "../ports.ts";
import type { Settings } from "../settings.ts";
import type { System } from "./system.ts";

export interface VaultArgs {
  readonly settings: Settings;
  readonly system: System;
}

/** How Pulumi's processes reach it; `hashivault://` reads exactly these variables. */
type Environment = k8s.types.input.core.v1.EnvVar[];

/**
 * A HashiCorp Vault in development mode, for trying `hashivault://`: its keys are in memory, and go with its pod. States
 * that were encrypted with them cannot be opened afterwards.
 */
export class Vault extends pulumi.ComponentResource {
  /** What a process needs to encrypt with its key. */
  public readonly environment: Environment;

  constructor(name: string, { settings, system }: VaultArgs, opts?: pulumi.ComponentResourceOptions) {
    super("storefleet:platform:Vault", name, {}, opts);
    pulumi.log.warn("vault is development: when its pod ends, its keys are gone, and with them the secrets of stores.");
    const within = { parent: this, deletedWith: system.namespace };
    const token = new random.RandomPassword("vault-token", { length: 32, special: false }, { parent: this });
    const secret = new k8s.core.v1.Secret(
      "vault",
      { metadata: system.metadata("vault"), stringData: pulumi.secret({ token: token.result }) },
      within,
    );
    const labels = labelsOf("vault");
    const selector = selectorOf("vault");
    const service = new k8s.core.v1.Service(
      "vault",
      {
        metadata: system.metadata("vault", labels),
        spec: { selector, ports: [{ name: "http", port: VAULT_PORT, targetPort: "http" }] },
      },
      within,
    );
    new k8s.apps.v1.Deployment(
      "vault",
      {
        metadata: system.metadata("vault", labels),
        spec: {
          replicas: 1,
          strategy: { type: "Recreate" },
          selector: { matchLabels: selector },
          template: { metadata: { labels }, spec: podOf(settings, secret.metadata.name) },
        },
      },
      within,
    );
    this.environment = [
      { name: "VAULT_SERVER_URL", value: pulumi.interpolate`http://${service.metadata.name}:${VAULT_PORT}` },
      { name: "VAULT_SERVER_TOKEN", valueFrom: { secretKeyRef: { name: secret.metadata.name, key: "token" } } },
    ];
    this.registerOutputs({ url: service.metadata.name });
  }
}

function podOf(settings: Settings, secret: pulumi.Output<string>): k8s.types.input.core.v1.PodSpec {
  const key = `transit/keys/${settings.secretsProvider.replace("hashivault://", "")}`;
  const token = { secretKeyRef: { name: secret, key: "token" } };
  const makeKey = `until vault status; do sleep 0.2; done; vault secrets enable transit; vault write -f ${key}`;
  return {
    ...restrictedPod,
    automountServiceAccountToken: false,
    containers: [
      {
        ...restrictedContainer,
        name: "vault",
        image: settings.vaultImage,
        // The image's own start asks for a capability to lock memory, which nothing in development mode needs.
        command: ["vault", "server", "-dev", "-dev-no-store-token", `-dev-listen-address=0.0.0.0:${VAULT_PORT}`],
        env: [
          { name: "VAULT_DEV_ROOT_TOKEN_ID", valueFrom: token },
          { name: "VAULT_TOKEN", valueFrom: token },
          { name: "VAULT_ADDR", value: `http://127.0.0.1:${VAULT_PORT}` },
          { name: "HOME", value: scratch.mount.mountPath },
        ],
        ports: [{ name: "http", containerPort: VAULT_PORT }],
        lifecycle: { postStart: { exec: { command: ["sh", "-c", makeKey] } } },
        readinessProbe: { exec: { command: ["vault", "read", key] }, periodSeconds: 5 },
        resources: { requests: { cpu: "50m", memory: "128Mi" }, limits: { memory: "384Mi" } },
        volumeMounts: [scratch.mount],
      },
    ],
    volumes: [scratch.volume],
  };
}
