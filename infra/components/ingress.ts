import * as k8s from "@pulumi/kubernetes";
import * as pulumi from "@pulumi/pulumi";
import { labelsOf } from "../names.ts";
import { originOf } from "../origin.ts";
import type { Settings } from "../settings.ts";
import type { ControlPlane } from "./control-plane.ts";
import type { System } from "./system.ts";

export interface IngressArgs {
  readonly settings: Settings;
  readonly system: System;
  readonly controlPlane: ControlPlane;
}

/** The way in from outside, through the ingress controller that the cluster has. */
export class Ingress extends pulumi.ComponentResource {
  /** Origin of the dashboard and the API. */
  public readonly url: pulumi.Output<string>;

  constructor(name: string, args: IngressArgs, opts?: pulumi.ComponentResourceOptions) {
    super("storefleet:platform:Ingress", name, {}, opts);
    const { settings, system, controlPlane } = args;
    const { host, ingressClass, tlsSecret } = settings;
    const ingress = new k8s.networking.v1.Ingress(
      "dashboard",
      {
        metadata: { ...system.metadata("dashboard", labelsOf("api")), annotations: settings.ingressAnnotations },
        spec: {
          ingressClassName: ingressClass,
          ...(tlsSecret !== "" && { tls: [{ hosts: [host], secretName: tlsSecret }] }),
          rules: [
            {
              host,
              http: {
                paths: [
                  {
                    path: "/",
                    pathType: "Prefix",
                    backend: { service: { name: controlPlane.apiService, port: { name: "http" } } },
                  },
                ],
              },
            },
          ],
        },
      },
      { parent: this, deletedWith: system.namespace },
    );
    this.url = ingress.status.apply(() => originOf(settings));
    this.registerOutputs({ url: this.url });
  }
}
