// The one file that imports the Pulumi Automation API.
import { existsSync, mkdirSync, readFileSync, rmSync, writeFileSync } from "node:fs";
import { join } from "node:path";
import {
  ConcurrentUpdateError,
  type EngineEvent,
  LocalWorkspace,
  type OutputMap,
  PulumiCommand,
  type Stack,
  StackNotFoundError,
} from "@pulumi/pulumi/automation/index.js";
import { parse, stringify } from "yaml";
import { createEventTranslator } from "./engine-events.ts";
import { type ChangeSummary, type RunOptions, StackError, type StackRunner } from "./stack-runner.ts";

export interface AutomationStackRunnerOptions {
  /** Folder that holds `bin/pulumi`; `undefined` takes `pulumi` from the PATH. */
  readonly pulumiRoot: string | undefined;
  /** Folder of the Pulumi program. */
  readonly program: string;
  /** Folder in which every stack gets a work folder of its own. */
  readonly workFolders: string;
  /**
   * Environment of the Pulumi process, on top of ours: backend, home, passphrase file, kubeconfig.
   * The passphrase itself belongs in a file, because other processes can read an environment.
   */
  readonly environment: Readonly<Record<string, string>>;
}

/** Output values without the secret ones. */
function plainOutputs(outputs: OutputMap): Readonly<Record<string, unknown>> {
  return Object.fromEntries(
    Object.entries(outputs)
      .filter(([, output]) => !output.secret)
      .map(([name, output]) => [name, output.value]),
  );
}

function toChanges(summary: Readonly<Record<string, number | undefined>> | undefined): ChangeSummary {
  const counted = Object.entries(summary ?? {}).filter((entry): entry is [string, number] => (entry[1] ?? 0) > 0);
  return Object.fromEntries(counted);
}

/** Turns what the Automation API throws into our own error. Its message is dropped: it can hold the whole command line. */
function toStackError(stack: string, thrown: unknown, reason: string | undefined, aborted: boolean): StackError {
  const cause = { cause: thrown };
  if (thrown instanceof StackNotFoundError) return new StackError("not-found", `There is no stack "${stack}".`, cause);
  if (thrown instanceof ConcurrentUpdateError) {
    return new StackError("locked", `Another run holds the lock of stack "${stack}".`, cause);
  }
  if (aborted) return new StackError("cancelled", `The run of stack "${stack}" was cancelled.`, cause);
  return new StackError("failed", reason ?? `Pulumi failed on stack "${stack}" without giving a reason.`, cause);
}

/**
 * Makes a {@link StackRunner} on the Pulumi CLI. The CLI is looked up once: every lookup costs a process.
 * Each stack works in a folder of its own, so two stacks never share a "current stack" or a configuration file.
 */
export async function createAutomationStackRunner(options: AutomationStackRunnerOptions): Promise<StackRunner> {
  const pulumiCommand = await PulumiCommand.get(options.pulumiRoot === undefined ? {} : { root: options.pulumiRoot });
  const project = parse(readFileSync(join(options.program, "Pulumi.yaml"), "utf8"));

  function workFolder(stack: string): string {
    const folder = join(options.workFolders, stack);
    mkdirSync(folder, { recursive: true, mode: 0o700 });
    writeFileSync(join(folder, "Pulumi.yaml"), stringify({ ...project, main: options.program }));
    return folder;
  }

  function workspace(stack: string): Promise<LocalWorkspace> {
    return LocalWorkspace.create({ workDir: workFolder(stack), pulumiCommand, envVars: { ...options.environment } });
  }

  async function select(stack: string): Promise<Stack> {
    return LocalWorkspace.selectStack(
      { stackName: stack, workDir: workFolder(stack) },
      { pulumiCommand, envVars: { ...options.environment } },
    );
  }

  async function createOrSelect(stack: string, config: Readonly<Record<string, string>>): Promise<Stack> {
    const selected = await LocalWorkspace.createOrSelectStack(
      { stackName: stack, workDir: workFolder(stack) },
      { pulumiCommand, envVars: { ...options.environment } },
    );
    await selected.setAllConfig(Object.fromEntries(Object.entries(config).map(([key, value]) => [key, { value }])));
    return selected;
  }

  /** Runs one Pulumi command with events translated and errors made ours. */
  async function attempt<T>(
    stack: string,
    run: RunOptions,
    work: (handlers: { onEvent: (event: EngineEvent) => void; signal?: AbortSignal }) => Promise<T>,
  ): Promise<T> {
    const translator = createEventTranslator(run.onEvent);
    try {
      run.signal?.throwIfAborted();
      return await work({ onEvent: translator.accept, ...(run.signal && { signal: run.signal }) });
    } catch (thrown) {
      throw toStackError(stack, thrown, translator.reason(), run.signal?.aborted ?? false);
    }
  }

  return {
    up: (stack, config, run = {}) =>
      attempt(stack, run, async (handlers) => {
        const selected = await createOrSelect(stack, config);
        const result = await selected.up({ ...handlers, showSecrets: false });
        return { changes: toChanges(result.summary.resourceChanges), outputs: plainOutputs(result.outputs) };
      }),

    preview: (stack, config, run = {}) =>
      attempt(stack, run, async (handlers) => {
        const selected = await createOrSelect(stack, config);
        const result = await selected.preview(handlers);
        return toChanges(result.changeSummary);
      }),

    refresh: (stack, run = {}) =>
      attempt(stack, run, async (handlers) => {
        const selected = await select(stack);
        const result = await selected.refresh({ ...handlers, showSecrets: false, clearPendingCreates: true });
        return toChanges(result.summary.resourceChanges);
      }),

    destroy: (stack, run = {}) =>
      attempt(stack, run, async (handlers) => {
        try {
          const selected = await select(stack);
          await selected.destroy({ ...handlers, showSecrets: false, remove: true });
        } catch (thrown) {
          if (!(thrown instanceof StackNotFoundError)) throw thrown;
        }
        rmSync(join(options.workFolders, stack), { recursive: true, force: true });
      }),

    unlock: (stack) =>
      attempt(stack, {}, async () => {
        await (await select(stack)).cancel();
      }),

    outputs: async (stack) => {
      try {
        return plainOutputs(await (await select(stack)).outputs());
      } catch (thrown) {
        if (thrown instanceof StackNotFoundError) return undefined;
        throw toStackError(stack, thrown, undefined, false);
      }
    },

    readSecretOutput: (stack, output) =>
      attempt(stack, {}, async () => (await (await select(stack)).outputs())[output]?.value),

    list: () =>
      attempt("", {}, async () => {
        const folder = join(options.workFolders, ".list");
        mkdirSync(folder, { recursive: true, mode: 0o700 });
        if (!existsSync(join(folder, "Pulumi.yaml"))) writeFileSync(join(folder, "Pulumi.yaml"), stringify(project));
        const stacks = await (await workspace(".list")).listStacks();
        return stacks.map((summary) => summary.name);
      }),
  };
}
