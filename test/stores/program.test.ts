import { beforeAll, describe, expect, it } from "vitest";
import { engines } from "../../stores/engines/registry.ts";
import { credentialsSchema, outputsSchema } from "../../stores/outputs.ts";
import { ENGINES, PLANS } from "../../stores/spec.ts";
import { type Asked, CANARY, type ProgramRun, runStoreProgram } from "../helpers/store-program.ts";

const NAMESPACE = "kubernetes:core/v1:Namespace";
const QUOTA = "kubernetes:core/v1:ResourceQuota";
const LIMITS = "kubernetes:core/v1:LimitRange";
const POLICY = "kubernetes:networking.k8s.io/v1:NetworkPolicy";
const SECRET = "kubernetes:core/v1:Secret";
const RELEASE = "kubernetes:helm.sh/v3:Release";
const PROVIDER = "pulumi:providers:kubernetes";

const metadataOf = (inputs: Readonly<Record<string, unknown>>) =>
  inputs.metadata as { name: string; namespace?: string; labels: Record<string, string> };

describe.each(ENGINES)("a store on %s", (engine) => {
  describe.each(PLANS)("with the plan %s", (plan) => {
    let run: ProgramRun;
    beforeAll(async () => {
      run = await runStoreProgram("shop1", { engine, plan });
    });

    it("names every object itself, so that a run which was killed finds what it made", () => {
      const objects = run.resources.filter(({ type }) => type.startsWith("kubernetes:") && type !== RELEASE);

      for (const { name, plain } of objects) expect(metadataOf(plain).name, name).toMatch(/^[a-z][a-z0-9-]*$/);
      expect(metadataOf(run.find(NAMESPACE).plain).name).toBe("store-shop1");
      expect(run.find(RELEASE).plain).toMatchObject({ name: "store", namespace: "store-shop1" });
    });

    it("labels every object with its store and engine, and keeps all of them in one namespace", () => {
      const objects = run.resources.filter(({ type }) => type.startsWith("kubernetes:") && type !== RELEASE);

      for (const { type, name, plain } of objects) {
        const metadata = metadataOf(plain);
        expect(metadata.labels, name).toMatchObject({
          "storefleet.dev/store": "shop1",
          "storefleet.dev/engine": engine,
          "app.kubernetes.io/managed-by": "storefleet",
        });
        if (type !== NAMESPACE) expect(metadata.namespace, name).toBe("store-shop1");
      }
    });

    it("admits only pods of the restricted Pod Security standard", () => {
      const { labels } = metadataOf(run.find(NAMESPACE).plain);

      for (const mode of ["enforce", "warn", "audit"]) {
        expect(labels[`pod-security.kubernetes.io/${mode}`]).toBe("restricted");
        expect(labels[`pod-security.kubernetes.io/${mode}-version`]).toMatch(/^v1\.\d+$/);
      }
    });

    it("sets a quota and limits, without node ports and load balancers", () => {
      const quota = run.find(QUOTA).plain.spec as { hard: Record<string, string> };
      const limits = run.find(LIMITS).plain.spec as { limits: { type: string }[] };

      expect(quota.hard).toMatchObject({ "services.nodeports": "0", "services.loadbalancers": "0" });
      expect(limits.limits.map(({ type }) => type)).toEqual(["Container", "PersistentVolumeClaim"]);
    });

    it("denies every connection first, then has one policy for each component of the plan", () => {
      const policies = run.resources.filter(({ type }) => type === POLICY).map(({ plain }) => metadataOf(plain).name);

      expect(policies.sort()).toEqual(["default-deny", ...Object.keys(engines[engine].plans[plan])].sort());
    });

    it("keeps every random value secret, in one Secret of a fixed name", () => {
      const secret = run.find(SECRET);

      expect(metadataOf(secret.plain).name).toBe("store-credentials");
      expect(secret.plain.stringData).toBe("[secret]");
      expect(Object.keys(secret.shown.stringData as object).sort()).toEqual(
        [...Object.keys(engines[engine].credentials.entries), "DATABASE_USER", "DATABASE_PASSWORD"].sort(),
      );
      expect(JSON.stringify(run.resources.map(({ plain }) => plain))).not.toContain(CANARY);
    });

    it("hands nothing secret to the chart", () => {
      const { shown } = run.find(RELEASE);

      expect(JSON.stringify(shown)).not.toContain(CANARY);
      expect(JSON.stringify(shown)).not.toContain("admin@example.com");
      expect(shown.values).toMatchObject({ existingSecret: { name: "store-credentials", rotation: 0 } });
    });

    it("gives the chart at most 15 values", () => {
      expect(Object.keys(run.find(RELEASE).plain.values as object).length).toBeLessThanOrEqual(15);
    });

    it("waits for a failed start instead of rolling it back, so that its reason can be seen", () => {
      expect(run.find(RELEASE).plain).toMatchObject({ atomic: false, createNamespace: false });
      expect(run.find(RELEASE).plain.skipAwait ?? false).toBe(false);
    });

    it("adopts objects that a killed run has made", () => {
      expect(run.find(PROVIDER).plain).toMatchObject({
        upsertExistingObjects: "true",
        enableSecretMutable: "true",
        clusterIdentifier: "shop1",
      });
    });

    it("ends with outputs that fulfil their schema", async () => {
      const names = ["url", "adminUrl", "namespace", "engine", "engineVersion", "adminUser", "access", "notes"];
      const outputs = await Promise.all(names.map(async (name) => [name, await run.output(name)] as const));

      const plain = outputsSchema.parse(Object.fromEntries(outputs.map(([name, { value }]) => [name, value])));
      expect(plain).toMatchObject({ url: "http://shop1.localhost:8080", namespace: "store-shop1", engine });
      expect(outputs.filter(([, { secret }]) => secret)).toEqual([]);
    });

    it("ends with the owner's credentials as a secret output of their own", async () => {
      const { value, secret } = await run.output("credentials");

      expect(secret).toBe(true);
      expect(credentialsSchema.parse(value)).toMatchObject({ adminUser: "admin@example.com" });
      expect(credentialsSchema.parse(value).adminPassword).toContain(CANARY);
    });
  });
});

