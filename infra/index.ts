// Deploys: what exists once per cluster. For now that is the namespace of the platform's own workloads.
import * as kubernetes from "@pulumi/kubernetes";
import * as pulumi from "@pulumi/pulumi";

const config = new pulumi.Config();

const platformNamespace = new kubernetes.core.v1.Namespace("namespace", {
  metadata: {
    name: config.get("namespace") ?? "storefleet-system",
    labels: {
      "app.kubernetes.io/managed-by": "storefleet",
      "app.kubernetes.io/part-of": "storefleet-platform",
      "pod-security.kubernetes.io/enforce": "restricted",
    },
  },
});

/** Namespace of the platform's own workloads. */
export const namespace = platformNamespace.metadata.name;
