import { copyFile, cp, mkdir, mkdtemp, readFile, rm, writeFile } from "node:fs/promises";
import { join } from "node:path";
import { z } from "zod";
import type { ToolchainContext } from "../lib/context.ts";
import { CommandError, run } from "../lib/exec.ts";
import { ToolchainProblem } from "../lib/problem.ts";
import type { Step } from "../lib/progress.ts";
import { goBuildArguments, goModSchema, renderGoModule } from "./go-module.ts";
import type { GoSource } from "./tool.ts";

const downloadSchema = z.object({ GoMod: z.string(), Dir: z.string() });

/** Folder of the programs that {@link GoSource.program} names. */
const programs = join(import.meta.dirname, "programs");

/** Oldest Go that can fetch the newer one a module asks for by itself. */
const oldestGo = { major: 1, minor: 21 };

/** Reads "go version go1.26.8 linux/amd64". */
export function parseGoVersion(text: string): { major: number; minor: number } | undefined {
  const [, major, minor] = /go(\d+)\.(\d+)/.exec(text) ?? [];
  return major === undefined || minor === undefined ? undefined : { major: Number(major), minor: Number(minor) };
}

/** The Go compiler of this machine. Throws a problem when it is missing or too old to help itself. */
export async function requireGo(): Promise<string> {
  const remedy = "Install Go 1.26 or newer from https://go.dev/dl and put its bin folder on the PATH.";
  for (const go of ["go", "/usr/local/go/bin/go"]) {
    const answer = await run(go, ["version"]).catch(() => undefined);
    if (answer === undefined) continue;
    const version = parseGoVersion(answer.stdout);
    if (version !== undefined && version.major === oldestGo.major && version.minor >= oldestGo.minor) return go;
    throw new ToolchainProblem(`The Go compiler of this machine is too old (${answer.stdout.trim()}).`, remedy);
  }
  throw new ToolchainProblem("This machine has no Go compiler, and the cluster's programs are built with it.", remedy);
}

/** Go's caches are kept with ours, so that `reset` and a deleted cache leave nothing behind in the user's own. */
function goEnvironment(context: ToolchainContext): Record<string, string> {
  return {
    CGO_ENABLED: "0",
    GOCACHE: join(context.paths.cache, "go", "build"),
    GOMODCACHE: join(context.paths.cache, "go", "modules"),
    // Writable, so that removing the cache needs no chmod first.
    GOFLAGS: "-modcacherw -buildvcs=false",
    GOWORK: "off",
  };
}

/** Builds every binary of `source` into `folder`, and copies the source folders it asks for. */
export async function buildFromGo(
  context: ToolchainContext,
  source: GoSource,
  folder: string,
  step: Step,
): Promise<void> {
  const go = await requireGo();
  const env = goEnvironment(context);
  const options = { env, log: step.log, signal: context.signal };
  await mkdir(join(context.paths.cache, "go"), { recursive: true });
  const work = await mkdtemp(join(context.paths.cache, "go", "work-"));
  try {
    step.say(`fetching ${source.module} ${source.version}`);
    const fetched = await run(go, ["mod", "download", "-json", `${source.module}@${source.version}`], {
      ...options,
      cwd: work,
    });
    const module = downloadSchema.parse(JSON.parse(fetched.stdout));
    const upstream = await run(go, ["mod", "edit", "-json", module.GoMod], { ...options, cwd: work });
    await writeFile(join(work, "go.mod"), renderGoModule(goModSchema.parse(JSON.parse(upstream.stdout)), source));
    // The tool's own go.sum: its dependencies must be the very ones it was released with.
    await writeFile(join(work, "go.sum"), await readOptional(join(module.Dir, "go.sum")));
    if (source.program !== undefined) await copyFile(join(programs, source.program), join(work, "main.go"));
    for (const binary of Object.keys(source.packages)) {
      step.say(`compiling ${binary}`);
      await run("nice", ["-n", "10", go, ...goBuildArguments(source, binary, join(folder, binary))], {
        ...options,
        cwd: work,
        onLine: (line) => step.say(line.trim()),
      });
    }
    for (const [name, from] of Object.entries(source.folders ?? {})) {
      await cp(join(module.Dir, from), join(folder, name), { recursive: true });
    }
  } catch (thrown) {
    throw explain(thrown, source, step.log);
  } finally {
    await rm(work, { recursive: true, force: true });
  }
}

/** Forgets what Go keeps between builds: many gigabytes, which nothing needs once the tools are built. */
export async function forgetBuilds(context: ToolchainContext): Promise<void> {
  await rm(join(context.paths.cache, "go"), { recursive: true, force: true });
}

async function readOptional(file: string): Promise<string> {
  return readFile(file, "utf8").catch(() => "");
}

function explain(thrown: unknown, source: GoSource, log: string): unknown {
  if (!(thrown instanceof CommandError)) return thrown;
  const name = `${source.module} ${source.version}`;
  if (/no space left on device/.test(thrown.message)) {
    return new ToolchainProblem(
      `The disk became full while building ${name}.`,
      "Free at least 10 GB, or set STOREFLEET_CACHE to a larger disk, and run the command again.",
      { cause: thrown },
    );
  }
  if (/requires go >=|go: download go/.test(thrown.message)) {
    return new ToolchainProblem(
      `${name} needs a newer Go than this machine has.`,
      "Install Go 1.26 or newer from https://go.dev/dl.",
      { cause: thrown },
    );
  }
  if (/dial tcp|i\/o timeout|connection refused|no such host|403 Forbidden/.test(thrown.message)) {
    return new ToolchainProblem(
      `The Go modules of ${name} could not be downloaded.`,
      "Check the network, or set GOPROXY to a module proxy this machine can reach.",
      { cause: thrown },
    );
  }
  return new ToolchainProblem(`${name} could not be built: ${thrown.message}`, `Read ${log} for the whole output.`, {
    cause: thrown,
  });
}
