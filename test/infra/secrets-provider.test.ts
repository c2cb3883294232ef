import { beforeAll, describe, expect, it } from "vitest";
import { parseSettings } from "../../infra/settings.ts";
import { type ProgramRun, runPlatformProgram } from "../helpers/store-program.ts";
import { platformImages } from "./platform-images.ts";

type Named = { readonly name: string };
interface Container {
  readonly env: readonly (Named & Record<string, unknown>)[];
  readonly envFrom?: unknown;
}

/** The container of the worker's pods, and that of the pods of operations, which a worker makes. */
function pulumiContainers(run: ProgramRun): readonly Container[] {
  const worker = run.find("kubernetes:apps/v1:StatefulSet", "worker").plain.spec as {
    template: { spec: { containers: Container[] } };
  };
  const map = run.find("kubernetes:core/v1:ConfigMap", "operation").plain.data as Record<string, string>;
  const job = JSON.parse(map["job.json"] ?? "") as typeof worker extends infer Spec ? { spec: Spec } : never;
  return [worker, job.spec].flatMap(({ template }) => template.spec.containers);
}

describe("stores encrypted with a key in a cloud", () => {
  it("gives Pulumi the key, and the credentials for it from a Secret, in workers and in pods of operations", async () => {
    const secretsProvider = "awskms://alias/stores?region=eu-central-1";
    const run = await runPlatformProgram("cloud", {
      ...platformImages,
      secretsProvider,
      credentialsSecret: "cloud-credentials",
    });

    for (const { env, envFrom } of pulumiContainers(run)) {
      expect(env).toContainEqual({ name: "STOREFLEET_SECRETS_PROVIDER", value: secretsProvider });
      expect(envFrom).toEqual([{ secretRef: { name: "cloud-credentials" } }]);
    }
  });

  it("lets a pod without the files of a stack take what it is encrypted with from its state", async () => {
    for (const { env } of pulumiContainers(await runPlatformProgram("fallback", platformImages))) {
      expect(env).toContainEqual({ name: "PULUMI_FALLBACK_TO_STATE_SECRETS_MANAGER", value: "true" });
    }
  });

  it("refuses what is no key", () => {
    expect(() => parseSettings({ ...platformImages, secretsProvider: "kms://x" })).toThrow(
      /secretsProvider must be passphrase, or a key such as/,
    );
  });
});

describe("stores encrypted with a Vault for trying it", () => {
  let run: ProgramRun;
  beforeAll(async () => {
    const vault = { vault: "development", secretsProvider: "hashivault://stores" };
    run = await runPlatformProgram("vault", { ...platformImages, ...vault });
  });

  it("makes the key before the Vault counts as ready", () => {
    const { template } = run.find("kubernetes:apps/v1:Deployment", "vault").plain.spec as {
      template: { spec: { containers: object[] } };
    };

    expect(template.spec.containers).toEqual([
      expect.objectContaining({
        lifecycle: { postStart: { exec: { command: ["sh", "-c", expect.stringContaining("transit/keys/stores")] } } },
        readinessProbe: { exec: { command: ["vault", "read", "transit/keys/stores"] }, periodSeconds: 5 },
      }),
    ]);
  });

  it("tells those who run Pulumi where it is, and lets nobody else reach it", () => {
    for (const { env } of pulumiContainers(run)) {
      expect(env).toContainEqual({ name: "VAULT_SERVER_URL", value: "http://vault:8200" });
      expect(env).toContainEqual({
        name: "VAULT_SERVER_TOKEN",
        valueFrom: { secretKeyRef: { name: "vault", key: "token" } },
      });
    }
    const { ingress, egress } = run.find("kubernetes:networking.k8s.io/v1:NetworkPolicy", "network-vault").plain
      .spec as { ingress: { from: { podSelector: { matchLabels: Record<string, string> } }[] }[]; egress: object[] };
    const callers = ingress.flatMap(({ from }) => from.map(({ podSelector }) => podSelector.matchLabels));
    expect(callers.map((labels) => labels["app.kubernetes.io/component"])).toEqual(["worker", "operation"]);
    expect(egress).toEqual([]);
  });

  it("is refused without a key in it", () => {
    expect(() => parseSettings({ ...platformImages, vault: "development" })).toThrow(
      "vault is development, but secretsProvider names no key in it",
    );
  });
});
