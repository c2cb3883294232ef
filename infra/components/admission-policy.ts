import * as k8s from "@pulumi/kubernetes";
import * as pulumi from "@pulumi/pulumi";
import { PLATFORM_LABELS } from "../names.ts";

export interface AdmissionPolicyArgs {
  /** The platform's; cluster-wide objects carry it, so that two platforms in one cluster do not share them. */
  readonly namespace: string;
  readonly spec: k8s.types.input.admissionregistration.v1.ValidatingAdmissionPolicySpec;
}

/** Something that the API server refuses. */
export class AdmissionPolicy extends pulumi.ComponentResource {
  /** Known only when it is in force. */
  public readonly policy: pulumi.Output<string>;

  constructor(name: string, { namespace, spec }: AdmissionPolicyArgs, opts?: pulumi.ComponentResourceOptions) {
    super("storefleet:platform:AdmissionPolicy", name, {}, opts);
    const metadata = { name: `${namespace}-${name}`, labels: PLATFORM_LABELS };
    const policy = new k8s.admissionregistration.v1.ValidatingAdmissionPolicy(
      name,
      { metadata, spec },
      { parent: this },
    );
    const binding = new k8s.admissionregistration.v1.ValidatingAdmissionPolicyBinding(
      name,
      { metadata, spec: { policyName: policy.metadata.name, validationActions: ["Deny"] } },
      { parent: this },
    );
    this.policy = binding.metadata.name;
    this.registerOutputs({ policy: this.policy });
  }
}
