// The one file that imports the Pulumi Automation API.
import { readFileSync } from "node:fs";
import { join } from "node:path";
import {
  ConcurrentUpdateError,
  type EngineEvent,
  LocalWorkspace,
  PulumiCommand,
  Stack,
  StackAlreadyExistsError,
  StackNotFoundError,
} from "@pulumi/pulumi/automation/index.js";
import { parse } from "yaml";
import { countedChanges, createEventTranslator } from "./engine-events.ts";
import { lateSignal } from "./late-signal.ts";
import { plainOutputs, valuesSchema } from "./plain-outputs.ts";
import { sentenceOfFailure, wasKilled } from "./pulumi-complaint.ts";
import { askPulumi, NoSuchStack } from "./pulumi-question.ts";
import { writeStackConfig } from "./stack-config.ts";
import { marksOf, type RunOptions, type StackConfig, StackError, type StackRunner } from "./stack-runner.ts";
import { resourcesOf } from "./stack-state.ts";
import { createWorkFolders } from "./work-folders.ts";

export interface AutomationStackRunnerOptions {
  /** Folder that holds `bin/pulumi`; `undefined` takes `pulumi` from the PATH. */
  readonly pulumiRoot: string | undefined;
  /** Folder of the Pulumi program. */
  readonly program: string;
  /** Folder in which every stack gets a work folder of its own. */
  readonly workFolders: string;
  /** Environment of this process, which those of Pulumi inherit. */
  readonly inherited: Readonly<Record<string, string | undefined>>;
  /**
   * Environment of the Pulumi process, on top of ours: backend, home, passphrase file, kubeconfig.
   * The passphrase itself belongs in a file, because other processes can read an environment.
   */
  readonly environment: Readonly<Record<string, string>>;
  /** What secrets of new stacks are encrypted with, as `pulumi stack init --secrets-provider` takes it. */
  readonly secretsProvider?: string | undefined;
}

type Handlers = { readonly onEvent: (event: EngineEvent) => void; readonly signal?: AbortSignal };

/** Our own error. The message of what was thrown is dropped: it can hold the whole command line. */
function toStackError(stack: string, thrown: unknown, reason: string | undefined, aborted: boolean): StackError {
  const cause = { cause: thrown };
  if (thrown instanceof StackNotFoundError) return new StackError("not-found", `There is no stack "${stack}".`, cause);
  if (thrown instanceof ConcurrentUpdateError) {
    return new StackError("locked", `Another run holds the lock of stack "${stack}".`, cause);
  }
  if (aborted) return new StackError("cancelled", `The run of stack "${stack}" was cancelled.`, cause);
  if (wasKilled(thrown)) return new StackError("killed", `Pulumi was killed while it worked on "${stack}".`, cause);
  return new StackError("failed", reason ?? sentenceOfFailure(stack, thrown), cause);
}

/**
 * Makes a {@link StackRunner} on the Pulumi CLI. The CLI is looked up once: every lookup costs a process.
 * Each stack works in a folder of its own, so two stacks never share a "current stack" or a configuration file.
 *
 * An `up` through the Automation API as it comes is a row of processes: select, init, config, up, outputs twice, history.
 * Here it is `up` alone, and `init` before the first one: every command names its stack, so none needs to be selected;
 * plain configuration is written to the file where the CLI keeps it; and what came out is told by the run's own events.
 */
