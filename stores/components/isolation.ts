import * as k8s from "@pulumi/kubernetes";
import * as pulumi from "@pulumi/pulumi";
import type { EngineDefinition } from "../engines/engine.ts";
import { labelsOf, namespaceOf } from "../names.ts";
import { limitsFor, quotaFor } from "../plans.ts";
import type { Spec } from "../spec.ts";
import type { Target } from "../target.ts";
import { networkRules } from "./network-rules.ts";

export interface IsolationArgs {
  readonly spec: Spec;
  readonly target: Target;
  readonly engine: EngineDefinition;
}

/** Pinned, so that an upgrade of the cluster cannot refuse the pods of a store that runs. */
const POD_SECURITY_VERSION = "v1.34";

/**
 * The walls around one store: a namespace that admits only restricted pods, what may be used up in it, and connections
 * denied but for those the engine names.
 */
export class Isolation extends pulumi.ComponentResource {
  /** The namespace. What is in it goes with it, so a destroy need not take each object down. */
  public readonly namespace: k8s.core.v1.Namespace;

  constructor(name: string, args: IsolationArgs, opts?: pulumi.ComponentResourceOptions) {
    // First, because it refuses an engine whose table does not hold together.
    const rules = networkRules(args);
    super("storefleet:stores:Isolation", name, {}, opts);
    const { spec, engine } = args;
    const labels = labelsOf(spec);

    const namespace = new k8s.core.v1.Namespace(
      "namespace",
      { metadata: { name: namespaceOf(spec.name), labels: { ...labels, ...podSecurity("restricted") } } },
      // The name is frozen. Were the stack renamed, a new namespace would be an empty shop and the old one would go.
      { parent: this, ignoreChanges: ["metadata.name"] },
    );
    const metadata = (objectName: string) => ({ name: objectName, namespace: namespace.metadata.name, labels });
    const within = { parent: namespace, deletedWith: namespace };

    new k8s.core.v1.ResourceQuota(
      "quota",
      { metadata: metadata("quota"), spec: { hard: quotaFor(engine.plans, spec.plan) } },
      within,
    );
    new k8s.core.v1.LimitRange(
      "limits",
      { metadata: metadata("limits"), spec: { limits: limitsFor(engine.plans) } },
      within,
    );
    for (const [rule, policy] of Object.entries(rules)) {
      new k8s.networking.v1.NetworkPolicy(`network-${rule}`, { metadata: metadata(rule), spec: policy }, within);
    }

    this.namespace = namespace;
    this.registerOutputs({ namespace: namespace.metadata.name });
  }
}

function podSecurity(level: "restricted"): Record<string, string> {
  const modes = ["enforce", "warn", "audit"].flatMap((mode) => [
    [`pod-security.kubernetes.io/${mode}`, level],
    [`pod-security.kubernetes.io/${mode}-version`, POD_SECURITY_VERSION],
  ]);
  return Object.fromEntries(modes);
}
