import { describe, expect, it } from "vitest";
import { engines } from "../../../stores/engines/registry.ts";
import { limitsFor, quotaFor } from "../../../stores/plans.ts";
import { PLANS, type Plan, parseSpec } from "../../../stores/spec.ts";
import { addressesOf, parseTarget } from "../../../stores/target.ts";
import { findHelm, type Manifest, renderChart } from "../../helpers/helm.ts";

const helm = findHelm();
if (helm === undefined) console.warn("skipped: no helm (set STOREFLEET_HELM, or run npm start once)");

const { medusa } = engines;
const images = Object.fromEntries(medusa.images.map((name) => [name, `localhost/storefleet/${name}:0123456789ab`]));

function valuesFor(plan: Plan, settings: { spec?: object; target?: object; imagePullSecret?: string } = {}) {
  const spec = parseSpec({ name: "shop1", engine: "medusa", plan, ...settings.spec });
  const target = parseTarget(settings.target ?? {});
  const addresses = addressesOf(spec, target, medusa.forwards);
  const { imagePullSecret = "" } = settings;
  return medusa.values({ spec, target, addresses, images, existingSecret: "store-credentials", imagePullSecret });
}

const render = (values: unknown) => renderChart(helm ?? "", "medusa", values);
const named = (manifests: Manifest[], kind: string, name: string) =>
  manifests.find((manifest) => manifest.kind === kind && manifest.metadata.name === name);
const ofKind = (manifests: Manifest[], kind: string) => manifests.filter((manifest) => manifest.kind === kind);
const names = (manifests: Manifest[]) => manifests.map(({ metadata }) => metadata.name).sort();
const workloads = (manifests: Manifest[]) => [...ofKind(manifests, "Deployment"), ...ofKind(manifests, "StatefulSet")];

interface Container {
  name: string;
  image: string;
  env?: { name: string; value?: string; valueFrom?: unknown }[];
  resources: { requests: Record<string, string>; limits: Record<string, string> };
  securityContext: Record<string, unknown>;
  startupProbe?: { periodSeconds: number };
  readinessProbe?: object;
  livenessProbe?: object;
  volumeMounts: { mountPath: string }[];
}
const podOf = (workload: Manifest) => workload.spec.template.spec;
const mainContainers = (workload: Manifest): Container[] => podOf(workload).containers;
const containers = (workload: Manifest): Container[] => [
  ...(podOf(workload).initContainers ?? []),
  ...mainContainers(workload),
];

