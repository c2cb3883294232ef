import { beforeAll, describe, expect, it } from "vitest";
import { type ProgramRun, runPlatformProgram } from "../helpers/store-program.ts";
import { platformImages } from "./platform-images.ts";

const CLUSTER = "kubernetes:postgresql.cnpg.io/v1:Cluster";
const RELEASE = "kubernetes:helm.sh/v3:Release";
const given = { ...platformImages, databaseImage: "", database: "cloudnativepg", databasePassword: "hidden" };

describe("a database of several servers", () => {
  let run: ProgramRun;
  beforeAll(async () => {
    run = await runPlatformProgram("several", { ...given, databaseStorage: "20Gi", storageClass: "fast" });
  });

  it("is a cluster of three whose writes are on two of them, awaited until it is ready", () => {
    const { metadata, spec } = run.find(CLUSTER).plain;

    expect(metadata).toMatchObject({ name: "database", annotations: { "pulumi.com/waitFor": "condition=Ready" } });
    expect(spec).toMatchObject({
      instances: 3,
      storage: { size: "20Gi", storageClass: "fast" },
      postgresql: { synchronous: { method: "any", number: 1 } },
      bootstrap: { initdb: { database: "storefleet", owner: "storefleet", secret: { name: "database-owner" } } },
    });
    expect(run.resources.filter(({ type }) => type.endsWith(":StatefulSet")).map(({ name }) => name)).toEqual([
      "worker",
    ]);
  });

  it("is reached at the server that takes writes, by the password of its owner, which is secret", () => {
    expect(run.find("kubernetes:core/v1:Secret", "database").shown.stringData).toMatchObject({
      url: "postgres://storefleet:hidden@database-rw:5432/storefleet",
    });
    expect(run.find("kubernetes:core/v1:Secret", "database-owner").shown).toMatchObject({
      type: "kubernetes.io/basic-auth",
      stringData: { username: "storefleet", password: "hidden" },
    });
    expect(JSON.stringify(run.resources.map(({ plain }) => plain))).not.toContain("hidden");
  });

  it("lets its servers hear from the control plane, the operator and each other, and from nobody else", () => {
    const { podSelector, ingress } = run.find(
      "kubernetes:networking.k8s.io/v1:NetworkPolicy",
      "network-database-cluster",
    ).plain.spec as { podSelector: object; ingress: { from: object[]; ports: { port: number }[] }[] };

    expect(podSelector).toEqual({ matchLabels: { "cnpg.io/cluster": "database" } });
    expect(ingress.map(({ from, ports }) => [from.length, ports.map(({ port }) => port)])).toEqual([
      [3, [5432]],
      [2, [5432, 8000]],
    ]);
    expect(JSON.stringify(ingress)).toContain("cnpg-system");
  });

  it("expects the operator in the cluster, and installs its chart where that is asked for", async () => {
    expect(run.resources.filter(({ type }) => type === RELEASE)).toEqual([]);

    const installing = await runPlatformProgram("operator", { ...given, databaseOperator: "install" });
    expect(installing.find(RELEASE).plain).toMatchObject({
      chart: "cloudnative-pg",
      version: expect.stringMatching(/^\d+\.\d+\.\d+$/),
      namespace: "cnpg-system",
    });
  });

  it("asks a single server for no second one", async () => {
    const single = await runPlatformProgram("single", { ...given, databaseInstances: "1" });

    expect(single.find(CLUSTER).plain.spec).not.toHaveProperty("postgresql");
  });
});
