import { createHash } from "node:crypto";
import * as k8s from "@pulumi/kubernetes";
import * as pulumi from "@pulumi/pulumi";
import { labelsOf, selectorOf } from "../names.ts";
import { alloyConfiguration } from "../observability/alloy.ts";
import { logPermissions } from "../permissions.ts";
import { restrictedContainer, restrictedPod, scratch } from "../pods.ts";
import type { Settings } from "../settings.ts";
import { rulesOf } from "./permissions.ts";
import type { System } from "./system.ts";

export interface LogCollectionArgs {
  readonly settings: Settings;
  readonly system: System;
}

const NAME = "logs";
const FOLDER = "/etc/alloy";
/** Where Alloy says whether it is ready. */
const PORT = 12345;

/** One Alloy that reads the logs of the platform's pods from the cluster's API, and pushes them to Loki. It sees no node. */
export class LogCollection extends pulumi.ComponentResource {
  constructor(name: string, { settings, system }: LogCollectionArgs, opts?: pulumi.ComponentResourceOptions) {
    super("storefleet:platform:LogCollection", name, {}, opts);
    const within = { parent: this, deletedWith: system.namespace };
    const { namespace, lokiUrl, lokiSecret } = settings;
    const configuration = alloyConfiguration({ namespace, lokiUrl, signsIn: lokiSecret !== "" });
    const map = new k8s.core.v1.ConfigMap(
      NAME,
      { metadata: system.metadata(NAME, labelsOf("logs")), data: { "config.alloy": configuration } },
      within,
    );
    const account = this.makeAccount(system);
    new k8s.apps.v1.Deployment(
      NAME,
      {
        metadata: system.metadata(NAME, labelsOf("logs")),
        spec: {
          replicas: 1,
          // Two at once would push each line twice.
          strategy: { type: "Recreate" },
          selector: { matchLabels: selectorOf("logs") },
          template: {
            metadata: {
              labels: labelsOf("logs"),
              annotations: {
                "storefleet.dev/configuration": createHash("sha256").update(configuration).digest("hex").slice(0, 16),
              },
            },
            spec: alloyPod(settings, account, map.metadata.name),
          },
        },
      },
      within,
    );
    this.registerOutputs({});
  }

  /** May read logs in the platform's own namespace, and nothing else. Known when it may. */
  private makeAccount(system: System): pulumi.Output<string> {
    const within = { parent: this, deletedWith: system.namespace };
    const metadata = system.metadata(NAME, labelsOf("logs"));
    const account = new k8s.core.v1.ServiceAccount(NAME, { metadata, automountServiceAccountToken: false }, within);
    const role = new k8s.rbac.v1.Role(NAME, { metadata, rules: rulesOf(logPermissions) }, within);
    const binding = new k8s.rbac.v1.RoleBinding(
      NAME,
      {
        metadata,
        roleRef: { apiGroup: "rbac.authorization.k8s.io", kind: "Role", name: role.metadata.name },
        subjects: [{ kind: "ServiceAccount", name: NAME, namespace: system.namespace.metadata.name }],
      },
      within,
    );
    return pulumi.all([account.metadata.name, binding.id]).apply(([named]) => named);
  }
}

function alloyPod(
  { alloyImage, lokiSecret }: Settings,
  account: pulumi.Output<string>,
  configMap: pulumi.Output<string>,
): k8s.types.input.core.v1.PodSpec {
  const fromSecret = (key: string) => ({
    name: `LOKI_${key.toUpperCase()}`,
    valueFrom: { secretKeyRef: { name: lokiSecret, key } },
  });
  const listen = `--server.http.listen-addr=0.0.0.0:${PORT}`;
  return {
    ...restrictedPod,
    serviceAccountName: account,
    automountServiceAccountToken: true,
    containers: [
      {
        ...restrictedContainer,
        name: "alloy",
        image: alloyImage,
        args: ["run", `${FOLDER}/config.alloy`, "--storage.path=/tmp/alloy", "--disable-reporting", listen],
        env: lokiSecret === "" ? [] : ["username", "password"].map(fromSecret),
        readinessProbe: { httpGet: { path: "/-/ready", port: PORT }, periodSeconds: 10 },
        resources: { requests: { cpu: "50m", memory: "128Mi" }, limits: { memory: "256Mi" } },
        volumeMounts: [scratch.mount, { name: "configuration", mountPath: FOLDER, readOnly: true }],
      },
    ],
    volumes: [scratch.volume, { name: "configuration", configMap: { name: configMap } }],
  };
}
