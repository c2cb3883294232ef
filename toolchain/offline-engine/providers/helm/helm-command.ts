import { existsSync, mkdtempSync, readdirSync, rmSync, writeFileSync } from "node:fs";
import { tmpdir } from "node:os";
import { delimiter, join } from "node:path";
import { CommandError, type RunResult, run } from "../../../lib/exec.ts";
import type { Properties } from "../../values.ts";
import { isPath } from "../kubernetes/connection.ts";
import type { Settings } from "../kubernetes/settings.ts";

/** Helm said no. The message is Helm's own, without its prefixes. */
export class HelmError extends Error {
  constructor(message: string, options?: ErrorOptions) {
    super(message, options);
    this.name = "HelmError";
  }
}

export interface Helm {
  /** Runs helm to its end. Aborting `signal` lets it end in good order: the release is then recorded as failed. */
  run(args: readonly string[], options?: { values?: Properties; signal?: AbortSignal }): Promise<RunResult>;
}

/** Runs the helm executable against the provider's cluster. */
export function createHelm(settings: () => Settings): Helm {
  return {
    async run(args, { values, signal } = {}) {
      const { kubeconfig, context, environment } = settings();
      const config = kubeconfigFile(kubeconfig);
      const all = [...args, ...(context === undefined ? [] : ["--kube-context", context])];
      const [command, ...rest] = dyingWithUs([findHelm(settings()), ...all]);
      try {
        return await run(command ?? "helm", rest, {
          env: { HELM_DRIVER: "secret", KUBECONFIG: config?.path ?? environment.KUBECONFIG },
          // Values may hold secrets: they never touch the command line or the disk.
          ...(values === undefined ? {} : { input: JSON.stringify(values) }),
          ...(signal === undefined ? {} : { signal }),
        });
      } catch (error) {
        if (signal?.aborted) throw new HelmError("context canceled", { cause: error });
        throw error instanceof CommandError && error.exitCode !== undefined ? helmError(error) : error;
      } finally {
        config?.remove();
      }
    },
  };
}

/** What helm printed after its last `Error:`, which is all a person needs. */
function helmError(error: CommandError): HelmError {
  const text = error.stderr.split(/^Error: /m).at(-1) ?? error.message;
  return new HelmError(text.trim().replace(/^(?:INSTALLATION|UPGRADE) FAILED: /, ""), { cause: error });
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
