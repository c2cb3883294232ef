import { spawn } from "node:child_process";
import { existsSync, mkdtempSync, readdirSync, rmSync, writeFileSync } from "node:fs";
import { tmpdir } from "node:os";
import { delimiter, join } from "node:path";
import type { Properties } from "../../values.ts";
import { isPath } from "../kubernetes/connection.ts";
import type { Settings } from "../kubernetes/settings.ts";

/** Helm said no. The message is Helm's own, without its prefixes. */
export class HelmError extends Error {
  constructor(message: string) {
    super(message);
    this.name = "HelmError";
  }
}

export interface Helm {
  /**
   * Runs helm to its end and answers what it printed. Aborting `signal` makes it stop in good order: it records the
   * release as failed. Throws {@link HelmError} when helm fails.
   */
  run(args: readonly string[], options?: { values?: Properties; signal?: AbortSignal }): Promise<string>;
}

/** Helm lives a second or two; collecting its garbage twice as often costs a tenth of a second and saves some megabytes. */
const LEAN = { GOGC: "50" };

/** Runs the helm executable against the provider's cluster. */
export function createHelm(settings: () => Settings): Helm {
  return {
    async run(args, { values, signal } = {}) {
      const { kubeconfig, context, environment } = settings();
      const config = kubeconfigFile(kubeconfig);
      const all = [...args, ...(context === undefined ? [] : ["--kube-context", context])];
      const variables = {
        ...LEAN,
        ...withoutPulumi(environment),
        HELM_DRIVER: "secret",
        ...(config && { KUBECONFIG: config.path }),
      };
      try {
        // Values may hold secrets: they never touch the command line or the disk.
        const input = values === undefined ? "" : JSON.stringify(values);
        return await execute(dyingWithUs([findHelm(settings()), ...all]), variables, input, signal);
      } finally {
        config?.remove();
      }
    },
  };
}

/** The passphrase of the state is none of helm's business, nor of the charts it renders. */
function withoutPulumi(environment: NodeJS.ProcessEnv): NodeJS.ProcessEnv {
  return Object.fromEntries(Object.entries(environment).filter(([name]) => !name.startsWith("PULUMI_")));
}

function execute(
  [command = "", ...args]: readonly string[],
  env: NodeJS.ProcessEnv,
  input: string,
  signal: AbortSignal | undefined,
): Promise<string> {
  return new Promise((resolve, reject) => {
    const child = spawn(command, args, { env, ...(signal && { signal }) });
    const printed = { stdout: "", stderr: "" };
    child.stdout.setEncoding("utf8").on("data", (chunk: string) => {
      printed.stdout += chunk;
    });
    child.stderr.setEncoding("utf8").on("data", (chunk: string) => {
      printed.stderr += chunk;
    });
    // A helm that ends without reading its input closes the pipe; its exit code tells what happened.
    child.stdin.on("error", () => undefined).end(input);
    child.on("error", (error) => {
      if (!signal?.aborted) reject(new HelmError(`${command} could not be started: ${error.message}`));
    });
    child.on("close", (code) => {
      if (signal?.aborted && code !== 0) reject(new HelmError("context canceled"));
      else if (code === 0) resolve(printed.stdout);
      else reject(new HelmError(ownWords(printed.stderr) || `helm ended with exit code ${code}`));
    });
  });
}

/** What helm printed after its last `Error:`, which is all a person needs. */
function ownWords(stderr: string): string {
  const text = stderr.split(/^Error: /m).at(-1) ?? "";
  return text.trim().replace(/^(?:INSTALLATION|UPGRADE) FAILED: /, "");
}

/** A kubeconfig given by its contents goes to helm as a file only its owner can read. */
function kubeconfigFile(kubeconfig: string | undefined): { path: string; remove(): void } | undefined {
  if (kubeconfig === undefined) return undefined;
  if (isPath(kubeconfig)) return { path: kubeconfig, remove: () => undefined };
  const folder = mkdtempSync(join(tmpdir(), "storefleet-helm-"));
  const path = join(folder, "kubeconfig");
  writeFileSync(path, kubeconfig, { mode: 0o600 });
  return { path, remove: () => rmSync(folder, { recursive: true, force: true }) };
}

const SETPRIV = "/usr/bin/setpriv";

/**
 * A helm that outlives a killed engine would work on a release that the next run works on too. Linux can end it with us;
 * SIGTERM makes it record the release as failed, which is no obstacle to the next run.
 */
function dyingWithUs(command: readonly string[]): readonly string[] {
  return existsSync(SETPRIV) ? [SETPRIV, "--pdeathsig", "TERM", "--", ...command] : command;
}

/** The configured helm, else the one on the PATH, else the newest in the cache. */
function findHelm({ helm, environment }: Settings): string {
  if (helm !== undefined) return helm;
  const onPath = (environment.PATH ?? "").split(delimiter).map((folder) => join(folder, "helm"));
  const caches =
    environment.STOREFLEET_CACHE ??
    join(environment.XDG_CACHE_HOME ?? join(environment.HOME ?? "", ".cache"), "storefleet");
  const tools = join(caches, "tools", "helm");
  const versions = existsSync(tools) ? readdirSync(tools).sort(byVersion) : [];
  const cached = versions.map((version) => join(tools, version, "helm"));
  const found = [...onPath, ...cached].find(existsSync);
  if (found === undefined) {
    throw new Error("Helm releases need the helm executable. Install helm 3, or name one in STOREFLEET_HELM.");
  }
  return found;
}

/** Newest first: `v3.18.10` before `v3.18.6`. */
function byVersion(left: string, right: string): number {
  return right.localeCompare(left, "en", { numeric: true });
}
