import type { Backend, StackName } from "../backend/backend.ts";
import { deploymentFromJson, sealOf } from "../backend/checkpoint.ts";
import type { Snapshot } from "../deployment/resource.ts";
import { EngineProblem, messageOf } from "../problem.ts";
import type { Project } from "../project.ts";
import { type Crypter, createSecrets, openSecrets, type Seal } from "../secrets.ts";
import {
  type ConfigValue,
  completeConfig,
  holdsSecure,
  type PlainConfigValue,
  plainValue,
  StackConfig,
} from "../stack-config.ts";
import type { Arguments } from "./arguments.ts";
import type { Workspace } from "./workspace.ts";

/** A stack opened for an update: its configuration, its secrets and its state. */
export interface StackSession {
  readonly name: StackName;
  readonly project: Project;
  readonly backend: Backend;
  readonly crypter: Crypter;
  /** With the project's defaults; secrets still encrypted. */
  readonly values: Readonly<Record<string, ConfigValue>>;
  /** The same with secrets opened. */
  readonly config: Readonly<Record<string, PlainConfigValue>>;
  readonly previous: Snapshot;
}

export async function openSession(
  workspace: Workspace,
  given: Arguments,
  options: { needsConfig: boolean },
): Promise<StackSession> {
  const name = workspace.stack(given);
  const { project, backend } = workspace;
  const stackConfig = StackConfig.open(project, name.stack, given.value("config-file"));
  const deployment = backend.read(name);
  const stateSeal = sealOf(deployment);
  const { crypter, reader } = await explained(() => openBoth(stackConfig, stateSeal, workspace.environment));
  const values = options.needsConfig
    ? completeConfig(project, name.stack, stackConfig.values, crypter)
    : stackConfig.values;
  const config = Object.fromEntries(Object.entries(values).map(([key, value]) => [key, plainValue(value, crypter)]));
  return { name, project, backend, crypter, values, config, previous: deploymentFromJson(deployment, reader) };
}

/** The secrets of the configuration file, which new state is written with, and those the state was written with. */
async function openBoth(
  stackConfig: StackConfig,
  stateSeal: Seal | undefined,
  environment: NodeJS.ProcessEnv,
): Promise<{ crypter: Crypter; reader: Crypter }> {
  const crypter = await openConfigSecrets(stackConfig, stateSeal, environment);
  const reader = stateSeal === undefined ? crypter : await openSecrets(stateSeal, environment);
  return { crypter, reader };
}

/** The secrets of a configuration file; a file without any takes those of the state, or gets new ones. */
export async function openConfigSecrets(
  stackConfig: StackConfig,
  stateSeal: Seal | undefined,
  environment: NodeJS.ProcessEnv,
): Promise<Crypter> {
  const { seal } = stackConfig;
  if (seal !== undefined) return openSecrets(seal, environment);
  if (stateSeal === undefined && Object.values(stackConfig.values).some(holdsSecure)) {
    throw new EngineProblem(`${stackConfig.file} has secrets but no encryptionsalt to open them with`);
  }
  const crypter =
    stateSeal === undefined ? await createSecrets(environment) : await openSecrets(stateSeal, environment);
  stackConfig.seal = crypter.seal;
  stackConfig.save();
  return crypter;
}

async function explained<T>(work: () => Promise<T>): Promise<T> {
  try {
    return await work();
  } catch (error) {
    throw new EngineProblem(`getting stack configuration: get stack secrets manager: ${messageOf(error)}`);
  }
}
