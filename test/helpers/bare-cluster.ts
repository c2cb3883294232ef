import { mkdtempSync, rmSync } from "node:fs";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { imageReference } from "../../stores/images.ts";
import { type Cluster, ensureCluster } from "../../toolchain/cluster/cluster.ts";
import { ensureImages, prepareImages } from "../../toolchain/images/images.ts";
import { createContext } from "../../toolchain/lib/context.ts";
import { run } from "../../toolchain/lib/exec.ts";
import { createSilentReporter } from "../../toolchain/lib/progress.ts";
import { ensureTool } from "../../toolchain/tools/tools.ts";

/** This machine's cluster for tests that need no store: one small image, helm and kubectl. */
export interface BareCluster {
  readonly cluster: Cluster;
  /** An image in the cluster that has `sleep`. */
  readonly image: string;
  /** Path of the helm executable. */
  readonly helmFile: string;
  /** Gone after {@link BareCluster.release}. */
  readonly folder: string;
  /** Runs kubectl and gives its standard output. */
  kubectl(...args: string[]): Promise<string>;
  /** Runs helm and gives its standard output. */
  helm(...args: string[]): Promise<string>;
  release(): void;
}

export async function takeBareCluster(): Promise<BareCluster> {
  const base = createContext();
  const context = { ...base, reporter: createSilentReporter(base.paths.logs) };
  const [cluster] = await Promise.all([ensureCluster(context, {}), prepareImages(context, ["redis"])]);
  await ensureImages(context, cluster, ["redis"]);
  const helmFile = await ensureTool(context, "helm");
  const kubectlFile = await ensureTool(context, "kubectl");
  const folder = mkdtempSync(join(tmpdir(), "storefleet-test-"));
  const { kubeconfig, context: name } = cluster;
  return {
    cluster,
    image: imageReference("redis", context.environment.STOREFLEET_REGISTRY ?? "localhost"),
    helmFile,
    folder,
    kubectl: async (...args) =>
      (await run(kubectlFile, ["--kubeconfig", kubeconfig, "--context", name, ...args], { timeoutSeconds: 120 }))
        .stdout,
    helm: async (...args) =>
      (await run(helmFile, ["--kubeconfig", kubeconfig, "--kube-context", name, ...args])).stdout,
    release: () => rmSync(folder, { recursive: true, force: true }),
  };
}
