import * as k8s from "@pulumi/kubernetes";
import * as pulumi from "@pulumi/pulumi";
import { labelsOf, selectorOf } from "../names.ts";
import { API_PORT } from "../ports.ts";
import type { ControlPlaneArgs } from "./control-plane-args.ts";
import { apiPod, migrationPod, workerPod } from "./control-plane-pods.ts";
import { operationJob } from "./pulumi-pods.ts";

/** The service itself: pods that answer, pods that take operations, and the Job that brings the database up to date. */
export class ControlPlane extends pulumi.ComponentResource {
  /** Name of the Service of the API and the dashboard. */
  public readonly apiService: pulumi.Output<string>;
  /** Name of the Deployment behind it. */
  public readonly apiDeployment: pulumi.Output<string>;
  /** Name of the StatefulSet of the workers. */
  public readonly workers: pulumi.Output<string>;
  /** Command that prints a one-time link to sign in with. */
  public readonly signInCommand: pulumi.Output<string>;

  constructor(name: string, args: ControlPlaneArgs, opts?: pulumi.ComponentResourceOptions) {
    super("storefleet:platform:ControlPlane", name, {}, opts);
    const access = this.makeClusterAccess(args);
    const migration = this.makeMigration(args, access);
    // Workers first: what a new API asks for, an old worker may not know. It leaves that to a newer one, but that takes time.
    const workers = this.makeWorkers(args, access, migration);
    const api = this.makeApi(args, access, workers);
    const service = new k8s.core.v1.Service(
      "api",
      {
        metadata: args.system.metadata("api", labelsOf("api")),
        spec: { selector: selectorOf("api"), ports: [{ name: "http", port: 80, targetPort: "http" }] },
      },
      { ...this.within(args), dependsOn: [api] },
    );
    this.apiService = service.metadata.name;
    this.apiDeployment = api.metadata.name;
    this.workers = workers.metadata.name;
    this.signInCommand = pulumi.interpolate`kubectl exec --namespace ${args.system.namespace.metadata.name} deployment/${api.metadata.name} -- node automation-api/print-sign-in-link.ts`;
    this.registerOutputs({ apiService: this.apiService, signInCommand: this.signInCommand });
  }

  private within({ system }: ControlPlaneArgs) {
    return { parent: this, deletedWith: system.namespace };
  }

  /** The way of pods to the API server, as a kubeconfig: every program that we run understands one. */
  private makeClusterAccess(args: ControlPlaneArgs): pulumi.Output<string> {
    const account = "/var/run/secrets/kubernetes.io/serviceaccount";
    const kubeconfig = {
      apiVersion: "v1",
      kind: "Config",
      "current-context": "cluster",
      contexts: [{ name: "cluster", context: { cluster: "cluster", user: "pod" } }],
      clusters: [
        {
          name: "cluster",
          cluster: { server: "https://kubernetes.default.svc", "certificate-authority": `${account}/ca.crt` },
        },
      ],
      users: [{ name: "pod", user: { tokenFile: `${account}/token` } }],
    };
    const map = new k8s.core.v1.ConfigMap(
      "cluster-access",
      { metadata: args.system.metadata("cluster-access"), data: { kubeconfig: JSON.stringify(kubeconfig) } },
      this.within(args),
    );
    return map.metadata.name;
  }

  /** One Job for each version: finished before pods of that version start. */
  private makeMigration(args: ControlPlaneArgs, access: pulumi.Output<string>): k8s.batch.v1.Job {
    const version = args.settings.apiImage
      .replace(/^.*[:/]/, "")
      .slice(0, 12)
      .toLowerCase()
      .replace(/[^a-z0-9]/g, "-");
    return new k8s.batch.v1.Job(
      "migration",
      {
        metadata: args.system.metadata(`migration-${version}`, labelsOf("migration")),
        spec: {
          // The database answers already; what fails three times will not pass.
          backoffLimit: 3,
          template: { metadata: { labels: labelsOf("migration") }, spec: migrationPod(args, access) },
        },
      },
      this.within(args),
    );
  }

  private makeApi(args: ControlPlaneArgs, access: pulumi.Output<string>, workers: pulumi.Resource) {
    const { settings, system } = args;
    return new k8s.apps.v1.Deployment(
      "api",
      {
        metadata: system.metadata("api", labelsOf("api")),
        spec: {
          // Where the cluster decides how many there are, an up does not take that back.
          ...(settings.apiMaxReplicas <= settings.apiReplicas && { replicas: settings.apiReplicas }),
          revisionHistoryLimit: 3,
          // A new pod is ready before an old one goes.
          strategy: { type: "RollingUpdate", rollingUpdate: { maxSurge: 1, maxUnavailable: 0 } },
          selector: { matchLabels: selectorOf("api") },
          template: { metadata: podMetadata("api", args), spec: apiPod(args, access) },
        },
      },
      { ...this.within(args), dependsOn: [workers] },
    );
  }

  /** The Job of one operation, for workers to take; nothing where operations run in the workers' own pods. */
  private makeOperationJob(args: ControlPlaneArgs, access: pulumi.Output<string>): pulumi.Output<string> | undefined {
    if (args.settings.operations === "processes") return undefined;
    const map = new k8s.core.v1.ConfigMap(
      "operation",
      {
        metadata: args.system.metadata("operation"),
        data: { "job.json": pulumi.jsonStringify(operationJob(args, access)) },
      },
      this.within(args),
    );
    return map.metadata.name;
  }

  /**
   * A StatefulSet, because its pods keep their names: what a worker that died left behind is then known to be its own, and
   * taken over at once instead of after a silence.
   */
  private makeWorkers(args: ControlPlaneArgs, access: pulumi.Output<string>, migration: pulumi.Resource) {
    const { settings, system } = args;
    const labels = labelsOf("worker");
    const service = new k8s.core.v1.Service(
      "worker",
      {
        metadata: system.metadata("worker", labels),
        spec: { clusterIP: "None", selector: selectorOf("worker"), ports: [{ name: "none", port: API_PORT }] },
      },
      this.within(args),
    );
    return new k8s.apps.v1.StatefulSet(
      "worker",
      {
        metadata: system.metadata("worker", labels),
        spec: {
          serviceName: service.metadata.name,
          ...(settings.workerMaxReplicas <= settings.workerReplicas && { replicas: settings.workerReplicas }),
          podManagementPolicy: "Parallel",
          selector: { matchLabels: selectorOf("worker") },
          template: {
            metadata: podMetadata("worker", args),
            spec: workerPod(args, access, this.makeOperationJob(args, access)),
          },
        },
      },
      { ...this.within(args), dependsOn: [migration] },
    );
  }
}

/** Pods begin anew with each secret that they are given as a variable: a role that signs in has a new name with each password. */
function podMetadata(part: "api" | "worker", { settings, secrets }: ControlPlaneArgs) {
  const annotations = {
    "storefleet.dev/database-role": settings.databaseRole,
    "storefleet.dev/sealing-keys": secrets.sealing.mark,
  };
  return { labels: labelsOf(part), annotations };
}
