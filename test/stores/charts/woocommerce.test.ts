import { describe, expect, it } from "vitest";
import { engines } from "../../../stores/engines/registry.ts";
import { limitsFor, quotaFor } from "../../../stores/plans.ts";
import { PLANS, type Plan, parseSpec } from "../../../stores/spec.ts";
import { addressesOf, parseTarget } from "../../../stores/target.ts";
import { findHelm, type Manifest, renderChart } from "../../helpers/helm.ts";

const helm = findHelm();
if (helm === undefined) console.warn("skipped: no helm (set STOREFLEET_HELM, or run npm start once)");

const { woocommerce } = engines;
const images = Object.fromEntries(
  woocommerce.images.map((name) => [name, `localhost/storefleet/${name}:0123456789ab`]),
);

function valuesFor(plan: Plan, settings: { spec?: object; target?: object; imagePullSecret?: string } = {}) {
  const spec = parseSpec({ name: "shop1", engine: "woocommerce", plan, ...settings.spec });
  const target = parseTarget(settings.target ?? {});
  const addresses = addressesOf(spec, target, woocommerce.forwards);
  const { imagePullSecret = "" } = settings;
  return woocommerce.values({ spec, target, addresses, images, existingSecret: "store-credentials", imagePullSecret });
}

const render = (values: unknown) => renderChart(helm ?? "", "woocommerce", values);
const named = (manifests: Manifest[], kind: string, name: string) =>
  manifests.find((manifest) => manifest.kind === kind && manifest.metadata.name === name);
const ofKind = (manifests: Manifest[], kind: string) => manifests.filter((manifest) => manifest.kind === kind);
const names = (manifests: Manifest[]) => manifests.map(({ metadata }) => metadata.name).sort();
const workloads = (manifests: Manifest[]) =>
  ["Deployment", "StatefulSet", "CronJob"].flatMap((kind) => ofKind(manifests, kind));

interface Container {
  name: string;
  image: string;
  env?: { name: string; value?: string; valueFrom?: unknown }[];
  resources: { requests: Record<string, string>; limits: Record<string, string> };
  securityContext: Record<string, unknown>;
  startupProbe?: { periodSeconds: number; httpGet?: { httpHeaders?: { name: string; value: string }[] } };
  readinessProbe?: object;
  livenessProbe?: object;
  volumeMounts: { mountPath: string }[];
}
const templateOf = ({ kind, spec }: Manifest) => (kind === "CronJob" ? spec.jobTemplate.spec.template : spec.template);
const podOf = (workload: Manifest) => templateOf(workload).spec;
const componentOf = (workload: Manifest): string => templateOf(workload).metadata.labels["app.kubernetes.io/component"];
const mainContainers = (workload: Manifest): Container[] => podOf(workload).containers;
const containers = (workload: Manifest): Container[] => [
  ...(podOf(workload).initContainers ?? []),
  ...mainContainers(workload),
];

