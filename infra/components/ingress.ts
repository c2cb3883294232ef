import * as k8s from "@pulumi/kubernetes";
import * as pulumi from "@pulumi/pulumi";
import { dashboardRoute, GATEWAY, listenersOf, redirectRoute } from "../gateway.ts";
import { ingressAnnotations } from "../ingress-annotations.ts";
import { labelsOf } from "../names.ts";
import { originOf } from "../origin.ts";
import type { Settings } from "../settings.ts";
import { traefikObjects, traefikValues } from "../traefik.ts";
import type { Certificates } from "./certificates.ts";
import type { ControlPlane } from "./control-plane.ts";
import { InstalledChart } from "./installed-chart.ts";
import type { System } from "./system.ts";

export interface IngressArgs {
  readonly settings: Settings;
  readonly system: System;
  readonly certificates: Certificates;
  readonly controlPlane: ControlPlane;
}

/** The release of Traefik's chart that was tried. */
const TRAEFIK_CHART = "41.6.0";

/** The way in from outside: through the controller that the cluster has, or Traefik; by an Ingress, or by a Gateway. */
export class Ingress extends pulumi.ComponentResource {
  /** Origin of the dashboard and the API. */
  public readonly url: pulumi.Output<string>;

  constructor(name: string, args: IngressArgs, opts?: pulumi.ComponentResourceOptions) {
    super("storefleet:platform:Ingress", name, {}, opts);
    const { settings } = args;
    const controller = settings.ingressController === "traefik" ? [this.install(settings)] : [];
    const way = settings.gatewayClass === "" ? this.byIngress(args, controller) : this.byGateway(args, controller);
    this.url = way.apply(() => originOf(settings));
    this.registerOutputs({ url: this.url });
  }

  private install(settings: Settings): InstalledChart {
    return new InstalledChart(
      "traefik",
      {
        namespace: settings.ingressNamespace,
        repository: "https://traefik.github.io/charts",
        version: TRAEFIK_CHART,
        from: settings.traefikChart,
        values: traefikValues(settings),
      },
      { parent: this },
    );
  }

  /** Something in the platform's namespace of a kind that the cluster was taught. */
  private teach(
    { system }: IngressArgs,
    object: { apiVersion: string; kind: string; name: string; spec: pulumi.Input<object> },
    dependsOn: readonly pulumi.Resource[],
  ) {
    const { apiVersion, kind, name, spec } = object;
    return new k8s.apiextensions.CustomResource(
      `${kind.toLowerCase()}-${name}`,
      { apiVersion, kind, metadata: system.metadata(name, labelsOf("api")), spec },
      { parent: this, deletedWith: system.namespace, dependsOn: [...dependsOn] },
    );
  }

  private byIngress(args: IngressArgs, controller: readonly pulumi.Resource[]): pulumi.Output<unknown> {
    const { settings, system, certificates, controlPlane } = args;
    const stores = certificates.secrets?.stores;
    const taught = traefikObjects(settings, stores).map((object) => this.teach(args, object, controller));
    const backend = { service: { name: controlPlane.apiService, port: { name: "http" } } };
    const secretName = certificates.secrets?.dashboard;
    const ingress = new k8s.networking.v1.Ingress(
      "dashboard",
      {
        metadata: { ...system.metadata("dashboard", labelsOf("api")), annotations: ingressAnnotations(settings) },
        spec: {
          ingressClassName: settings.ingressClass,
          ...(secretName !== undefined && { tls: [{ hosts: [settings.host], secretName }] }),
          rules: [{ host: settings.host, http: { paths: [{ path: "/", pathType: "Prefix", backend }] } }],
        },
      },
      { parent: this, deletedWith: system.namespace, dependsOn: [...controller, ...taught] },
    );
    return ingress.status;
  }

  private byGateway(args: IngressArgs, controller: readonly pulumi.Resource[]): pulumi.Output<unknown> {
    const { settings, certificates, controlPlane } = args;
    const apiVersion = "gateway.networking.k8s.io/v1";
    const { dashboard = "", stores = "" } = certificates.secrets ?? {};
    const listeners = pulumi
      .all([dashboard, stores])
      .apply(([ofDashboard, ofStores]) => listenersOf(settings, { dashboard: ofDashboard, stores: ofStores }));
    const spec = { gatewayClassName: settings.gatewayClass, listeners };
    const gateway = this.teach(args, { apiVersion, kind: "Gateway", name: GATEWAY, spec }, controller);
    const route = (name: string, to: pulumi.Input<object>) =>
      this.teach(args, { apiVersion, kind: "HTTPRoute", name, spec: to }, [gateway]);
    if (certificates.secrets !== undefined) route("to-https", redirectRoute(settings));
    return route(
      "dashboard",
      controlPlane.apiService.apply((service) => dashboardRoute(settings, service)),
    ).id;
  }
}