describe("the store program", () => {
  it("makes a Secret for pulling images when the registry asks for a login", async () => {
    const run = await runStoreProgram("shop1", { engine: "medusa", registryLogin: '{"auths":{}}' });

    expect(run.find(SECRET, "image-pull").plain).toMatchObject({
      type: "kubernetes.io/dockerconfigjson",
      stringData: "[secret]",
    });
    expect(run.find(RELEASE).plain.values).toMatchObject({ imagePullSecret: "image-pull" });
  });

  it("gives the store the certificate and the annotations that the platform says", async () => {
    const run = await runStoreProgram("shop1", {
      engine: "medusa",
      ...{ baseDomain: "stores.example.com", ingressPort: "443", tlsSecret: "store-tls", certificateIssuer: "fleet" },
      ingressAnnotations: JSON.stringify({ "example.com/own": "yes" }),
    });

    expect((await run.output("url")).value).toBe("https://shop1.stores.example.com");
    expect(run.find(RELEASE).plain.values).toMatchObject({
      ingress: {
        https: true,
        tlsSecret: "store-tls",
        annotations: { "example.com/own": "yes", "cert-manager.io/cluster-issuer": "fleet" },
      },
    });
  });

  it("says the commands that reach the store where the cluster has no ingress", async () => {
    const run = await runStoreProgram("shop1", { engine: "medusa", ingressClass: "" });

    expect((await run.output("url")).value).toBe("http://localhost:8000");
    expect((await run.output("adminUrl")).value).toBe("http://localhost:9000/app");
    expect((await run.output("access")).value).toContain(
      "kubectl port-forward --namespace store-shop1 service/medusa 9000:9000",
    );
  });

  it("refuses settings it cannot use before anything is made", async () => {
    const wrong = { engine: "magento", plan: "huge", sampleData: "maybe" };

    const run = runStoreProgram("kube-shop", wrong);

    await expect(run).rejects.toThrow(
      [
        'The name "kube-shop" is reserved; choose another one.',
        'The engine "magento" is not known; choose one of: medusa, woocommerce.',
        'The plan "huge" is not known; choose one of: basic, standard, premium.',
        "Sample data is a yes or no: true or false.",
      ].join("\n"),
    );
  });

  const sayings = [
    [
      "another engine",
      { engine: "woocommerce" },
      { engine: "medusa", engineVersion: "2.18.0" },
      'The store "shop1" runs on Medusa and cannot become one on WooCommerce',
    ],
    [
      "an older version than the store was run by",
      { engine: "medusa" },
      { engine: "medusa", engineVersion: "99.0.0" },
      'The store "shop1" was run by Medusa 99.0.0 and cannot go back to 2.18.0',
    ],
    [
      "an older WordPress below the same WooCommerce",
      { engine: "woocommerce" },
      { engine: "woocommerce", engineVersion: "1.0+wordpress.99.1" },
      "was run by WooCommerce 1.0 with WordPress 99.1 and cannot go back to",
    ],
    [
      "a version there is no image of",
      { engine: "medusa", engineVersion: "3.0.0" },
      {},
      "Medusa 3.0.0 cannot be had: this Storefleet brings 2.18.0. Set engineVersion to 2.18.0, or leave it out to follow.",
    ],
  ] as const;

  it.each(sayings)("refuses %s before anything is changed", async (_case, config, former, sentence) => {
    const resources: Asked[] = [];

    await expect(runStoreProgram("shop1", config, { former, resources })).rejects.toThrow(sentence);

    expect(resources).toEqual([]);
  });

  it("takes an older store along to the version it brings", async () => {
    const former = { engine: "medusa", engineVersion: "2.17.9" };

    const run = await runStoreProgram("shop1", { engine: "medusa", engineVersion: "2.18.0" }, { former });

    expect((await run.output("engineVersion")).value).toBe("2.18.0");
  });

  it("says what a plan comes to less where volumes cannot be shared", async () => {
    const config = { engine: "woocommerce", plan: "standard" };

    const alone = await runStoreProgram("shop1", config);
    const shared = await runStoreProgram("shop1", { ...config, sharedStorageClass: "files" });

    expect((await alone.output("notes")).value).toContain("Runs one server instead of 2");
    expect((await shared.output("notes")).value).toBe("");
  });
});
