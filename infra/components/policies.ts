import * as pulumi from "@pulumi/pulumi";
import type { Settings } from "../settings.ts";
import { storeNamespaces } from "../store-namespaces.ts";
import { admissionOf, storePolicies } from "../store-policies.ts";
import { AdmissionPolicy } from "./admission-policy.ts";

export interface PoliciesArgs {
  readonly settings: Settings;
}

/** What the cluster refuses of the namespaces of stores and in them, whoever asks for it. */
export class Policies extends pulumi.ComponentResource {
  constructor(name: string, { settings }: PoliciesArgs, opts?: pulumi.ComponentResourceOptions) {
    super("storefleet:platform:Policies", name, {}, opts);
    const { namespace } = settings;
    new AdmissionPolicy("store-namespaces", { namespace, spec: storeNamespaces }, { parent: this });
    for (const [policy, rule] of Object.entries(storePolicies)) {
      new AdmissionPolicy(policy, { namespace, spec: admissionOf(rule) }, { parent: this });
    }
    this.registerOutputs({});
  }
}
