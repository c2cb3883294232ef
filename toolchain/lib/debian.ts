import { existsSync } from "node:fs";
import { join } from "node:path";
import type { ToolchainContext } from "./context.ts";
import { CommandError, run, succeeds } from "./exec.ts";
import { withLock } from "./lock.ts";
import { ToolchainProblem } from "./problem.ts";

/** Those of the packages that are not installed. Everything counts as missing where there is no dpkg. */
export async function missingPackages(packages: readonly string[]): Promise<string[]> {
  const installed = await Promise.all(
    packages.map(async (name) => {
      try {
        // biome-ignore lint/suspicious/noTemplateCurlyInString: dpkg-query expands the placeholder, not JavaScript.
        const { stdout } = await run("dpkg-query", ["--show", "--showformat=${db:Status-Abbrev}", name]);
        return stdout.startsWith("ii");
      } catch {
        return false;
      }
    }),
  );
  return packages.filter((_name, index) => installed[index] === false);
}

/** Whether this machine lets us install Debian packages. */
export function canInstallPackages(): boolean {
  return process.getuid?.() === 0 && existsSync("/usr/bin/apt-get");
}

/**
 * Makes sure of Debian packages. Services that come with them are not started (RUNLEVEL=1 tells
 * invoke-rc.d so), because we run our own copies of what we need.
 * @param why completes the sentence "… is needed …", such as "to build images"
 */
export async function ensurePackages(
  context: ToolchainContext,
  packages: readonly string[],
  why: string,
): Promise<void> {
  if ((await missingPackages(packages)).length === 0) return;
  await withLock(
    join(context.paths.run, "apt.lock"),
    "installing packages",
    async () => {
      const missing = await missingPackages(packages);
      if (missing.length === 0) return;
      const remedy = `As root: apt-get update && apt-get install --no-install-recommends ${missing.join(" ")}`;
      if (!canInstallPackages()) {
        throw new ToolchainProblem(`Packages are missing that are needed ${why}: ${missing.join(", ")}.`, remedy);
      }
      await context.reporter.step(`Install ${missing.length} Debian packages ${why}`, 30, async (step) => {
        step.say(missing.join(", "));
        try {
          await aptInstall(context, missing, step.log);
        } catch (error) {
          if (!(error instanceof CommandError)) throw error;
          throw new ToolchainProblem(`Packages needed ${why} could not be installed: ${missing.join(", ")}.`, remedy, {
            cause: error,
          });
        }
      });
    },
    { waitSeconds: 900, signal: context.signal, onWait: (holder) => context.reporter.info(`  Waiting for ${holder}`) },
  );
}

async function aptInstall(context: ToolchainContext, packages: readonly string[], log: string): Promise<void> {
  const options = { log, signal: context.signal, env: { DEBIAN_FRONTEND: "noninteractive", RUNLEVEL: "1" } };
  // Another apt may be at work; it waits instead of failing.
  const install = ["-o", "DPkg::Lock::Timeout=600", "install", "-y", "--no-install-recommends", ...packages];
  if (!(await succeeds("apt-get", install, options))) {
    // The package lists of a fresh machine may be missing or old: only then are they fetched.
    await run("apt-get", ["-o", "DPkg::Lock::Timeout=600", "update"], options);
    await run("apt-get", install, options);
  }
  // Where systemd runs, Debian starts the services it installs all the same; ours is a containerd of its own.
  if (packages.includes("containerd") && existsSync("/run/systemd/system")) {
    await run("systemctl", ["disable", "--now", "containerd"], options);
  }
}
