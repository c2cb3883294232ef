import type { Tool } from "./tool.ts";

/**
 * Software of others that a cluster may have and ours has not: charts and kinds, with which what the platform program asks of a
 * cluster is tried, and programs that the long tests run for real.
 */
export const proofTools = {
  // Works out what NetworkPolicies let through. Its releases carry no checksums, so it is always built.
  cyclonus: {
    version: "v0.5.6",
    buildSeconds: 150,
    go: {
      module: "github.com/mattfenwick/cyclonus",
      version: "v0.5.6",
      packages: { cyclonus: "github.com/mattfenwick/cyclonus/cmd/cyclonus" },
    },
  },
  // Makes nodes and pods that run nothing, so that a cluster can be had by its control plane alone.
  kwok: {
    version: "v0.7.0",
    buildSeconds: 120,
    go: {
      module: "sigs.k8s.io/kwok",
      version: "v0.7.0",
      packages: { kwok: "sigs.k8s.io/kwok/cmd/kwok" },
      variables: { "sigs.k8s.io/kwok/pkg/consts.Version": "v0.7.0" },
    },
  },
  // Reads the workflows of CI: names, expressions, what actions take.
  actionlint: {
    version: "v1.7.12",
    buildSeconds: 20,
    go: {
      module: "github.com/rhysd/actionlint",
      version: "v1.7.12",
      packages: { actionlint: "github.com/rhysd/actionlint/cmd/actionlint" },
    },
  },
  "traefik-chart": {
    version: "v41.6.0+incompatible",
    buildSeconds: 5,
    go: {
      module: "github.com/traefik/traefik-helm-chart",
      version: "v41.6.0+incompatible",
      packages: {},
      folders: { traefik: "traefik" },
    },
  },
  "cert-manager-chart": {
    version: "v1.21.2",
    buildSeconds: 5,
    go: {
      module: "github.com/cert-manager/cert-manager",
      version: "v1.21.2",
      packages: {},
      folders: { "cert-manager": "deploy/charts/cert-manager", crds: "deploy/crds" },
    },
  },
  "gateway-api": {
    version: "v1.4.0",
    buildSeconds: 5,
    go: {
      module: "sigs.k8s.io/gateway-api",
      version: "v1.4.0",
      packages: {},
      folders: { crds: "config/crd/standard" },
    },
  },
  "prometheus-operator": {
    version: "v0.85.0",
    buildSeconds: 10,
    go: {
      module: "github.com/prometheus-operator/prometheus-operator",
      version: "v0.85.0",
      packages: {},
      folders: { crds: "example/prometheus-operator-crd" },
    },
  },
  cloudnativepg: {
    version: "v1.30.0",
    buildSeconds: 10,
    go: {
      module: "github.com/cloudnative-pg/cloudnative-pg",
      version: "v1.30.0",
      packages: {},
      folders: { crds: "config/crd/bases" },
    },
  },
  // Its own program is a module that no proxy has, and needs the libraries of every cloud.
  "cert-manager": {
    version: "v1.21.2",
    buildSeconds: 240,
    go: {
      module: "github.com/cert-manager/cert-manager",
      version: "v1.21.2",
      packages: { "cert-manager": "." },
      program: "cert-manager.go",
    },
  },
  // As a module, 3.15.0 is called so; the newest one whose own modules every proxy has.
  prometheus: {
    version: "v0.315.0",
    buildSeconds: 240,
    go: {
      module: "github.com/prometheus/prometheus",
      version: "v0.315.0",
      packages: {
        prometheus: "github.com/prometheus/prometheus/cmd/prometheus",
        promtool: "github.com/prometheus/prometheus/cmd/promtool",
      },
      // Without the discoveries of clouds; those by files, http and fixed addresses stay.
      tags: ["remove_all_sd"],
      variables: { "github.com/prometheus/common/version.Version": "3.15.0" },
    },
  },
  // What turns a ServiceMonitor into Prometheus's configuration, without the operator around it and the cluster that it asks.
  "scrape-configuration": {
    version: "v0.85.0",
    buildSeconds: 240,
    go: {
      module: "github.com/prometheus-operator/prometheus-operator",
      version: "v0.85.0",
      packages: { "scrape-configuration": "." },
      program: "scrape-configuration.go",
    },
  },
  "blackbox-exporter": {
    version: "v0.28.0",
    buildSeconds: 90,
    go: {
      module: "github.com/prometheus/blackbox_exporter",
      version: "v0.28.0",
      packages: { "blackbox-exporter": "github.com/prometheus/blackbox_exporter" },
      variables: { "github.com/prometheus/common/version.Version": "0.28.0" },
    },
  },
  "kube-state-metrics": {
    version: "v2.18.0",
    buildSeconds: 180,
    go: {
      module: "k8s.io/kube-state-metrics/v2",
      version: "v2.18.0",
      packages: { "kube-state-metrics": "k8s.io/kube-state-metrics/v2" },
    },
  },
  // Alloy's own parser, without the collectors.
  "alloy-syntax": {
    version: "v0.1.2",
    buildSeconds: 15,
    go: {
      module: "github.com/grafana/alloy/syntax",
      version: "v0.1.2",
      packages: { "alloy-syntax": "." },
      program: "alloy-syntax.go",
    },
  },
  // The release that the platform names; of newer ones the SDK that they need was not published.
  vault: {
    version: "v1.21.1",
    buildSeconds: 900,
    go: {
      module: "github.com/hashicorp/vault",
      version: "v1.21.1",
      packages: { vault: "github.com/hashicorp/vault" },
      // Without the engines and logins of clouds and databases; those for secrets of its own are in it.
      tags: ["minimal"],
    },
  },
} as const satisfies Readonly<Record<string, Tool>>;
