import { describe, expect, it } from "vitest";
import { engines } from "../../../stores/engines/registry.ts";
import { limitsFor, quotaFor } from "../../../stores/plans.ts";
import { ENGINES, type Engine, PLANS } from "../../../stores/spec.ts";
import { type ChartSettings, helm, render, valuesFor } from "../../helpers/engine-chart.ts";
import { lintText } from "../../helpers/helm.ts";
import {
  componentOf,
  containers,
  mainContainers,
  mebibytes,
  named,
  ofKind,
  podOf,
  secretKeys,
  servers,
  templateOf,
  variables,
  workloads,
} from "../../helpers/manifests.ts";

// What the chart of every engine has in common. What is special about one is in the file of its name.

const cases = ENGINES.flatMap((engine) => PLANS.map((plan) => ({ engine, plan })));
/** Keys of the Secret that containers are given in a store whose secrets are the first ones. */
function entriesOf(engine: Engine): string[] {
  return [...Object.keys(engines[engine].credentials.entries), "DATABASE_USER", "DATABASE_PASSWORD"].sort();
}

/** Everything the plan says, which takes a cluster with volumes that can be shared. */
const able = { target: { sharedStorageClass: "shared" } };

describe.skipIf(helm === undefined).each(cases)("the chart of $engine with the plan $plan", ({ engine, plan }) => {
  const definition = engines[engine];
  const manifests = render(engine, valuesFor(engine, plan, able));

  it("has nothing that helm's strict lint finds", () => {
    expect(lintText(helm ?? "", definition.chart, valuesFor(engine, plan, able))).toContain("0 chart(s) failed");
  });

  it("has nothing that reaches out of its namespace", () => {
    expect(ofKind(manifests, "Service").length).toBeGreaterThan(0);
    for (const service of ofKind(manifests, "Service")) expect(service.spec.type ?? "ClusterIP").toBe("ClusterIP");
    for (const kind of ["Secret", "ClusterRole", "ClusterRoleBinding", "Role", "RoleBinding", "Namespace"]) {
      expect(ofKind(manifests, kind)).toEqual([]);
    }
  });

  it("labels every object and every pod as the network rules and the service expect them", () => {
    for (const manifest of manifests) {
      expect(manifest.metadata.labels).toMatchObject({
        "storefleet.dev/store": "shop1",
        "storefleet.dev/engine": engine,
      });
    }
    expect(new Set(workloads(manifests).map(componentOf))).toEqual(new Set(Object.keys(definition.plans[plan])));
    for (const workload of servers(manifests)) {
      expect(templateOf(workload).metadata.labels).toMatchObject(workload.spec.selector.matchLabels);
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
      const size = definition.plans[plan][componentOf(workload)];
      for (const { resources } of containers(workload)) {
        expect(resources.limits).toEqual({ cpu: `${size?.cpu.limit}m`, memory: `${size?.memory.limit}Mi` });
        expect(resources.requests).toEqual({ cpu: `${size?.cpu.request}m`, memory: `${size?.memory.request}Mi` });
      }
    }
  });

  it("fits the quota and the limits of the plan, scaled out and rolling out", () => {
    const quota = quotaFor(definition.plans, plan);
    const [container, claim] = limitsFor(definition.plans);

    const memory = workloads(manifests).map((workload) => {
      const size = definition.plans[plan][componentOf(workload)];
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
    expect(volumes.length).toBeGreaterThan(0);
    for (const volume of volumes) expect(volume).toBeLessThanOrEqual(mebibytes(claim?.max.storage));
    expect(volumes.reduce((sum, one) => sum + one, 0)).toBe(mebibytes(quota["requests.storage"]));
  });

  it("asks every server each second whether it has started, then whether it is ready and alive", () => {
    for (const container of servers(manifests).flatMap(mainContainers)) {
      expect(container.startupProbe?.periodSeconds, container.name).toBe(1);
      expect(container.readinessProbe, container.name).toBeDefined();
      expect(container.livenessProbe, container.name).toBeDefined();
    }
  });

  it("lets pods go quickly, and keeps every server that customers reach until its successor answers", () => {
    for (const workload of workloads(manifests)) {
      expect(podOf(workload).terminationGracePeriodSeconds).toBeLessThanOrEqual(5);
    }
    for (const deployment of ofKind(manifests, "Deployment")) {
      const { surge } = definition.plans[plan][componentOf(deployment)] ?? {};
      const { rollingUpdate, type } = deployment.spec.strategy;
      if (surge === 1) expect(rollingUpdate).toEqual({ maxSurge: 1, maxUnavailable: 0 });
      else expect(type, deployment.metadata.name).toBe("Recreate");
    }
  });

  it("takes everything secret from the store's Secret", () => {
    const secrets = variables(manifests).filter(({ name }) => /PASSWORD|SECRET|KEY|SALT|EMAIL/.test(name));

    expect(secrets.length).toBeGreaterThan(0);
    for (const { name, value, valueFrom } of secrets) {
      expect(value, name).toBeUndefined();
      expect(valueFrom).toMatchObject({ secretKeyRef: { name: "store-credentials" } });
    }
  });

  it("renders the same every time, so that nothing changes when nothing was changed", () => {
    expect(render(engine, valuesFor(engine, plan, able))).toEqual(manifests);
  });

  it("keeps replicas running where the plan has several, and scales where the plan does", () => {
    const chosen = (choose: (size: { replicas: number; autoscale?: object }) => boolean) =>
      Object.entries(definition.plans[plan])
        .filter(([, size]) => choose(size))
        .map(([component]) => component)
        .sort();
    const components = (kind: string) => ofKind(manifests, kind).map(({ metadata }) => metadata.name);

    expect(components("PodDisruptionBudget").sort()).toEqual(chosen(({ replicas }) => replicas > 1));
    expect(components("HorizontalPodAutoscaler").sort()).toEqual(chosen(({ autoscale }) => autoscale !== undefined));
    for (const deployment of ofKind(manifests, "Deployment")) {
      const size = definition.plans[plan][componentOf(deployment)];
      // The autoscaler's number would be set back at every change.
      expect(deployment.spec.replicas).toBe(size?.autoscale === undefined ? size?.replicas : undefined);
    }
  });
});

describe.skipIf(helm === undefined).each(ENGINES)("the chart of %s", (engine) => {
  const basic = (settings: ChartSettings = {}) => render(engine, valuesFor(engine, "basic", settings));
  const withSizes = (change: object) => ({ sizes: { ...(valuesFor(engine, "basic").sizes as object), ...change } });
  const database = engine === "medusa" ? "postgres" : "mariadb";

  it.each([
    ["an unknown value", { colour: "red" }],
    ["an unknown component", withSizes({ search: {} })],
    ["two databases", withSizes({ [database]: { replicas: 2 } })],
    ["an image without a tag", { images: { [database]: database } }],
  ])("refuses %s", (_case, change) => {
    const values = valuesFor(engine, "basic");
    expect(() => render(engine, { ...values, ...change })).toThrow("values don't meet the specifications");
  });

  it("gives the Secret's entries to containers, each of them on the largest plan", () => {
    const given = workloads(render(engine, valuesFor(engine, "premium")))
      .flatMap(containers)
      .flatMap(secretKeys);

    expect([...new Set(given)].sort()).toEqual(entriesOf(engine));
  });

  it("gives the former login of the database to one container alone, in stores whose secrets were made anew", () => {
    const former = (settings: ChartSettings) =>
      workloads(render(engine, valuesFor(engine, "premium", settings)))
        .flatMap(containers)
        .filter((container) => secretKeys(container).some((key) => key.startsWith("FORMER_")))
        .map(({ name }) => name);

    expect(former({})).toEqual([]);
    expect(new Set(former({ rotation: { rotation: 1 } }))).toEqual(new Set(["login"]));
  });

  it("starts pods that hold secrets anew with each rotation, but never the database or Redis", () => {
    const templates = (rotation: number) =>
      workloads(render(engine, valuesFor(engine, "premium", { rotation: { rotation } }))).map((workload) => ({
        name: workload.metadata.name,
        pod: JSON.stringify(podOf(workload)),
      }));

    const after = templates(2);
    const changed = templates(1).flatMap(({ name, pod }, index) => (pod === after[index]?.pod ? [] : [name]));
    const servers = { medusa: ["medusa", "medusa-worker"], woocommerce: ["cron", "wordpress"] };
    expect(changed.sort()).toEqual(servers[engine]);
  });

  it("makes no ingress where the cluster has none, and serves TLS where it has a certificate", () => {
    const tls = named(basic({ target: { tlsSecret: "shop1-tls" } }), "Ingress", "store");

    expect(ofKind(basic({ target: { ingressClass: "" } }), "Ingress")).toEqual([]);
    expect(tls?.spec.tls).toEqual([{ hosts: ["shop1.localhost"], secretName: "shop1-tls" }]);
  });

  const below = { baseDomain: "stores.example.com", ingressPort: 443 };

  it("asks an issuer for the certificate of each store, and tells the controller what it was told", () => {
    const ingressAnnotations = { "example.com/own": "yes" };
    const each = { ...below, tlsSecret: "store-tls", certificateIssuer: "fleet", ingressAnnotations };
    const { metadata, spec } = named(basic({ target: each }), "Ingress", "store") ?? {};

    expect(spec.tls).toEqual([{ hosts: ["shop1.stores.example.com"], secretName: "store-tls" }]);
    expect(metadata?.annotations).toEqual({ ...ingressAnnotations, "cert-manager.io/cluster-issuer": "fleet" });
  });

  it("leaves the certificate to the controller where that has a wildcard, but for a domain of the store's own", () => {
    const target = { ...below, wildcardCertificate: true, tlsSecret: "store-tls", certificateIssuer: "fleet" };
    const wildcard = named(basic({ target }), "Ingress", "store");
    const own = named(basic({ target, spec: { domain: "shop.example.org" } }), "Ingress", "store");

    expect(wildcard?.spec.tls).toEqual([{ hosts: ["shop1.stores.example.com"] }]);
    expect(wildcard?.metadata.annotations).toBeUndefined();
    expect(own?.spec.tls).toEqual([{ hosts: ["shop.example.org"], secretName: "store-tls" }]);
  });

  it("makes an HTTPRoute to the Gateway in place of the Ingress, which leads to the same Services", () => {
    const target = { ...below, gateway: "storefleet-system/storefleet/stores" };
    const { forwards } = engines[engine];
    const services = [...new Set([forwards.storefront.service, forwards.backend.service])].sort();
    const manifests = basic({ target: { ...target, wildcardCertificate: true } });
    const route = named(manifests, "HTTPRoute", "store");

    expect(ofKind(manifests, "Ingress")).toEqual([]);
    expect(route?.spec).toMatchObject({
      hostnames: ["shop1.stores.example.com"],
      parentRefs: [{ namespace: "storefleet-system", name: "storefleet", sectionName: "stores" }],
    });
    const backends: string[] = route?.spec.rules.flatMap((rule: { backendRefs: { name: string }[] }) =>
      rule.backendRefs.map(({ name }) => name),
    );
    expect(backends.sort()).toEqual(services);
    expect(JSON.stringify(route?.spec)).toContain("Strict-Transport-Security");
    expect(JSON.stringify(named(basic({ target }), "HTTPRoute", "store")?.spec)).not.toContain("Strict-Transport");
  });

  it.each([
    [{ ...below, wildcardCertificate: true }, "https://shop1.stores.example.com"],
    [{ ...below, tlsSecret: "store-tls", ingressPort: 8443 }, "https://shop1.stores.example.com:8443"],
    [{ ...below, ingressPort: 80 }, "http://shop1.stores.example.com"],
  ])("tells the shop its address with %j", (target, origin) => {
    expect(named(basic({ target }), "ConfigMap", "store-settings")?.data?.STORE_URL).toBe(origin);
  });

  it("uses the storage class and the pull secret it is given", () => {
    const manifests = basic({ target: { storageClass: "fast" }, imagePullSecret: "image-pull" });

    for (const claim of ofKind(manifests, "PersistentVolumeClaim")) expect(claim.spec.storageClassName).toBe("fast");
    for (const workload of workloads(manifests)) {
      expect(podOf(workload).imagePullSecrets).toEqual([{ name: "image-pull" }]);
    }
  });

  it.each(["$(ADMIN_PASSWORD)", "{{ .Values.host }}", '"; rm -rf /', "Ünïcødé ☕", "yes", "0x10", "a: b"])(
    "shows the display name %j as it is",
    (displayName) => {
      const manifests = basic({ spec: { displayName } });

      expect(named(manifests, "ConfigMap", "store-settings")?.data?.STORE_NAME).toBe(displayName);
      // In `env` the kubelet would replace $(…) by the value of another variable.
      expect(variables(manifests).map(({ value }) => value)).not.toContain(displayName);
    },
  );

  it("starts the pods that customers reach anew when their settings change, and only then", () => {
    const checksums = (spec: object) =>
      ofKind(basic({ spec }), "Deployment")
        .filter((deployment) => engines[engine].plans.basic[componentOf(deployment)]?.surge === 1)
        .map(({ spec: { template } }) => template.metadata.annotations["checksum/settings"]);

    const before = checksums({ displayName: "A" });
    expect(before.length).toBeGreaterThan(0);
    for (const [index, checksum] of checksums({ displayName: "B" }).entries()) expect(checksum).not.toBe(before[index]);
    expect(checksums({ displayName: "A" })).toEqual(before);
  });
});
