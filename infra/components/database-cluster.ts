import * as k8s from "@pulumi/kubernetes";
import * as pulumi from "@pulumi/pulumi";
import { DATABASE_CLUSTER, DATABASE_OPERATOR_NAMESPACE, labelsOf } from "../names.ts";
import type { Settings } from "../settings.ts";
import type { System } from "./system.ts";

export interface DatabaseClusterArgs {
  readonly settings: Settings;
  readonly system: System;
  /** Password of the role that owns the database. Secret. */
  readonly password: pulumi.Output<string>;
  /** Name of the database. */
  readonly database: string;
}

/** Its Service that always leads to the server that takes writes. */
export const WRITE_SERVICE = `${DATABASE_CLUSTER}-rw`;

/** The chart of the operator; this one installs CloudNativePG 1.30. */
const OPERATOR = { chart: "cloudnative-pg", version: "0.29.0", repo: "https://cloudnative-pg.github.io/charts" };

/**
 * A PostgreSQL of several servers that CloudNativePG keeps alive: when the first one is lost, another takes writes.
 * https://cloudnative-pg.io/documentation/current/cloudnative-pg.v1/
 */
export class DatabaseCluster extends pulumi.ComponentResource {
  /** The cluster; made when its servers answer. */
  public readonly cluster: k8s.apiextensions.CustomResource;

  constructor(name: string, args: DatabaseClusterArgs, opts?: pulumi.ComponentResourceOptions) {
    super("storefleet:platform:DatabaseCluster", name, {}, opts);
    const { settings, system, password, database } = args;
    const within = { parent: this, deletedWith: system.namespace };
    const owner = new k8s.core.v1.Secret(
      "database-owner",
      {
        metadata: system.metadata("database-owner"),
        type: "kubernetes.io/basic-auth",
        stringData: pulumi.secret({ username: settings.databaseRole, password }),
      },
      within,
    );
    const operator = settings.databaseOperator === "install" ? [this.installOperator()] : [];
    this.cluster = new k8s.apiextensions.CustomResource(
      "database",
      {
        apiVersion: "postgresql.cnpg.io/v1",
        kind: "Cluster",
        metadata: {
          ...system.metadata(DATABASE_CLUSTER, labelsOf("database")),
          // https://www.pulumi.com/registry/packages/kubernetes/#pulumicomwaitfor
          annotations: { "pulumi.com/waitFor": "condition=Ready" },
        },
        spec: {
          instances: settings.databaseInstances,
          ...(settings.databaseImage !== "" && { imageName: settings.databaseImage }),
          storage: {
            size: settings.databaseStorage,
            ...(settings.storageClass !== "" && { storageClass: settings.storageClass }),
          },
          bootstrap: { initdb: { database, owner: settings.databaseRole, secret: { name: owner.metadata.name } } },
          // What was told to be done is on two servers before it is answered, where there are two.
          ...(settings.databaseInstances > 1 && {
            postgresql: { synchronous: { method: "any", number: 1, dataDurability: "preferred" } },
          }),
          inheritedMetadata: { labels: labelsOf("database") },
          resources: { requests: { cpu: "50m", memory: "256Mi" }, limits: { memory: "1Gi" } },
        },
      },
      { ...within, dependsOn: operator },
    );
    this.registerOutputs({});
  }

  private installOperator(): k8s.helm.v3.Release {
    return new k8s.helm.v3.Release(
      "database-operator",
      {
        name: "cloudnative-pg",
        namespace: DATABASE_OPERATOR_NAMESPACE,
        createNamespace: true,
        chart: OPERATOR.chart,
        version: OPERATOR.version,
        repositoryOpts: { repo: OPERATOR.repo },
        atomic: true,
      },
      { parent: this },
    );
  }
}
