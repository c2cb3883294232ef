import { type ChildProcess, spawn } from "node:child_process";
import { existsSync, statSync } from "node:fs";
import { createRequire } from "node:module";
import { basename, dirname, join } from "node:path";
import { createInterface } from "node:readline";
import type { Diagnostics } from "./deployment/diagnostics.ts";
import { EngineProblem } from "./problem.ts";
import type { Project } from "./project.ts";
import type { PlainConfigValue } from "./stack-config.ts";

/** The SDK ends with this code when it has told the person already what went wrong. */
const ALREADY_REPORTED = 32;

/**
 * Programs are short and mostly load code, so a small nursery and an early collection cost no time and save some sixty
 * megabytes. A program that needs a larger heap says so in `runtime.options.nodeargs`, which comes after these.
 */
const NODE_ARGUMENTS = ["--max-semi-space-size=1", "--max-old-space-size=256"];

/** See there. With ts-node it would be wrong: that needs the compiler anyway, and steps back where it sees other hooks. */
const LATE_MODULES = ["--import", new URL("./late-modules.ts", import.meta.url).href];

export interface ProgramRun {
  readonly project: Project;
  readonly stack: string;
  readonly organization: string;
  readonly preview: boolean;
  readonly parallel: number;
  /** Address of the monitor and engine services. */
  readonly address: string;
  readonly config: Readonly<Record<string, PlainConfigValue>>;
  readonly environment: NodeJS.ProcessEnv;
  /** Folder for Node's compiled code, which saves a good part of every start. */
  readonly compileCache: string;
  readonly diagnostics: Diagnostics;
}

export interface RunningProgram {
  /** How the program ended: undefined when well, else what to say; empty when it said so itself. */
  readonly ended: Promise<string | undefined>;
  stop(): void;
}

/** Folder in which the program runs; relative paths in its resources, such as that of a chart, begin there. */
export function programFolder(project: Project): string {
  if (!existsSync(project.program)) {
    throw new EngineProblem(`The program ${project.program}, which 'main' in ${project.file} names, does not exist.`);
  }
  return statSync(project.program).isDirectory() ? project.program : dirname(project.program);
}

/** Starts the program in a process of its own, run by the SDK that is installed beside it. */
export function startProgram(run: ProgramRun): RunningProgram {
  const { project } = run;
  const folder = programFolder(project);
  const isFolder = folder === project.program;
  const child = spawn(
    process.execPath,
    [
      ...NODE_ARGUMENTS,
      ...(project.typescript ? [] : LATE_MODULES),
      ...project.nodeArguments,
      sdkRunner(folder),
      ...["--monitor", run.address, "--engine", run.address, "--sync", join(folder, ".sync")],
      ...["--project", project.name, "--stack", run.stack, "--organization", run.organization],
      ...["--root-directory", project.folder, "--pwd", folder, "--parallel", String(run.parallel)],
      ...(run.preview ? ["--dry-run"] : []),
      isFolder ? "." : basename(project.program),
    ],
    { cwd: folder, env: programEnvironment(run), stdio: ["ignore", "pipe", "pipe"] },
  );
  forward(child, run.diagnostics);
  return {
    ended: outcome(child),
    stop: () => {
      if (child.exitCode === null && child.signalCode === null) child.kill("SIGKILL");
    },
  };
}

function sdkRunner(folder: string): string {
  const require = createRequire(join(folder, "package.json"));
  try {
    return join(dirname(require.resolve("@pulumi/pulumi/package.json")), "cmd", "run", "index.js");
  } catch {
    throw new EngineProblem(
      `It looks like the Pulumi SDK has not been installed: no @pulumi/pulumi for ${folder}. Have you run npm install?`,
    );
  }
}

function programEnvironment(run: ProgramRun): NodeJS.ProcessEnv {
  const values = Object.entries(run.config);
  return {
    ...run.environment,
    NODE_COMPILE_CACHE: run.compileCache,
    PULUMI_CONFIG: JSON.stringify(Object.fromEntries(values.map(([key, { value }]) => [key, value]))),
    PULUMI_CONFIG_SECRET_KEYS: JSON.stringify(values.filter(([, { secret }]) => secret).map(([key]) => key)),
    PULUMI_NODEJS_TYPESCRIPT: String(run.project.typescript),
  };
}

/** What the program prints is shown as it comes, line by line. */
function forward(child: ChildProcess, diagnostics: Diagnostics): void {
  if (child.stdout !== null) {
    createInterface({ input: child.stdout }).on("line", (line) => diagnostics.log("info", line));
  }
  if (child.stderr !== null) {
    createInterface({ input: child.stderr }).on("line", (line) => diagnostics.log("info#err", line));
  }
}

function outcome(child: ChildProcess): Promise<string | undefined> {
  return new Promise((resolve) => {
    child.once("error", (error) => resolve(`the program could not be started: ${error.message}`));
    child.once("close", (code, signal) => {
      if (code === 0) resolve(undefined);
      else if (code === ALREADY_REPORTED) resolve("");
      else if (signal !== null) resolve(`the program was ended by the signal ${signal}`);
      else resolve(`program exited with non-zero exit code: ${code}`);
    });
  });
}
