import * as k8s from "@pulumi/kubernetes";
import * as pulumi from "@pulumi/pulumi";
import { labelsOf, selectorOf } from "../names.ts";
import { restrictedContainer, restrictedPod, scratch } from "../pods.ts";
import { DATABASE_PORT } from "../ports.ts";
import type { Settings } from "../settings.ts";
import { DatabaseCluster, WRITE_SERVICE } from "./database-cluster.ts";
import type { Secrets } from "./secrets.ts";
import type { System } from "./system.ts";

export interface DatabaseArgs {
  readonly settings: Settings;
  readonly system: System;
  readonly secrets: Secrets;
}

/** The database of the control plane, and the role that owns everything in it. */
const NAME = "storefleet";
const SECRET = "database";

const DESCRIPTIONS: Readonly<Record<Settings["database"], string>> = {
  statefulset: "one PostgreSQL in the cluster",
  cloudnativepg: "a PostgreSQL of several servers in the cluster",
  external: "an external PostgreSQL",
};

/** The PostgreSQL in which the control plane keeps its records: one that runs here, or one that is somewhere else. */
export class Database extends pulumi.ComponentResource {
  /** Name of the Secret whose key `url` is the address. Known only when the database answers. */
  public readonly secret: pulumi.Output<string>;
  /** A sentence about it. */
  public readonly description: string;

  constructor(name: string, args: DatabaseArgs, opts?: pulumi.ComponentResourceOptions) {
    super("storefleet:platform:Database", name, {}, opts);
    const { settings, system, secrets } = args;
    const isHere = settings.database === "statefulset";
    const host = isHere ? "database" : WRITE_SERVICE;
    const url = pulumi.interpolate`postgres://${settings.databaseRole}:${secrets.databasePassword}@${host}:${DATABASE_PORT}/${NAME}`;
    const secret = new k8s.core.v1.Secret(
      "database",
      {
        metadata: system.metadata(SECRET),
        stringData: pulumi.secret({
          url: settings.databaseUrl ?? url,
          ...(isHere && { password: secrets.databasePassword }),
        }),
      },
      { parent: this, deletedWith: system.namespace },
    );
    const server = this.makeServer(args, secret);
    this.secret = pulumi.all([secret.metadata.name, server]).apply(([secretName]) => secretName);
    this.description = DESCRIPTIONS[settings.database];
    this.registerOutputs({ secret: this.secret, description: this.description });
  }

  /** What runs here, if anything does; known when it answers. */
  private makeServer(args: DatabaseArgs, secret: k8s.core.v1.Secret): pulumi.Output<unknown> | undefined {
    const { settings, system, secrets } = args;
    if (settings.database === "statefulset") return this.makeStatefulSet(args, secret).status;
    if (settings.database === "external") return undefined;
    const cluster = { settings, system, password: secrets.databasePassword, database: NAME };
    return new DatabaseCluster("database-cluster", cluster, { parent: this }).cluster.id;
  }

  private makeStatefulSet({ settings, system }: DatabaseArgs, secret: k8s.core.v1.Secret): k8s.apps.v1.StatefulSet {
    const within = { parent: this, deletedWith: system.namespace };
    const labels = labelsOf("database");
    const service = new k8s.core.v1.Service(
      "database",
      {
        metadata: system.metadata("database", labels),
        spec: {
          clusterIP: "None",
          selector: selectorOf("database"),
          ports: [{ name: "sql", port: DATABASE_PORT, targetPort: "sql" }],
        },
      },
      within,
    );
    return new k8s.apps.v1.StatefulSet(
      "database",
      {
        metadata: system.metadata("database", labels),
        spec: {
          serviceName: service.metadata.name,
          replicas: 1,
          selector: { matchLabels: selectorOf("database") },
          template: { metadata: { labels }, spec: podOf(settings, secret.metadata.name) },
          volumeClaimTemplates: [
            {
              metadata: { name: "data" },
              spec: {
                accessModes: ["ReadWriteOnce"],
                ...(settings.storageClass !== "" && { storageClassName: settings.storageClass }),
                resources: { requests: { storage: settings.databaseStorage } },
              },
            },
          ],
        },
      },
      within,
    );
  }
}

function podOf({ databaseImage }: Settings, secret: pulumi.Output<string>): k8s.types.input.core.v1.PodSpec {
  const isReady = { exec: { command: ["pg_isready", "--host=127.0.0.1", `--username=${NAME}`, "--quiet"] } };
  return {
    ...restrictedPod,
    automountServiceAccountToken: false,
    terminationGracePeriodSeconds: 60,
    containers: [
      {
        ...restrictedContainer,
        name: "postgres",
        image: databaseImage,
        env: [
          { name: "POSTGRES_USER", value: NAME },
          { name: "POSTGRES_DB", value: NAME },
          { name: "POSTGRES_PASSWORD", valueFrom: { secretKeyRef: { name: secret, key: "password" } } },
        ],
        ports: [{ name: "sql", containerPort: DATABASE_PORT }],
        startupProbe: { ...isReady, periodSeconds: 1, failureThreshold: 60 },
        readinessProbe: { ...isReady, periodSeconds: 5 },
        livenessProbe: { ...isReady, periodSeconds: 10, failureThreshold: 6 },
        resources: { requests: { cpu: "50m", memory: "96Mi" }, limits: { memory: "512Mi" } },
        volumeMounts: [{ name: "data", mountPath: "/var/lib/postgresql/data" }, scratch.mount],
      },
    ],
    volumes: [scratch.volume],
  };
}