describe.skipIf(helm === undefined).each(PLANS)("the Medusa chart with the plan %s", (plan) => {
  const manifests = helm === undefined ? [] : render(valuesFor(plan));

  it("has the workloads and services of the plan, and nothing that reaches out of its namespace", () => {
    const worker = plan === "basic" ? [] : ["medusa-worker"];

    expect(names(workloads(manifests))).toEqual(["medusa", ...worker, "postgres", "redis", "storefront"]);
    expect(names(ofKind(manifests, "Service"))).toEqual(["medusa", "postgres", "redis", "storefront"]);
    for (const service of ofKind(manifests, "Service")) expect(service.spec.type ?? "ClusterIP").toBe("ClusterIP");
    expect(ofKind(manifests, "Secret")).toEqual([]);
    for (const kind of ["ClusterRole", "ClusterRoleBinding", "Role", "RoleBinding", "Namespace"]) {
      expect(ofKind(manifests, kind)).toEqual([]);
    }
  });

  it("labels every object and every pod as the network rules and the service expect them", () => {
    for (const manifest of manifests) {
      expect(manifest.metadata.labels).toMatchObject({
        "storefleet.dev/store": "shop1",
        "storefleet.dev/engine": "medusa",
      });
    }
    for (const workload of workloads(manifests)) {
      const { labels } = workload.spec.template.metadata;
      const component = labels["app.kubernetes.io/component"];
      expect(Object.keys(medusa.plans[plan])).toContain(component);
      expect(labels).toMatchObject({ "app.kubernetes.io/name": "medusa" });
      expect(labels).toMatchObject(workload.spec.selector.matchLabels);
    }
  });

  it("runs only pods of the restricted Pod Security standard, without a token of the cluster", () => {
    for (const workload of workloads(manifests)) {
      const pod = podOf(workload);
      expect(pod.securityContext).toMatchObject({ runAsNonRoot: true, seccompProfile: { type: "RuntimeDefault" } });
      expect(pod.securityContext.runAsUser).toBeGreaterThan(0);
      expect(pod).toMatchObject({ automountServiceAccountToken: false, enableServiceLinks: false });
      expect(pod.hostNetwork ?? pod.hostPID ?? pod.hostIPC ?? false).toBe(false);
      for (const volume of pod.volumes) expect(Object.keys(volume)).toEqual(expect.not.arrayContaining(["hostPath"]));
      for (const { securityContext } of containers(workload)) {
        expect(securityContext).toEqual({
          allowPrivilegeEscalation: false,
          readOnlyRootFilesystem: true,
          capabilities: { drop: ["ALL"] },
        });
      }
    }
  });

  it("gives every container the resources of the plan", () => {
    for (const workload of workloads(manifests)) {
      const component = workload.spec.template.metadata.labels["app.kubernetes.io/component"];
      const size = medusa.plans[plan][component];
      for (const { resources } of containers(workload)) {
        expect(resources.limits).toEqual({ cpu: `${size?.cpu.limit}m`, memory: `${size?.memory.limit}Mi` });
        expect(resources.requests).toEqual({ cpu: `${size?.cpu.request}m`, memory: `${size?.memory.request}Mi` });
      }
    }
  });

  it("fits the quota and the limits of the plan", () => {
    const quota = quotaFor(medusa.plans, plan);
    const [container, claim] = limitsFor(medusa.plans);

    const memory = workloads(manifests).map((workload) => {
      const size = medusa.plans[plan][workload.spec.template.metadata.labels["app.kubernetes.io/component"]];
      const pods = Math.max(workload.spec.replicas ?? 0, size?.autoscale?.maxReplicas ?? 0) + (size?.surge ?? 0);
      return pods * mebibytes(mainContainers(workload)[0]?.resources.limits.memory);
    });
    expect(memory.reduce((sum, one) => sum + one, 0)).toBeLessThanOrEqual(mebibytes(quota["limits.memory"]));
    for (const { resources } of workloads(manifests).flatMap(containers)) {
      expect(mebibytes(resources.limits.memory)).toBeLessThanOrEqual(mebibytes(container?.max.memory));
    }
    const [volume] = ofKind(manifests, "PersistentVolumeClaim");
    expect(mebibytes(volume?.spec.resources.requests.storage)).toBeLessThanOrEqual(mebibytes(claim?.max.storage));
  });

  it("asks every container each second whether it has started, then whether it is ready and alive", () => {
    for (const container of workloads(manifests).flatMap(mainContainers)) {
      expect(container.startupProbe?.periodSeconds, container.name).toBe(1);
      expect(container.readinessProbe, container.name).toBeDefined();
      expect(container.livenessProbe, container.name).toBeDefined();
    }
  });

  it("lets pods go quickly, and keeps a server until its successor answers", () => {
    for (const workload of workloads(manifests))
      expect(podOf(workload).terminationGracePeriodSeconds).toBeLessThanOrEqual(5);
    for (const name of ["medusa", "storefront"]) {
      expect(named(manifests, "Deployment", name)?.spec.strategy.rollingUpdate).toEqual({
        maxSurge: 1,
        maxUnavailable: 0,
      });
    }
    expect(named(manifests, "Deployment", "redis")?.spec.strategy.type).toBe("Recreate");
  });

  it("takes every password from the store's Secret", () => {
    const variables = workloads(manifests)
      .flatMap(containers)
      .flatMap(({ env = [] }) => env);

    for (const { name, value, valueFrom } of variables.filter(({ name }) => /PASSWORD|SECRET|KEY|EMAIL/.test(name))) {
      expect(value, name).toBeUndefined();
      expect(valueFrom).toMatchObject({ secretKeyRef: { name: "store-credentials" } });
    }
    const keys = variables.flatMap(
      ({ valueFrom }) => (valueFrom as { secretKeyRef: { key: string } })?.secretKeyRef?.key ?? [],
    );
    expect([...new Set(keys)].sort()).toEqual(Object.keys(medusa.credentials.entries).sort());
  });

  it("renders the same every time, so that nothing changes when nothing was changed", () => {
    expect(render(valuesFor(plan))).toEqual(manifests);
  });

  it("keeps replicas apart and running where the plan has several", () => {
    const several = Object.entries(medusa.plans[plan]).filter(([, { replicas }]) => replicas > 1);

    expect(names(ofKind(manifests, "PodDisruptionBudget"))).toEqual(several.map(([component]) => component).sort());
    const spread = workloads(manifests).filter((workload) => podOf(workload).topologySpreadConstraints !== undefined);
    expect(names(spread)).toEqual(plan === "premium" ? ["medusa", "medusa-worker", "storefront"] : []);
  });

  it("scales by itself on premium only, and then leaves the number of replicas to the autoscaler", () => {
    const scaled = plan === "premium" ? ["medusa", "storefront"] : [];

    expect(names(ofKind(manifests, "HorizontalPodAutoscaler"))).toEqual(scaled);
    for (const name of ["medusa", "storefront"]) {
      const replicas = named(manifests, "Deployment", name)?.spec.replicas;
      expect(replicas).toBe(plan === "premium" ? undefined : medusa.plans[plan][name]?.replicas);
    }
  });

  it("leaves background work to the worker where there is one", () => {
    expect(named(manifests, "ConfigMap", "store-settings")?.data?.BACKGROUND_WORK).toBe(String(plan === "basic"));
  });
});

