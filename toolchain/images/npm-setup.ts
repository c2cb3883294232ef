import { existsSync } from "node:fs";
import { homedir } from "node:os";
import type { ToolchainContext } from "../lib/context.ts";
import { run } from "../lib/exec.ts";

/** How this machine reaches the npm registry. */
export interface NpmSetup {
  /** Lines for an npmrc: registry, proxies, and whose certificates to trust. */
  readonly settings: string;
  /** The user's own npmrc, which may hold logins and is therefore handed on unread. */
  readonly userFile: string | undefined;
  /** Certificates npm was told to trust. */
  readonly certificates: string | undefined;
}

const keys = ["registry", "proxy", "https-proxy", "noproxy", "strict-ssl", "cafile", "userconfig"] as const;

/** Reads the answer of `npm config get key …`: one `key=value` per line. */
export function parseNpmConfig(answer: string): ReadonlyMap<string, string> {
  const settings = new Map<string, string>();
  for (const line of answer.split("\n")) {
    const [, key, value] = /^([a-z-]+) ?= ?(.*)$/.exec(line) ?? [];
    if (key === undefined || value === undefined) continue;
    if (value !== "" && value !== "null" && value !== "undefined") settings.set(key, value);
  }
  return settings;
}

/** Asks the machine's npm, outside of any project so that no project's npmrc counts. */
export async function readNpmSetup(context: ToolchainContext): Promise<NpmSetup> {
  const { stdout } = await run("npm", ["config", "get", ...keys], { cwd: homedir(), signal: context.signal });
  const settings = parseNpmConfig(stdout);
  const userFile = settings.get("userconfig");
  return {
    settings: [...settings]
      .filter(([key]) => key !== "cafile" && key !== "userconfig")
      .map(([key, value]) => `${key}=${value}\n`)
      .join(""),
    userFile: userFile !== undefined && existsSync(userFile) ? userFile : undefined,
    certificates: settings.get("cafile"),
  };
}
