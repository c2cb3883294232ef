import { join } from "node:path";
import { imageReference } from "../../stores/images.ts";
import { platformImageReference } from "../../toolchain/images/platform-files.ts";
import { ensurePlatformImages } from "../../toolchain/images/platform-images.ts";
import { type InstalledPlatform, kubectlIn } from "../../toolchain/platform/installed-platform.ts";
import { preparePlatformFolder } from "../../toolchain/platform-stack.ts";
import { runPulumi } from "../../toolchain/pulumi.ts";
import { type ApiSession, openSession } from "../../toolchain/service/api-session.ts";
import { pulumiEnvironmentFor } from "../../toolchain/stores.ts";
import { kubectl } from "./kubectl.ts";
import type { Machine } from "./machine.ts";

/** A platform of the tests' own: another namespace, host name and state than the one somebody may have installed. */
export interface TestPlatform {
  readonly namespace: string;
  /** For those who look after it. */
  readonly installed: InstalledPlatform;
  readonly origin: string;
  /** Makes the cluster match the program, with these settings on top of those of `Pulumi.local.yaml`; the changes by kind. */
  up(settings?: Readonly<Record<string, string>>): Promise<Readonly<Record<string, number>>>;
  /** Somebody who is signed in through the ingress. */
  session(): Promise<ApiSession>;
  /** Runs kubectl in the platform's namespace. */
  kubectl(...args: string[]): Promise<string>;
  down(): Promise<void>;
}

/** Builds and loads the images where they are not there yet; before the first `up` nothing is in the cluster. */
export async function preparePlatform(machine: Machine): Promise<TestPlatform> {
  const { context, cluster, pulumi, helm } = machine;
  await ensurePlatformImages(context, cluster);
  const namespace = "storefleet-test";
  const host = `${namespace}.localhost`;
  const folder = join(machine.folder, "platform");
  const env = pulumiEnvironmentFor(pulumi, cluster, helm);
  const run = (...words: string[]) => runPulumi(pulumi, [...words, "--non-interactive"], { cwd: folder, env });
  const inNamespace = (...args: string[]) => kubectl(machine, "--namespace", namespace, ...args);
  const base = {
    namespace,
    host,
    apiImage: platformImageReference("api"),
    workerImage: platformImageReference("worker"),
    databaseImage: imageReference("postgres"),
    ...(cluster.ingress && { ingressPort: String(cluster.ingress.port) }),
  };
  preparePlatformFolder(folder, "local", base);
  await run("stack", "select", "local", "--create");
  return {
    namespace,
    origin: `http://${host}:${cluster.ingress?.port}`,
    async up(settings = {}) {
      preparePlatformFolder(folder, "local", { ...base, ...settings });
      await run("up", "--yes", "--skip-preview", "--stack", "local");
      const { stdout } = await run("stack", "history", "--json", "--page-size", "1", "--page", "1", "--stack", "local");
      const [newest]: { resourceChanges: Record<string, number> }[] = JSON.parse(stdout);
      return newest?.resourceChanges ?? {};
    },
    session: async () =>
      openSession(
        (await inNamespace("exec", "deployment/api", "--", "node", "automation-api/print-sign-in-link.ts")).trim(),
      ),
    kubectl: inNamespace,
    installed: {
      namespace,
      configFile: join(folder, "Pulumi.local.yaml"),
      pulumi: async (words, input) => {
        const options = { cwd: folder, env, ...(input !== undefined && { input }) };
        return (await runPulumi(pulumi, [...words, "--stack", "local", "--non-interactive"], options)).stdout;
      },
      kubectl: kubectlIn(namespace, [
        ...([machine.kubectl, "--kubeconfig", cluster.kubeconfig, "--context", cluster.context] as const),
      ]),
    },
    async down() {
      await run("destroy", "--yes", "--skip-preview", "--stack", "local");
    },
  };
}
