import type { ToolchainContext } from "./lib/context.ts";
import { canInstallPackages, ensurePackages } from "./lib/debian.ts";
import { run } from "./lib/exec.ts";
import { ToolchainProblem } from "./lib/problem.ts";

/** Browsers that speak the protocol our end-to-end tests use, in order of preference. */
const browsers = ["chromium", "chromium-browser", "google-chrome", "google-chrome-stable"];

async function findBrowser(): Promise<string | undefined> {
  for (const name of browsers) {
    try {
      return (await run("sh", ["-c", `command -v ${name}`])).stdout.trim();
    } catch {
      // Not this one.
    }
  }
  return undefined;
}

/** Path of a Chromium for the end-to-end tests; installed from Debian where there is none. */
export async function ensureBrowser(context: ToolchainContext): Promise<string> {
  const found = await findBrowser();
  if (found !== undefined) return found;
  if (canInstallPackages()) await ensurePackages(context, ["chromium"], "to run the browser tests");
  const installed = await findBrowser();
  if (installed !== undefined) return installed;
  throw new ToolchainProblem(
    "The end-to-end tests need Chromium or Chrome, and neither is on the PATH.",
    "Install Chromium, or leave these tests out with npm test -- --only unit,conformance,cluster.",
  );
}