describe.skipIf(helm === undefined)("the Medusa chart", () => {
  it.each([
    ["an unknown value", { colour: "red" }],
    ["an unknown component", { sizes: { ...(valuesFor("basic").sizes as object), search: {} } }],
    [
      "an unknown setting of a component",
      { origins: { storefront: "http://a", backend: "http://a", admin: "http://a" } },
    ],
    [
      "a size in other units",
      {
        sizes: {
          ...(valuesFor("basic").sizes as object),
          redis: {
            replicas: 1,
            resources: { requests: { cpu: "1", memory: "1Gi" }, limits: { cpu: "1", memory: "1Gi" } },
          },
        },
      },
    ],
    ["two databases", { sizes: { ...(valuesFor("basic").sizes as object), postgres: { replicas: 2 } } }],
    ["an image without a tag", { images: { ...images, redis: "redis" } }],
  ])("refuses %s", (_case, change) => {
    expect(() => render({ ...valuesFor("basic"), ...change })).toThrow("values don't meet the specifications");
  });

  it("sends Medusa's own paths to Medusa and everything else to the storefront", () => {
    const ingress = named(render(valuesFor("basic")), "Ingress", "store");

    const [rule] = ingress?.spec.rules ?? [];
    expect(rule.host).toBe("shop1.localhost");
    const targets = rule.http.paths.map(
      ({ path, backend }: { path: string; backend: { service: { name: string } } }) => [path, backend.service.name],
    );
    expect(Object.fromEntries(targets)).toEqual({
      "/app": "medusa",
      "/admin": "medusa",
      "/auth": "medusa",
      "/store": "medusa",
      "/files": "medusa",
      "/hooks": "medusa",
      "/health": "medusa",
      "/": "storefront",
    });
  });

  it("makes no ingress where the cluster has none, and serves TLS where it has a certificate", () => {
    const none = render(valuesFor("basic", { target: { ingressClass: "" } }));
    const tls = render(valuesFor("basic", { target: { tlsSecret: "shop1-tls" } }));

    expect(ofKind(none, "Ingress")).toEqual([]);
    expect(named(tls, "Ingress", "store")?.spec.tls).toEqual([{ hosts: ["shop1.localhost"], secretName: "shop1-tls" }]);
  });

  it("uses the storage class and the pull secret it is given", () => {
    const manifests = render(valuesFor("basic", { target: { storageClass: "fast" }, imagePullSecret: "image-pull" }));

    expect(named(manifests, "PersistentVolumeClaim", "postgres-data")?.spec.storageClassName).toBe("fast");
    for (const workload of workloads(manifests))
      expect(podOf(workload).imagePullSecrets).toEqual([{ name: "image-pull" }]);
  });

  it.each(["$(ADMIN_PASSWORD)", "{{ .Values.host }}", '"; rm -rf /', "Ünïcødé ☕", "yes", "0x10", "a: b"])(
    "shows the display name %j as it is",
    (displayName) => {
      const manifests = render(valuesFor("basic", { spec: { displayName } }));

      expect(named(manifests, "ConfigMap", "store-settings")?.data?.STORE_NAME).toBe(displayName);
      // In `env` the kubelet would replace $(…) by the value of another variable.
      const written = workloads(manifests)
        .flatMap(containers)
        .flatMap(({ env = [] }) => env.map(({ value }) => value));
      expect(written).not.toContain(displayName);
    },
  );

  it("starts pods anew when their settings change, and only then", () => {
    const checksum = (spec: object, name: string) =>
      named(render(valuesFor("basic", { spec })), "Deployment", name)?.spec.template.metadata.annotations[
        "checksum/settings"
      ];

    expect(checksum({ displayName: "A" }, "medusa")).not.toBe(checksum({ displayName: "B" }, "medusa"));
    expect(checksum({ displayName: "A" }, "storefront")).not.toBe(checksum({ displayName: "B" }, "storefront"));
    expect(checksum({}, "medusa")).toBe(checksum({}, "medusa"));
  });
});

function mebibytes(text: string | undefined): number {
  const [, amount = "", unit = ""] = /^(\d+)(Mi|Gi)$/.exec(text ?? "") ?? [];
  return Number(amount) * (unit === "Gi" ? 1024 : 1);
}
