import { spawn } from "node:child_process";
import { cpSync, mkdirSync, readFileSync, symlinkSync, writeFileSync } from "node:fs";
import { dirname, join } from "node:path";
import { text } from "node:stream/consumers";
import { createAutomationStackRunner } from "../../automation-api/automation-stack-runner.ts";
import type { StackRunner } from "../../automation-api/stack-runner.ts";
import { repositoryRoot } from "../../toolchain/lib/paths.ts";
import { offlineEngineRoot } from "../../toolchain/pulumi.ts";

/** How a command ended. */
export interface Said {
  /** `null`: it was killed. */
  readonly status: number | null;
  /** Standard output and errors. */
  readonly said: string;
}

/** Stacks of a program that needs no cluster, laid out as a worker's: state, work folders and passphrase in one folder. */
export interface SmallStacks {
  readonly program: string;
  readonly work: string;
  readonly state: string;
  readonly passphraseFile: string;
  /** What Pulumi's processes have on top of ours. */
  readonly environment: Readonly<Record<string, string>>;
  /** A worker's runner, without recovery. */
  readonly runner: StackRunner;
  /** Runs Pulumi by hand in a stack's work folder, as the runbooks do. */
  pulumi(stack: string, words: readonly string[], input?: string): Promise<Said>;
}

/**
 * @param folder empty; what workers keep is in its subfolder `kept`, which may be a disk of its own
 */
export async function makeSmallStacks(folder: string): Promise<SmallStacks> {
  const program = join(folder, "program");
  cpSync(join(repositoryRoot, "test/conformance/programs/basic"), program, { recursive: true });
  const project = join(program, "Pulumi.yaml");
  writeFileSync(project, readFileSync(project, "utf8").replace("name: basic", "name: stores"));
  symlinkSync(join(repositoryRoot, "node_modules"), join(folder, "node_modules"));
  const [work, state] = [join(folder, "kept", "work"), join(folder, "kept", "stacks")];
  for (const each of [work, state]) mkdirSync(each, { recursive: true });
  const passphraseFile = join(folder, "passphrase");
  writeFileSync(passphraseFile, "the passphrase of all stacks");
  const environment = {
    PATH: `${dirname(process.execPath)}:${process.env.PATH}`,
    PULUMI_HOME: join(folder, "home"),
    PULUMI_BACKEND_URL: `file://${state}`,
    PULUMI_CONFIG_PASSPHRASE_FILE: passphraseFile,
    PULUMI_FALLBACK_TO_STATE_SECRETS_MANAGER: "true",
  };
  const pulumi = async (stack: string, words: readonly string[], input = ""): Promise<Said> => {
    const options = { cwd: join(work, stack), env: { ...process.env, ...environment }, stdio: "pipe" } as const;
    const given = [...words, "--stack", stack, "--non-interactive"];
    return ended(spawn(join(offlineEngineRoot, "bin", "pulumi"), given, options), input);
  };
  const places = { pulumiRoot: offlineEngineRoot, program, workFolders: work };
  const runner = await createAutomationStackRunner({ ...places, inherited: process.env, environment });
  return { program, work, state, passphraseFile, environment, runner, pulumi };
}

/** Gives a process its input, and waits for its end. */
export async function ended(child: ReturnType<typeof spawn>, input = ""): Promise<Said> {
  child.stdin?.on("error", () => {}).end(input);
  const closed = new Promise<number | null>((resolve, reject) => child.on("error", reject).on("close", resolve));
  const [out, errors, status] = await Promise.all([text(child.stdout!), text(child.stderr!), closed]);
  return { status, said: out + errors };
}
