import * as k8s from "@pulumi/kubernetes";
import * as pulumi from "@pulumi/pulumi";
import { PLATFORM_LABELS } from "../names.ts";
import { restrictedNamespace } from "../pods.ts";

export interface InstalledChartArgs {
  /** Made for it, and held to the restricted Pod Security standard. */
  readonly namespace: string;
  /** Where the chart of the release's name is published. */
  readonly repository: string;
  readonly version: string;
  /** A folder or an address of a registry, in place of the repository; empty for none. */
  readonly from: string;
  readonly values: Readonly<Record<string, unknown>>;
}

/** Software of others that the platform needs, by its own chart, in a namespace of its own. */
export class InstalledChart extends pulumi.ComponentResource {
  public readonly release: k8s.helm.v3.Release;

  constructor(name: string, args: InstalledChartArgs, opts?: pulumi.ComponentResourceOptions) {
    super("storefleet:platform:InstalledChart", name, {}, opts);
    const { namespace, repository, version, from, values } = args;
    const home = new k8s.core.v1.Namespace(
      name,
      { metadata: { name: namespace, labels: { ...PLATFORM_LABELS, ...restrictedNamespace } } },
      { parent: this },
    );
    // A folder is of one version, whatever it says.
    const isFolder = /^[./]/.test(from);
    this.release = new k8s.helm.v3.Release(
      name,
      {
        name,
        namespace: home.metadata.name,
        chart: from === "" ? name : from,
        ...(!isFolder && { version }),
        ...(from === "" && { repositoryOpts: { repo: repository } }),
        values: { ...values },
        timeout: 300,
        atomic: false,
        createNamespace: false,
        maxHistory: 2,
      },
      { parent: this, ignoreChanges: ["name", "namespace"] },
    );
    this.registerOutputs({ release: this.release.name });
  }
}
