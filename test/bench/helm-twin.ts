import { writeFileSync } from "node:fs";
import { join } from "node:path";
import { run } from "../../toolchain/lib/exec.ts";
import { repositoryRoot } from "../../toolchain/lib/paths.ts";
import { kubectl } from "../helpers/kubectl.ts";
import type { Machine } from "../helpers/machine.ts";

/**
 * The same chart with the same values and secrets, installed by plain `helm install --wait`: what a store costs without
 * Pulumi, to measure our own share in the same run.
 */
export interface HelmTwin {
  /** Seconds of `helm install --wait` alone; the namespace and its Secret are there already. */
  install(name: string): Promise<number>;
  remove(name: string): Promise<void>;
}

/** Makes twins of a store that is up. */
export async function createHelmTwin(machine: Machine, store: string): Promise<HelmTwin> {
  const flags = ["--kubeconfig", machine.cluster.kubeconfig, "--kube-context", machine.cluster.context];
  const values = await run(machine.helm, [...flags, "get", "values", "store", "-n", `store-${store}`, "-o", "json"]);
  const secret = JSON.parse(
    await kubectl(machine, "get", "secret", "store-credentials", "-n", `store-${store}`, "-o", "json"),
  );

  async function prepare(name: string): Promise<string> {
    const file = join(machine.folder, `${name}.json`);
    // Only the name differs; it is part of the host and of the origins.
    writeFileSync(file, values.stdout.replaceAll(store, name), { mode: 0o600 });
    await kubectl(machine, "create", "namespace", name);
    const copy = join(machine.folder, `${name}-secret.json`);
    const { data, type } = secret;
    const metadata = { name: "store-credentials", namespace: name };
    writeFileSync(copy, JSON.stringify({ apiVersion: "v1", kind: "Secret", type, metadata, data }), { mode: 0o600 });
    await kubectl(machine, "create", "-f", copy);
    return file;
  }

  return {
    async install(name) {
      const file = await prepare(name);
      const chart = join(repositoryRoot, "stores", "charts", "medusa");
      const begin = performance.now();
      await run(machine.helm, [
        ...flags,
        "install",
        "store",
        chart,
        "-n",
        name,
        "-f",
        file,
        "--wait",
        "--timeout",
        "5m",
      ]);
      return (performance.now() - begin) / 1000;
    },
    remove: async (name) => void (await kubectl(machine, "delete", "namespace", name, "--wait", "--timeout=120s")),
  };
}
