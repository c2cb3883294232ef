import { execFileSync } from "node:child_process";
import { existsSync, readdirSync } from "node:fs";
import { delimiter, join } from "node:path";
import { parseAllDocuments } from "yaml";
import { readEnvironment } from "../../toolchain/lib/environment.ts";
import { run } from "../../toolchain/lib/exec.ts";
import { repositoryRoot, resolvePaths } from "../../toolchain/lib/paths.ts";
import type { TestCluster } from "./cluster.ts";

/** The helm binary of this machine: the one that is named, the one on the PATH, or the toolchain's own. */
export function findHelm(): string | undefined {
  const environment = readEnvironment();
  const tools = join(resolvePaths(environment).cache, "tools", "helm");
  const versions = existsSync(tools) ? readdirSync(tools).sort() : [];
  return [
    process.env.STOREFLEET_HELM ?? "",
    ...environment.PATH.split(delimiter).map((folder) => join(folder, "helm")),
    ...versions.reverse().map((version) => join(tools, version, "helm")),
  ].find((file) => file !== "" && existsSync(file));
}

/** Runs helm on the cluster and gives its standard output. */
export async function runHelm({ cluster, helm }: Pick<TestCluster, "cluster" | "helm">, ...args: string[]) {
  const flags = ["--kubeconfig", cluster.kubeconfig, "--kube-context", cluster.context];
  return (await run(helm, [...flags, ...args])).stdout;
}

/** A Kubernetes object as a chart renders it. */
export interface Manifest {
  readonly apiVersion: string;
  readonly kind: string;
  readonly metadata: {
    readonly name: string;
    readonly labels: Readonly<Record<string, string>>;
    readonly annotations?: Readonly<Record<string, string>>;
  };
  // Tests look into many kinds of objects; each says what it expects there.
  // biome-ignore lint/suspicious/noExplicitAny: the shape depends on the kind
  readonly spec: any;
  readonly data?: Readonly<Record<string, string>>;
}

/** The YAML of a chart with values as the store program gives them. Throws with helm's own words. */
export function renderText(helm: string, chart: string, values: unknown): string {
  const folder = join(repositoryRoot, "stores", "charts", chart);
  return execFileSync(helm, ["template", "store", folder, "--namespace", "store-shop1", "--values", "-"], {
    input: JSON.stringify(values),
    encoding: "utf8",
    stdio: ["pipe", "pipe", "pipe"],
  });
}

/** What helm's strict lint says of a chart with values. Throws with helm's own words where it finds anything. */
export function lintText(helm: string, chart: string, values: unknown): string {
  const folder = join(repositoryRoot, "stores", "charts", chart);
  return execFileSync(helm, ["lint", "--strict", folder, "--namespace", "store-shop1", "--values", "-"], {
    input: JSON.stringify(values),
    encoding: "utf8",
    stdio: ["pipe", "pipe", "pipe"],
  });
}

/** The objects of that YAML. */
export function renderChart(helm: string, chart: string, values: unknown): Manifest[] {
  return parseAllDocuments(renderText(helm, chart, values))
    .map((document) => document.toJS() as Manifest | null)
    .filter((manifest) => manifest !== null);
}
