import * as k8s from "@pulumi/kubernetes";
import * as pulumi from "@pulumi/pulumi";
import { isHttps, isIssued } from "../certificate-settings.ts";
import { type Asked, certificatesAtHome, issuersOf } from "../issuers.ts";
import { PLATFORM_LABELS } from "../names.ts";
import type { Settings } from "../settings.ts";
import { InstalledChart } from "./installed-chart.ts";
import type { System } from "./system.ts";

export interface CertificatesArgs {
  readonly settings: Settings;
  readonly system: System;
}

/** The release of cert-manager that was tried. */
const VERSION = "v1.21.2";

/** Certificates of the dashboard and of stores: none, made by cert-manager, or given. */
export class Certificates extends pulumi.ComponentResource {
  /** Secrets in the platform's namespace; `undefined` where everything is plain http. */
  public readonly secrets:
    | { readonly dashboard: pulumi.Output<string>; readonly stores: pulumi.Output<string> }
    | undefined;

  constructor(name: string, args: CertificatesArgs, opts?: pulumi.ComponentResourceOptions) {
    super("storefleet:platform:Certificates", name, {}, opts);
    const { settings } = args;
    if (isHttps(settings)) this.secrets = isIssued(settings) ? this.issue(args) : this.take(args);
    this.registerOutputs({ secrets: this.secrets });
  }

  private issue({ settings, system }: CertificatesArgs): Certificates["secrets"] {
    const manager = settings.certManager === "install" ? [this.install(settings)] : [];
    const issuers = issuersOf(settings).map((asked) => this.ask(asked, { dependsOn: manager }));
    const home = { dependsOn: issuers, deletedWith: system.namespace };
    const made = certificatesAtHome(settings).map((asked) => this.ask(asked, home));
    const secret = (name: string) => pulumi.all(made.map(({ id }) => id)).apply(() => name);
    return { dashboard: secret(settings.tlsSecret), stores: secret(settings.storesTlsSecret) };
  }

  private ask({ kind, name, namespace, spec }: Asked, opts: pulumi.CustomResourceOptions) {
    const metadata = { name, labels: PLATFORM_LABELS, ...(namespace !== undefined && { namespace }) };
    return new k8s.apiextensions.CustomResource(
      `${kind === "Certificate" ? "certificate" : "issuer"}-${name}`,
      { apiVersion: "cert-manager.io/v1", kind, metadata, spec },
      { parent: this, ...opts },
    );
  }

  private install(settings: Settings): InstalledChart {
    const gatewayApi = {
      apiVersion: "controller.config.cert-manager.io/v1alpha1",
      kind: "ControllerConfiguration",
      enableGatewayAPI: true,
    };
    return new InstalledChart(
      "cert-manager",
      {
        namespace: settings.certManagerNamespace,
        repository: "https://charts.jetstack.io",
        version: VERSION,
        from: settings.certManagerChart,
        values: {
          // Kept when the release goes: with them would go every certificate of the cluster.
          crds: { enabled: true, keep: true },
          ...(settings.gatewayClass !== "" && { config: gatewayApi }),
        },
      },
      { parent: this },
    );
  }

  /** One certificate for the dashboard and for everything below the stores' domain, or the Secrets that somebody made. */
  private take({ settings, system }: CertificatesArgs): Certificates["secrets"] {
    const { tlsCertificate, tlsKey } = settings.given;
    if (tlsCertificate === undefined || tlsKey === undefined) {
      return { dashboard: pulumi.output(settings.tlsSecret), stores: pulumi.output(settings.storesTlsSecret) };
    }
    const secret = new k8s.core.v1.Secret(
      "certificate",
      {
        metadata: system.metadata(settings.tlsSecret),
        type: "kubernetes.io/tls",
        stringData: pulumi.secret({ "tls.crt": tlsCertificate, "tls.key": tlsKey }),
      },
      { parent: this, deletedWith: system.namespace },
    );
    return { dashboard: secret.metadata.name, stores: secret.metadata.name };
  }
}
