import { spawn } from "node:child_process";
import { existsSync, mkdirSync, writeFileSync } from "node:fs";
import { dirname, join } from "node:path";
import { readEnvironment } from "../../../toolchain/lib/environment.ts";
import { resolvePaths } from "../../../toolchain/lib/paths.ts";
import type { KnownThings } from "./known-things.ts";

const VERSION = "4.32.5";
const HOOKS = join(import.meta.dirname, "known_things.py");

export interface Ended {
  readonly code: number | null;
  /** What it wrote, at most the last megabyte. */
  readonly output: string;
}

interface RunOptions {
  readonly cwd?: string;
  readonly env?: Readonly<Record<string, string>>;
}

function run(command: string, args: readonly string[], { env, cwd }: RunOptions = {}): Promise<Ended> {
  return new Promise((resolve, reject) => {
    const child = spawn(command, args, {
      ...(cwd !== undefined && { cwd }),
      env: { ...process.env, PYTHONUTF8: "1", COLUMNS: "160", ...env },
      stdio: ["ignore", "pipe", "pipe"],
    });
    let output = "";
    for (const stream of [child.stdout, child.stderr]) {
      stream.on("data", (text: Buffer) => {
        output = (output + String(text)).slice(-1_000_000);
      });
    }
    child.on("error", reject);
    child.on("close", (code) => resolve({ code, output }));
  });
}

/** The command, installed into the cache when it is not there; a sentence when it cannot be had. */
export async function ensureSchemathesis(): Promise<{ command: string } | { problem: string }> {
  const { cache } = resolvePaths(readEnvironment(process.env));
  const folder = join(cache, `schemathesis-${VERSION}`);
  const command = join(folder, "bin", "schemathesis");
  const whole = join(folder, "installed");
  if (existsSync(whole)) return { command };
  mkdirSync(folder, { recursive: true });
  const steps = [
    ["python3", "-m", "venv", folder],
    [join(folder, "bin", "pip"), "install", "--quiet", `schemathesis==${VERSION}`],
  ] as const;
  for (const [program, ...args] of steps) {
    const { code, output } = await run(program, args).catch((error: unknown) => ({ code: 1, output: String(error) }));
    if (code !== 0) return { problem: `schemathesis cannot be installed: ${output.trim().split("\n").at(-1)}` };
  }
  writeFileSync(whole, "");
  return { command };
}

/** Every answer is one that the document describes, and none says that something of ours is broken. */
const CHECKS = [
  "not_a_server_error",
  "status_code_conformance",
  "content_type_conformance",
  "response_headers_conformance",
  "response_schema_conformance",
];

export interface FuzzOptions {
  readonly command: string;
  readonly origin: string;
  /** What there is: most requests are led to it. */
  readonly known: KnownThings;
  /** Requests made up for each route, at most. */
  readonly examples: number;
  readonly seed: number;
}

/** Sends requests that the document allows, and such as it does not, and checks every answer against it. */
export function fuzz({ command, origin, known, examples, seed }: FuzzOptions): Promise<Ended> {
  return run(
    command,
    [
      ...["run", `${origin}/openapi.json`, "--checks", CHECKS.join(",")],
      ...["--max-examples", String(examples), "--seed", String(seed), "--continue-on-failure", "--mode", "all"],
      ...["--workers", "2", "--request-timeout", "20", "--no-color", "--suppress-health-check", "all"],
      // Made-up cookies and keys would keep it out of most routes.
      ...["--generation-with-security-parameters", "false"],
    ],
    {
      // It keeps notes where it runs.
      cwd: dirname(command),
      env: { SCHEMATHESIS_HOOKS: HOOKS, STOREFLEET_KNOWN: JSON.stringify(known), PYTHONDONTWRITEBYTECODE: "1" },
    },
  );
}
