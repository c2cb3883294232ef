import { beforeAll, describe, expect, it } from "vitest";
import { CANARY, type ProgramRun, runPlatformProgram } from "../helpers/store-program.ts";
import { platformImages } from "./platform-images.ts";

const images = platformImages;
const NAMESPACE = "kubernetes:core/v1:Namespace";
const SECRET = "kubernetes:core/v1:Secret";
const JOB = "kubernetes:batch/v1:Job";
const DEPLOYMENT = "kubernetes:apps/v1:Deployment";
const STATEFUL_SET = "kubernetes:apps/v1:StatefulSet";
const POLICY = "kubernetes:networking.k8s.io/v1:NetworkPolicy";
const CLUSTER_WIDE = /ClusterRole|ValidatingAdmissionPolicy|:Namespace$/;

interface Container {
  readonly name: string;
  readonly image: string;
  readonly env?: readonly { name: string; value?: string }[];
  readonly resources: { requests: Record<string, string>; limits: Record<string, string> };
  readonly securityContext: Record<string, unknown>;
}
interface Pod {
  readonly automountServiceAccountToken: boolean;
  readonly serviceAccountName?: string;
  readonly securityContext: Record<string, unknown>;
  readonly containers: readonly Container[];
}
const podOf = (inputs: Readonly<Record<string, unknown>>) => (inputs.spec as { template: { spec: Pod } }).template.spec;
const metadataOf = (inputs: Readonly<Record<string, unknown>>) =>
  inputs.metadata as { name: string; namespace?: string; labels: Record<string, string> };
const podsOf = (run: ProgramRun) =>
  run.resources.filter(({ type }) => [JOB, DEPLOYMENT, STATEFUL_SET].includes(type)).map(({ plain }) => podOf(plain));
const variable = (pod: Pod, name: string) => pod.containers[0]?.env?.find((each) => each.name === name)?.value;

describe("the platform on a cluster of one node", () => {
  let run: ProgramRun;
  beforeAll(async () => {
    run = await runPlatformProgram("local", images);
  });

  it("names and labels every object itself, so that a run which was killed finds what it made", () => {
    const objects = run.resources.filter(({ type }) => type.startsWith("kubernetes:"));

    expect(objects.length).toBeGreaterThan(20);
    for (const { type, name, plain } of objects) {
      const metadata = metadataOf(plain);
      expect(metadata.name, name).toMatch(/^[a-z][a-z0-9:-]*$/);
      expect(metadata.labels["app.kubernetes.io/part-of"], name).toBe("storefleet-platform");
      if (!CLUSTER_WIDE.test(type)) expect(metadata.namespace, name).toBe("storefleet-system");
    }
  });

  it("does not carry the label by which the service finds stores", () => {
    for (const { plain } of run.resources.filter(({ type }) => type.startsWith("kubernetes:"))) {
      expect(metadataOf(plain).labels["app.kubernetes.io/managed-by"]).not.toBe("storefleet");
    }
  });

  it("runs every container restricted, with what it needs and may use, and none as :latest", () => {
    expect(podsOf(run)).toHaveLength(4);
    expect(metadataOf(run.find(NAMESPACE).plain).labels["pod-security.kubernetes.io/enforce"]).toBe("restricted");
    for (const pod of podsOf(run)) {
      expect(pod.securityContext).toMatchObject({ runAsNonRoot: true, seccompProfile: { type: "RuntimeDefault" } });
      for (const container of pod.containers) {
        expect(container.securityContext).toEqual({
          allowPrivilegeEscalation: false,
          readOnlyRootFilesystem: true,
          capabilities: { drop: ["ALL"] },
        });
        expect(container.image).not.toMatch(/:latest$/);
        expect(container.resources).toMatchObject({
          requests: { cpu: expect.any(String), memory: expect.any(String) },
          limits: { memory: expect.any(String) },
        });
      }
    }
  });

  it("gives a token of the cluster only to the API and the workers, each its own account", () => {
    const accounts = podsOf(run).map((pod) => (pod.automountServiceAccountToken ? pod.serviceAccountName : undefined));

    expect(accounts.filter((account) => account !== undefined).sort()).toEqual(["api", "worker"]);
  });

  it("keeps every random value secret, in Secrets of fixed names", () => {
    const secrets = run.resources.filter(({ type }) => type === SECRET);

    expect(secrets.map(({ plain }) => metadataOf(plain).name).sort()).toEqual([
      "database",
      "metrics-token",
      "passphrase",
      "sealing-key",
      "signing-key",
    ]);
    for (const { plain } of secrets) expect(plain.stringData).toBe("[secret]");
    expect(JSON.stringify(run.resources.map(({ plain }) => plain))).not.toContain(CANARY);
  });

  it("lets the API believe one proxy, the ingress controller, and tell measures to whoever has the token", () => {
    const [api] = podOf(run.find(DEPLOYMENT).plain).containers ?? [];

    expect(api?.env).toContainEqual({ name: "STOREFLEET_TRUSTED_PROXIES", value: "1" });
    expect(api?.env?.find(({ name }) => name === "STOREFLEET_METRICS_TOKEN")).toMatchObject({
      valueFrom: { secretKeyRef: { name: "metrics-token", key: "token" } },
    });
  });

  it("denies every connection first, then has one policy for each part", () => {
    const policies = run.resources.filter(({ type }) => type === POLICY).map(({ plain }) => metadataOf(plain).name);

    expect(policies.sort()).toEqual(["api", "database", "default-deny", "migration", "operation", "worker"]);
  });

  it("brings the database up to date in a Job of the version's name before that version runs", () => {
    expect(metadataOf(run.find(JOB).plain).name).toBe("migration-0123456789ab");
  });

  it("keeps state on a volume, and asks stores to sell through the ingress controller", () => {
    const worker = podOf(run.find(STATEFUL_SET, "worker").plain);

    expect(variable(worker, "PULUMI_BACKEND_URL")).toBe("file:///state");
    expect(variable(worker, "STOREFLEET_INGRESS_ADDRESS")).toBe("traefik.traefik.svc:80");
  });

  it("says where the dashboard answers and how to sign in", async () => {
    expect((await run.output("url")).value).toBe("http://storefleet.localhost:8080");
    expect((await run.output("signIn")).value).toMatch(
      /^kubectl exec --namespace storefleet-system deployment\/api -- /,
    );
  });
});

