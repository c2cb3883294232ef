import type { ToolchainContext } from "../lib/context.ts";
import { run } from "../lib/exec.ts";
import { ToolchainProblem } from "../lib/problem.ts";

/** How this machine reaches Debian, in the words of apt's own configuration files. */
export interface AptSetup {
  /** Code name of the release, such as `bookworm`. */
  readonly suite: string;
  /** Lines for sources.list: the release itself, its updates and its security updates. */
  readonly sources: string;
  /** Lines for apt.conf: proxies, timeouts and the like. */
  readonly options: string;
}

const format = "$(LABEL)|$(CODENAME)|$(REPO_URI)|$(RELEASE)|$(COMPONENT)";

/** Settings that say how to download; all others concern the machine itself and not a build. */
const downloadOption = /^Acquire::(https?|ftp|Retries|ForceIPv[46]|Check-Valid-Until|Check-Date|Max-ValidTime)\b/;

/** Picks Debian's own repositories from the answer of `apt-get indextargets`, third-party ones left out. */
export function parseAptTargets(targets: string): Pick<AptSetup, "suite" | "sources"> | undefined {
  const rows = targets
    .trim()
    .split("\n")
    .map((line) => line.split("|"))
    .filter(([label]) => label === "Debian" || label === "Debian-Security");
  const suite = rows.find(([label, codename, , release]) => label === "Debian" && codename === release)?.[1];
  if (suite === undefined) return undefined;
  const belongs = new Set([suite, `${suite}-updates`, `${suite}-security`]);
  const sources = rows
    .filter(([, codename]) => codename !== undefined && belongs.has(codename))
    .map(([, , uri, release, component]) => `deb ${uri} ${release} ${component}\n`);
  return { suite, sources: [...new Set(sources)].join("") };
}

/** Keeps of `apt-config dump` what says how to download. */
export function parseAptOptions(dump: string): string {
  const lines = dump.split("\n").filter((line) => downloadOption.test(line));
  return lines.map((line) => `${line}\n`).join("");
}

/** Asks the machine's apt. Its answers go into files that exist during a build only, never into the repository. */
export async function readAptSetup(context: ToolchainContext): Promise<AptSetup> {
  const ask = async () => {
    const args = ["indextargets", "--format", format, "Created-By: Packages"];
    return parseAptTargets((await run("apt-get", args, { signal: context.signal })).stdout);
  };
  let found = await ask();
  if (found === undefined) {
    // A repository has no label until its index has been fetched once.
    await run("apt-get", ["-o", "DPkg::Lock::Timeout=600", "update"], { signal: context.signal });
    found = await ask();
  }
  if (found === undefined) {
    throw new ToolchainProblem(
      "Images are built on Debian here, but apt knows no Debian mirror on this machine.",
      "Install Docker, or set STOREFLEET_REGISTRY to a registry that holds the images.",
    );
  }
  const { stdout } = await run("apt-config", ["dump"], { signal: context.signal });
  return { ...found, options: parseAptOptions(stdout) };
}
