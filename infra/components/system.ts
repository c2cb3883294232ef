import * as k8s from "@pulumi/kubernetes";
import * as pulumi from "@pulumi/pulumi";
import { PLATFORM_LABELS } from "../names.ts";
import { restrictedNamespace } from "../pods.ts";
import type { Settings } from "../settings.ts";
import { networkRules } from "./network-rules.ts";

export interface SystemArgs {
  readonly settings: Settings;
}

/** The platform's own namespace: it admits only restricted pods, and connections are denied but for those that are named. */
export class System extends pulumi.ComponentResource {
  public readonly namespace: k8s.core.v1.Namespace;

  constructor(name: string, { settings }: SystemArgs, opts?: pulumi.ComponentResourceOptions) {
    super("storefleet:platform:System", name, {}, opts);
    this.namespace = new k8s.core.v1.Namespace(
      "namespace",
      { metadata: { name: settings.namespace, labels: { ...PLATFORM_LABELS, ...restrictedNamespace } } },
      { parent: this },
    );
    for (const [rule, spec] of Object.entries(networkRules(settings))) {
      new k8s.networking.v1.NetworkPolicy(
        `network-${rule}`,
        { metadata: this.metadata(rule), spec },
        { parent: this.namespace, deletedWith: this.namespace },
      );
    }
    this.registerOutputs({ namespace: this.namespace.metadata.name });
  }

  /** Metadata of an object in the namespace. */
  metadata(name: string, labels: Record<string, string> = PLATFORM_LABELS) {
    return { name, namespace: this.namespace.metadata.name, labels };
  }
}