describe("the platform with a database and state elsewhere", () => {
  let run: ProgramRun;
  beforeAll(async () => {
    run = await runPlatformProgram("production", {
      ...images,
      database: "external",
      databaseUrl: "postgres://fleet:hidden@database.example.com/storefleet",
      stateBackend: "s3://states",
      apiReplicas: "3",
      certificates: "given",
      storeCertificates: "wildcard",
      ingressService: "traefik:443",
      ingressPort: "443",
    });
  });

  it("runs no database and needs no volume", () => {
    expect(run.resources.filter(({ type }) => type === STATEFUL_SET).map(({ name }) => name)).toEqual(["worker"]);
    expect(run.resources.filter(({ type }) => type.endsWith("PersistentVolumeClaim"))).toEqual([]);
    expect(variable(podOf(run.find(STATEFUL_SET).plain), "PULUMI_BACKEND_URL")).toBe("s3://states");
  });

  it("keeps the database's address secret", () => {
    expect(run.find(SECRET, "database").shown.stringData).toEqual({
      url: "postgres://fleet:hidden@database.example.com/storefleet",
    });
    expect(JSON.stringify(run.resources.map(({ plain }) => plain))).not.toContain("hidden");
  });

  it("serves https under its own name", async () => {
    expect((await run.output("url")).value).toBe("https://storefleet.localhost");
    expect(run.find("kubernetes:networking.k8s.io/v1:Ingress").plain.spec).toMatchObject({
      tls: [{ hosts: ["storefleet.localhost"], secretName: "dashboard-tls" }],
    });
  });

  it("keeps all pods but one of each kind up while nodes are emptied", () => {
    const budgets = run.resources.filter(({ type }) => type === "kubernetes:policy/v1:PodDisruptionBudget");

    expect(budgets.map(({ plain }) => [metadataOf(plain).name, plain.spec])).toEqual([
      ["api", expect.objectContaining({ maxUnavailable: 1 })],
    ]);
  });

  it("runs as many API pods as were asked for, and never fewer while they are replaced", () => {
    expect(run.find(DEPLOYMENT).plain.spec).toMatchObject({
      replicas: 3,
      strategy: { rollingUpdate: { maxUnavailable: 0 } },
    });
  });
});