export async function createAutomationStackRunner(options: AutomationStackRunnerOptions): Promise<StackRunner> {
  const pulumiCommand = await PulumiCommand.get(options.pulumiRoot === undefined ? {} : { root: options.pulumiRoot });
  const project: { name: string } & Record<string, unknown> = parse(
    readFileSync(join(options.program, "Pulumi.yaml"), "utf8"),
  );
  const folders = createWorkFolders(options.workFolders, options.program, project);
  const forNewStacks = options.secretsProvider === undefined ? {} : { secretsProvider: options.secretsProvider };

  function workspace(workDir: string, run: RunOptions): Promise<LocalWorkspace> {
    const envVars = { ...options.environment, ...marksOf(run) };
    return LocalWorkspace.create({ workDir, pulumiCommand, envVars, ...forNewStacks });
  }

  /** The stack to run commands on, without a process: none is selected, and nothing is asked after a command. */
  async function open(stack: string, run: RunOptions): Promise<Stack> {
    const within = await workspace(folders.take(stack), run);
    within.selectStack = async () => {};
    const opened = await Stack.select(stack, within);
    opened.outputs = async () => ({});
    opened.info = async () => undefined;
    await run.lease?.check();
    return opened;
  }

  async function initialise(stack: string, run: RunOptions): Promise<void> {
    try {
      await run.lease?.check();
      await Stack.create(stack, await workspace(folders.take(stack), run));
    } catch (thrown) {
      if (!(thrown instanceof StackAlreadyExistsError)) throw thrown;
    }
  }

  /** Runs a command on a configured stack, which is made when it is not there. */
  async function onConfigured<T>(
    stack: string,
    config: StackConfig,
    run: RunOptions,
    command: (opened: Stack) => Promise<T>,
  ): Promise<T> {
    if (!folders.hasConfig(stack)) await initialise(stack, run);
    run.signal?.throwIfAborted();
    writeStackConfig(folders.configFile(stack), project.name, config);
    try {
      return await command(await open(stack, run));
    } catch (thrown) {
      if (!(thrown instanceof StackNotFoundError)) throw thrown;
      // The folder was here and the stack was not: somebody removed it with the plain CLI.
      await initialise(stack, run);
      return await command(await open(stack, run));
    }
  }

  /** Runs one Pulumi command with events translated and errors made ours. */
  async function attempt<T>(
    stack: string,
    run: RunOptions,
    work: (handlers: Handlers, translator: ReturnType<typeof createEventTranslator>) => Promise<T>,
  ): Promise<T> {
    const translator = createEventTranslator(run.onEvent);
    const late = run.signal === undefined ? undefined : lateSignal(run.signal);
    try {
      run.signal?.throwIfAborted();
      return await work({ onEvent: translator.accept, ...(late && { signal: late.signal }) }, translator);
    } catch (thrown) {
      throw toStackError(stack, thrown, translator.reason(), run.signal?.aborted ?? false);
    } finally {
      late?.release();
      translator.rethrow();
    }
  }

  /** What the CLI tells of a stack; `otherwise` when there is no such stack. */
  async function ask<T>(stack: string, words: readonly string[], read: (told: unknown) => T, otherwise: T): Promise<T> {
    const given = { command: pulumiCommand.command, environment: { ...options.inherited, ...options.environment } };
    try {
      return read(await askPulumi({ ...given, folder: folders.take(stack), stack, words }));
    } catch (thrown) {
      if (thrown instanceof NoSuchStack) return otherwise;
      throw toStackError(stack, thrown, undefined, false);
    }
  }

  const outputs = (stack: string) => ask(stack, ["output", "--json"], plainOutputs, undefined);

  return {
    up: (stack, config, run = {}) =>
      attempt(stack, run, async (handlers, told) => {
        await onConfigured(stack, config, run, (opened) => opened.up({ ...handlers, showSecrets: false }));
        return { changes: told.changes(), outputs: told.outputs() ?? (await outputs(stack)) ?? {} };
      }),

    preview: (stack, config, run = {}) =>
      attempt(stack, run, async (handlers) => {
        const result = await onConfigured(stack, config, run, (opened) => opened.preview(handlers));
        return countedChanges(result.changeSummary);
      }),

    refresh: (stack, run = {}) =>
      attempt(stack, run, async (handlers, told) => {
        const opened = await open(stack, run);
        await opened.refresh({ ...handlers, showSecrets: false, clearPendingCreates: true });
        return told.changes();
      }),

    destroy: (stack, run = {}) =>
      attempt(stack, run, async (handlers) => {
        try {
          const opened = await open(stack, run);
          await opened.destroy({ ...handlers, showSecrets: false });
          // Another process of Pulumi's: whoever slept meanwhile and was given up starts no more.
          await run.lease?.check();
          await opened.workspace.removeStack(stack);
        } catch (thrown) {
          if (!(thrown instanceof StackNotFoundError)) throw thrown;
        }
        folders.remove(stack);
      }),

    unlock: (stack, run = {}) => attempt(stack, run, async () => (await open(stack, run)).cancel()),

    keepCopy: (stack) => ask(stack, ["export"], (told) => folders.keepCopy(stack, told), undefined),

    outputs,

    readSecretOutput: (stack, output) =>
      ask(stack, ["output", "--json", "--show-secrets"], (told) => valuesSchema.parse(told)[output], undefined),

    resources: (stack) => ask(stack, ["export"], resourcesOf, []),

    list: () =>
      attempt("", {}, async () => {
        const within = await workspace(folders.takeAny(), {});
        return (await within.listStacks()).map((summary) => summary.name);
      }),
  };
}