describe.skipIf(helm === undefined).each(PLANS)("the WooCommerce chart with the plan %s", (plan) => {
  const manifests = helm === undefined ? [] : render(valuesFor(plan));

  it("has the workloads and services of the plan, and nothing that reaches out of its namespace", () => {
    expect(names(workloads(manifests))).toEqual(["cron", "mariadb", "wordpress"]);
    expect(names(ofKind(manifests, "Service"))).toEqual(["mariadb", "wordpress"]);
    for (const service of ofKind(manifests, "Service")) expect(service.spec.type ?? "ClusterIP").toBe("ClusterIP");
    for (const kind of ["Secret", "ClusterRole", "ClusterRoleBinding", "Role", "RoleBinding", "Namespace"]) {
      expect(ofKind(manifests, kind)).toEqual([]);
    }
  });

  it("labels every object and every pod as the network rules and the service expect them", () => {
    for (const manifest of manifests) {
      expect(manifest.metadata.labels).toMatchObject({
        "storefleet.dev/store": "shop1",
        "storefleet.dev/engine": "woocommerce",
      });
    }
    for (const workload of workloads(manifests)) {
      expect(woocommerce.network).toHaveProperty(componentOf(workload));
      if (workload.kind !== "CronJob") {
        expect(templateOf(workload).metadata.labels).toMatchObject(workload.spec.selector.matchLabels);
      }
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

  it("lets WordPress write to its uploads and to /tmp, and to nothing else", () => {
    const pods = workloads(manifests).filter((workload) => componentOf(workload) !== "mariadb");

    expect(pods).toHaveLength(2);
    for (const { volumeMounts } of pods.flatMap(containers)) {
      expect(volumeMounts.map(({ mountPath }) => mountPath).sort()).toEqual([
        "/tmp",
        "/usr/src/wordpress/wp-content/uploads",
      ]);
    }
  });

  it("gives every container the resources of the plan", () => {
    for (const workload of workloads(manifests)) {
      const size = woocommerce.plans[plan][componentOf(workload)];
      for (const { resources } of containers(workload)) {
        expect(resources.limits).toEqual({ cpu: `${size?.cpu.limit}m`, memory: `${size?.memory.limit}Mi` });
        expect(resources.requests).toEqual({ cpu: `${size?.cpu.request}m`, memory: `${size?.memory.request}Mi` });
      }
    }
  });

  it("fits the quota and the limits of the plan, the pod of the background work included", () => {
    const quota = quotaFor(woocommerce.plans, plan);
    const [container, claim] = limitsFor(woocommerce.plans);

    const memory = workloads(manifests).map((workload) => {
      const size = woocommerce.plans[plan][componentOf(workload)];
      const replicas = workload.kind === "CronJob" ? 0 : (workload.spec.replicas ?? 0);
      const pods = Math.max(replicas, size?.autoscale?.maxReplicas ?? 0) + (size?.surge ?? 0);
      return pods * mebibytes(mainContainers(workload)[0]?.resources.limits.memory);
    });
    expect(memory.reduce((sum, one) => sum + one, 0)).toBeLessThanOrEqual(mebibytes(quota["limits.memory"]));
    for (const { resources } of workloads(manifests).flatMap(containers)) {
      expect(mebibytes(resources.limits.memory)).toBeLessThanOrEqual(mebibytes(container?.max.memory));
    }
    const volumes = ofKind(manifests, "PersistentVolumeClaim").map(({ spec }) =>
      mebibytes(spec.resources.requests.storage),
    );
    expect(volumes).toHaveLength(2);
    for (const volume of volumes) expect(volume).toBeLessThanOrEqual(mebibytes(claim?.max.storage));
    expect(volumes.reduce((sum, one) => sum + one, 0)).toBe(mebibytes(quota["requests.storage"]));
  });

  it("asks every server each second whether it has started, then whether it is ready and alive", () => {
    const servers = workloads(manifests).filter(({ kind }) => kind !== "CronJob");

    for (const container of servers.flatMap(mainContainers)) {
      expect(container.startupProbe?.periodSeconds, container.name).toBe(1);
      expect(container.readinessProbe, container.name).toBeDefined();
      expect(container.livenessProbe, container.name).toBeDefined();
    }
  });

  it("takes every password and every salt from the store's Secret, and shows the owner's to the set-up alone", () => {
    const variables = workloads(manifests)
      .flatMap(containers)
      .flatMap(({ env = [] }) => env);

    for (const { name, value, valueFrom } of variables.filter(({ name }) =>
      /PASSWORD|SECRET|KEY|SALT|EMAIL/.test(name),
    )) {
      expect(value, name).toBeUndefined();
      expect(valueFrom).toMatchObject({ secretKeyRef: { name: "store-credentials" } });
    }
    const keysOf = (container: Container) =>
      (container.env ?? []).flatMap(
        ({ valueFrom }) => (valueFrom as { secretKeyRef: { key: string } })?.secretKeyRef?.key ?? [],
      );
    const keys = workloads(manifests).flatMap(containers).flatMap(keysOf);
    expect([...new Set(keys)].sort()).toEqual(Object.keys(woocommerce.credentials.entries).sort());
    for (const container of workloads(manifests).flatMap(mainContainers)) {
      expect(keysOf(container), container.name).not.toContain("ADMIN_PASSWORD");
    }
  });

  it("keeps the pods that share the uploads on one node", () => {
    for (const workload of workloads(manifests).filter((one) => componentOf(one) !== "mariadb")) {
      const [term] = podOf(workload).affinity.podAffinity.requiredDuringSchedulingIgnoredDuringExecution;
      expect(term).toMatchObject({
        topologyKey: "kubernetes.io/hostname",
        labelSelector: { matchLabels: { "app.kubernetes.io/component": "wordpress" } },
      });
    }
  });

  it("runs several servers from standard on, and scales by itself on premium only", () => {
    const deployment = named(manifests, "Deployment", "wordpress");

    expect(names(ofKind(manifests, "PodDisruptionBudget"))).toEqual(plan === "basic" ? [] : ["wordpress"]);
    expect(names(ofKind(manifests, "HorizontalPodAutoscaler"))).toEqual(plan === "premium" ? ["wordpress"] : []);
    expect(deployment?.spec.replicas).toBe({ basic: 1, standard: 2, premium: undefined }[plan]);
    expect(deployment?.spec.strategy.rollingUpdate).toEqual({ maxSurge: 1, maxUnavailable: 0 });
  });

  it("renders the same every time, so that nothing changes when nothing was changed", () => {
    expect(render(valuesFor(plan))).toEqual(manifests);
  });
});

describe.skipIf(helm === undefined)("the WooCommerce chart", () => {
  it.each([
    ["an unknown value", { colour: "red" }],
    ["an unknown component", { sizes: { ...(valuesFor("basic").sizes as object), redis: {} } }],
    ["a server without workers", { sizes: { ...(valuesFor("basic").sizes as object), wordpress: { workers: 0 } } }],
    ["two databases", { sizes: { ...(valuesFor("basic").sizes as object), mariadb: { replicas: 2 } } }],
    ["an image without a tag", { images: { ...images, mariadb: "mariadb" } }],
    ["an origin with a path", { origin: "http://shop1.localhost:8080/shop" }],
  ])("refuses %s", (_case, change) => {
    expect(() => render({ ...valuesFor("basic"), ...change })).toThrow("values don't meet the specifications");
  });

  it("does background work every five minutes, not at the same minute in every store, and never twice at once", () => {
    const schedules = ["shop1", "shop2", "shop3", "bakery", "tea"].map((name) => {
      const cron = named(render(valuesFor("basic", { spec: { name } })), "CronJob", "cron");
      expect(cron?.spec.concurrencyPolicy).toBe("Forbid");
      return cron?.spec.schedule;
    });

    for (const schedule of schedules) expect(schedule).toMatch(/^[0-4]-59\/5 \* \* \* \*$/);
    expect(new Set(schedules).size).toBeGreaterThan(1);
  });

  it("asks for its own page under its own name, which WordPress answers without a detour", () => {
    const probe = (target: object) => {
      const deployment = named(render(valuesFor("basic", { target })), "Deployment", "wordpress");
      return deployment === undefined ? undefined : mainContainers(deployment)[0]?.startupProbe?.httpGet?.httpHeaders;
    };

    expect(probe({})).toEqual([{ name: "Host", value: "shop1.localhost:8080" }]);
    expect(probe({ tlsSecret: "shop1-tls", ingressPort: 443 })).toEqual([
      { name: "Host", value: "shop1.localhost" },
      { name: "X-Forwarded-Proto", value: "https" },
    ]);
  });

  it("makes no ingress where the cluster has none, and serves TLS where it has a certificate", () => {
    const none = render(valuesFor("basic", { target: { ingressClass: "" } }));
    const tls = render(valuesFor("basic", { target: { tlsSecret: "shop1-tls" } }));

    expect(ofKind(none, "Ingress")).toEqual([]);
    expect(named(tls, "Ingress", "store")?.spec.tls).toEqual([{ hosts: ["shop1.localhost"], secretName: "shop1-tls" }]);
  });

  it("uses the storage class and the pull secret it is given", () => {
    const manifests = render(valuesFor("basic", { target: { storageClass: "fast" }, imagePullSecret: "image-pull" }));

    for (const claim of ofKind(manifests, "PersistentVolumeClaim")) expect(claim.spec.storageClassName).toBe("fast");
    for (const workload of workloads(manifests))
      expect(podOf(workload).imagePullSecrets).toEqual([{ name: "image-pull" }]);
  });

  it.each(["$(ADMIN_PASSWORD)", "{{ .Values.host }}", '"; rm -rf /', "Ünïcødé ☕", "yes", "0x10", "a: b"])(
    "shows the display name %j as it is",
    (displayName) => {
      const manifests = render(valuesFor("basic", { spec: { displayName } }));

      expect(named(manifests, "ConfigMap", "store-settings")?.data?.STORE_NAME).toBe(displayName);
      const written = workloads(manifests)
        .flatMap(containers)
        .flatMap(({ env = [] }) => env.map(({ value }) => value));
      expect(written).not.toContain(displayName);
    },
  );

  it("starts pods anew when their settings change, and only then", () => {
    const checksum = (spec: object) =>
      named(render(valuesFor("basic", { spec })), "Deployment", "wordpress")?.spec.template.metadata.annotations[
        "checksum/settings"
      ];

    expect(checksum({ displayName: "A" })).not.toBe(checksum({ displayName: "B" }));
    expect(checksum({})).toBe(checksum({}));
  });
});

function mebibytes(text: string | undefined): number {
  const [, amount = "", unit = ""] = /^(\d+)(Mi|Gi)$/.exec(text ?? "") ?? [];
  return Number(amount) * (unit === "Gi" ? 1024 : 1);
}