describe("the platform whose secrets were made anew", () => {
  it("takes those that it is given, and lets pods begin with the role that has the new password", async () => {
    const given = {
      databaseRole: "storefleet_2",
      databasePassword: "hidden-2",
      passphrase: "hidden-3",
      signingKey: "hidden-4",
    };
    const run = await runPlatformProgram("rotated", { ...images, ...given });

    expect(run.find(SECRET, "database").shown.stringData).toMatchObject({
      url: "postgres://storefleet_2:hidden-2@database:5432/storefleet",
    });
    expect(run.find(SECRET, "passphrase").shown.stringData).toEqual({ passphrase: "hidden-3" });
    expect(run.find(SECRET, "signing-key").shown.stringData).toEqual({ key: "hidden-4" });
    for (const [type, name] of [
      [DEPLOYMENT, "api"],
      [STATEFUL_SET, "worker"],
    ] as const) {
      const { template } = run.find(type, name).plain.spec as { template: { metadata: { annotations: object } } };
      expect(template.metadata.annotations).toEqual({
        "storefleet.dev/database-role": "storefleet_2",
        "storefleet.dev/sealing-keys": expect.stringMatching(/^[\w-]{8}$/),
      });
    }
    expect(JSON.stringify(run.resources.map(({ plain }) => plain))).not.toContain("hidden");
  });
});

describe("the platform whose key for kubeconfigs is being exchanged", () => {
  it("tells pods which key seals and which others open, and begins them anew with each change", async () => {
    const marks = new Set<unknown>();
    const steps: readonly [Record<string, string>, object][] = [
      [{}, { key: "", others: "" }],
      [{ nextSealingKey: "hidden-2" }, { key: "", others: "hidden-2" }],
      [
        { sealingKey: "hidden-2", formerSealingKey: "hidden-1" },
        { key: "hidden-2", others: "hidden-1" },
      ],
      [{ sealingKey: "hidden-2" }, { key: "hidden-2", others: "" }],
    ];
    for (const [given, expected] of steps) {
      const run = await runPlatformProgram("sealing", { ...images, ...given });
      const { template } = run.find(DEPLOYMENT, "api").plain.spec as {
        template: { metadata: { annotations: object } };
      };

      expect(run.find(SECRET, "sealing-key").shown.stringData).toMatchObject(expected);
      expect(JSON.stringify(run.resources.map(({ plain }) => plain))).not.toContain("hidden");
      marks.add(JSON.stringify(template.metadata.annotations));
    }

    expect(marks.size).toBe(steps.length);
  });
});

describe("the platform that grows with its load", () => {
  it("starts workers by how busy they are, and by what waits where the cluster can tell", async () => {
    const grows = { ...images, workerReplicas: "2", workerMaxReplicas: "8", concurrency: "4" };
    const autoscaler = async (settings: Record<string, string>) =>
      (await runPlatformProgram("waits", { ...grows, ...settings })).find(
        "kubernetes:autoscaling/v2:HorizontalPodAutoscaler",
        "worker",
      ).plain.spec;

    expect(await autoscaler({})).toMatchObject({
      scaleTargetRef: { kind: "StatefulSet", name: "worker" },
      minReplicas: 2,
      maxReplicas: 8,
      metrics: [{ type: "Resource" }],
    });
    expect(await autoscaler({ queueMetric: "storefleet_queue_depth" })).toMatchObject({
      metrics: [
        { type: "Resource" },
        {
          type: "External",
          external: { metric: { name: "storefleet_queue_depth" }, target: { type: "AverageValue", averageValue: "4" } },
        },
      ],
    });
  });

  it("leaves the number of API pods to the cluster", async () => {
    const run = await runPlatformProgram("grows", { ...images, apiReplicas: "2", apiMaxReplicas: "6" });

    expect(run.find("kubernetes:autoscaling/v2:HorizontalPodAutoscaler").plain.spec).toMatchObject({
      scaleTargetRef: { kind: "Deployment", name: "api" },
      minReplicas: 2,
      maxReplicas: 6,
    });
    expect(run.find(DEPLOYMENT).plain.spec).not.toHaveProperty("replicas");
  });
});
