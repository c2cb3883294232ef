import { existsSync, readFileSync, rmSync, writeFileSync } from "node:fs";
import { checkStackName, fullName } from "../backend/backend.ts";
import { deploymentFromJson, deploymentToJson, newManifest, sealOf } from "../backend/checkpoint.ts";
import { goJson, isJsonObject, type JsonObject } from "../json.ts";
import { EngineProblem } from "../problem.ts";
import { createSecrets, openSecrets } from "../secrets.ts";
import { StackConfig } from "../stack-config.ts";
import { STACK_TYPE } from "../urn.ts";
import { blindedSecrets, plaintextSecrets, propertiesToJson, shownSecrets, toJson } from "../value-json.ts";
import { wordAt } from "./arguments.ts";
import { changeSecretsProvider } from "./change-secrets-provider.ts";
import type { Command } from "./command.ts";
import { historyCommand } from "./history-command.ts";
import { ago, print, printJson, printTable } from "./output.ts";
import { showStack } from "./show-stack.ts";
import type { Workspace } from "./workspace.ts";

export const commands: Readonly<Record<string, Command>> = {
  stack: {
    summary: "Show the selected stack",
    flags: { "show-ids": "switch", "show-urns": "switch", "show-secrets": "switch", "show-name": "switch" },
    run: showStack,
  },
  "stack init": {
    summary: "Make a stack",
    flags: { "secrets-provider": "value", "no-select": "switch", "copy-config-from": "value", teams: "values" },
    run: async (workspace, given) => {
      const provider = given.value("secrets-provider");
      const text = given.words[0] ?? given.value("stack");
      if (text === undefined) throw new EngineProblem("missing stack name");
      if (!text.includes("/")) checkStackName(text);
      const name = workspace.stackName(text);
      const { backend } = workspace;
      if (backend.exists(name)) throw new EngineProblem(`stack '${fullName(name)}' already exists`);
      const config = StackConfig.open(workspace.project, name.stack);
      const { environment } = workspace;
      const crypter =
        config.seal === undefined
          ? await createSecrets(environment, provider)
          : await openSecrets(config.seal, environment);
      const empty = { manifest: newManifest(), seal: crypter.seal, resources: [], pendingOperations: [] };
      backend.write(name, empty, crypter);
      config.seal = crypter.seal;
      config.save();
      if (!given.has("no-select")) workspace.select(name);
      process.stderr.write(`Created stack '${name.stack}'\n`);
    },
  },
  "stack select": {
    summary: "Choose the stack commands are about",
    flags: { create: "switch", "secrets-provider": "value" },
    run: async (workspace, given) => {
      const text = given.value("stack") ?? given.words[0];
      if (text === undefined) throw new EngineProblem("no stack given; name one of `pulumi stack ls`");
      const name = workspace.stackName(text);
      if (!workspace.backend.exists(name)) {
        if (!given.has("create")) throw new EngineProblem(`no stack named '${text}' found`, 6);
        await commands["stack init"]?.run(workspace, { ...given, words: [text] });
      }
      workspace.select(name);
    },
  },
  "stack unselect": {
    summary: "Choose no stack",
    flags: {},
    run: (workspace) => workspace.select(undefined),
  },
  "stack ls": {
    summary: "List stacks",
    flags: { json: "switch", all: "switch", project: "value", organization: "value", tag: "value" },
    run: (workspace, given) => {
      const project = given.has("all") ? undefined : (given.value("project") ?? workspace.project.name);
      const stacks = listed(workspace, project, given.has("all"));
      if (given.has("json")) printJson(stacks);
      else {
        printTable([
          ["NAME", "LAST UPDATE", "RESOURCE COUNT"],
          ...stacks.map(({ name, current, lastUpdate, resourceCount }) => [
            current ? `${name}*` : name,
            lastUpdate === undefined ? "n/a" : ago(new Date(lastUpdate)),
            resourceCount === undefined ? "n/a" : String(resourceCount),
          ]),
        ]);
      }
    },
  },
  "stack rm": {
    summary: "Remove a stack without resources",
    flags: { force: "switch", "preserve-config": "switch", "remove-backups": "switch" },
    run: (workspace, given) => {
      const name = workspace.stack({
        ...given,
        value: (flag) => (flag === "stack" ? (given.words[0] ?? given.value("stack")) : given.value(flag)),
      });
      if (!given.has("yes")) throw new EngineProblem("--yes must be passed in to remove a stack");
      const { backend } = workspace;
      const { resources } = deploymentFromJson(backend.read(name), undefined);
      if (resources.length > 0 && !given.has("force")) throw stillHasResources(name.stack);
      const wasSelected = workspace.selected();
      backend.removeStack(name);
      const config = StackConfig.open(workspace.project, name.stack);
      if (!given.has("preserve-config") && existsSync(config.file)) rmSync(config.file);
      if (wasSelected !== undefined && fullName(workspace.stackName(wasSelected)) === fullName(name))
        workspace.select(undefined);
      print(`Stack '${name.stack}' has been removed!`);
    },
  },
  "stack output": {
    summary: "Show the outputs of a stack",
    flags: { json: "switch", "show-secrets": "switch", shell: "switch" },
    run: async (workspace, given) => {
      const { outputs } = await stackOutputs(workspace, workspace.stack(given), given.has("show-secrets"));
      const writer = given.has("show-secrets") ? shownSecrets : blindedSecrets;
      const [wanted] = given.words;
      if (wanted !== undefined) {
        const value = outputs[wanted];
        if (value === undefined) throw new EngineProblem(`current stack does not have output property '${wanted}'`);
        const json = toJson(value, writer);
        if (given.has("json")) printJson(json);
        else print(typeof json === "string" ? json : goJson(json));
      } else if (given.has("json")) {
        printJson(propertiesToJson(outputs, writer));
      } else {
        const rows = Object.entries(propertiesToJson(outputs, writer)).map(([name, value]) => [
          name,
          typeof value === "string" ? value : goJson(value),
        ]);
        print(`Current stack outputs (${rows.length}):`);
        if (rows.length === 0) print("    No output values currently in this stack");
        else printTable([["OUTPUT", "VALUE"], ...rows], "    ");
      }
    },
  },
  "stack export": {
    summary: "Write the state of a stack to stdout or --file",
    flags: { file: "value", "show-secrets": "switch", version: "value" },
    run: async (workspace, given) => {
      if (given.value("version") !== undefined)
        throw new EngineProblem("a file backend keeps only the latest version of a stack's state");
      const name = workspace.stack(given);
      const deployment = workspace.backend.read(name);
      const shown = given.has("show-secrets") ? await openDeployment(workspace, deployment) : deployment;
      const text = goJson({ version: 3, deployment: shown }, 4);
      const file = given.value("file");
      if (file === undefined) print(text);
      else writeFileSync(file, `${text}\n`, { mode: 0o600 });
    },
  },
  "stack import": {
    summary: "Make an exported state the state of a stack",
    flags: { file: "value", force: "switch" },
    run: async (workspace, given) => {
      const name = workspace.stack(given);
      const file = given.value("file");
      const parsed: unknown = JSON.parse(readFileSync(file ?? 0, "utf8"));
      const deployment = isJsonObject(parsed) && isJsonObject(parsed.deployment) ? parsed.deployment : undefined;
      if (deployment === undefined || !isJsonObject(parsed) || parsed.version !== 3) {
        throw new EngineProblem(
          "what is imported must be what `pulumi stack export` wrote: an object with version 3 and a deployment",
        );
      }
      const { backend, environment } = workspace;
      const seal = sealOf(deployment) ?? sealOf(backend.read(name));
      const crypter = seal === undefined ? undefined : await openSecrets(seal, environment);
      const snapshot = deploymentFromJson(deployment, crypter);
      const foreign = snapshot.resources.filter(
        ({ urn }) => !urn.startsWith(`urn:pulumi:${name.stack}::${name.project}::`),
      );
      if (foreign.length > 0 && !given.has("force")) {
        throw new EngineProblem(
          `resource '${foreign[0]?.urn}' is from a different stack (not ${name.project}/${name.stack}); importing this file ` +
            "could be dangerous; rerun with --force to proceed anyway",
        );
      }
      const lock = backend.lock(name);
      try {
        backend.write(name, { ...snapshot, seal }, crypter);
      } finally {
        lock.release();
      }
      print("Import complete.");
    },
  },
  "stack change-secrets-provider": changeSecretsProvider,
  "stack history": historyCommand,
  "stack tag set": {
    summary: "Set a tag of a stack",
    flags: {},
    run: (workspace, given) => {
      const name = workspace.stack(given);
      const key = wordAt(given.words, 0, "name");
      workspace.backend.writeTags(name, { ...workspace.backend.tags(name), [key]: wordAt(given.words, 1, "value") });
    },
  },
  "stack tag get": {
    summary: "Show a tag of a stack",
    flags: {},
    run: (workspace, given) => {
      const name = workspace.stack(given);
      const key = wordAt(given.words, 0, "name");
      const value = workspace.backend.tags(name)[key];
      if (value === undefined) throw new EngineProblem(`stack tag '${key}' not found for stack '${name.stack}'`);
      print(value);
    },
  },
  "stack tag rm": {
    summary: "Remove a tag of a stack",
    flags: {},
    run: (workspace, given) => {
      const name = workspace.stack(given);
      const { [wordAt(given.words, 0, "name")]: _gone, ...rest } = workspace.backend.tags(name);
      workspace.backend.writeTags(name, rest);
    },
  },
  "stack tag ls": {
    summary: "List the tags of a stack",
    flags: { json: "switch" },
    run: (workspace, given) => {
      const tags = workspace.backend.tags(workspace.stack(given));
      if (given.has("json")) printJson(tags);
      else printTable([["NAME", "VALUE"], ...Object.entries(tags)]);
    },
  },
};

function listed(workspace: Workspace, project: string | undefined, qualify: boolean) {
  const { backend } = workspace;
  const selected = workspace.selected();
  const current = selected === undefined ? undefined : fullName(workspace.stackName(selected));
  return backend.stacks(project).map((stack) => {
    const snapshot = deploymentFromJson(backend.read(stack), undefined);
    const updated = snapshot.resources.length > 0 || backend.history(stack).length > 0;
    return {
      name: qualify ? fullName(stack) : stack.stack,
      current: fullName(stack) === current,
      ...(updated
        ? {
            lastUpdate: `${snapshot.manifest.time.slice(0, 23).replace(/Z$/, "")}Z`,
            resourceCount: snapshot.resources.length,
          }
        : {}),
    };
  });
}

/** Outputs of a stack; secrets are opened only when they will be shown. */
export async function stackOutputs(
  workspace: Workspace,
  name: Parameters<Workspace["backend"]["read"]>[0],
  open: boolean,
) {
  const deployment = workspace.backend.read(name);
  const seal = sealOf(deployment);
  const crypter = open && seal !== undefined ? await openSecrets(seal, workspace.environment) : undefined;
  const { resources } = deploymentFromJson(deployment, crypter);
  return { resources, outputs: resources.find(({ type }) => type === STACK_TYPE)?.outputs ?? {} };
}

async function openDeployment(workspace: Workspace, deployment: JsonObject): Promise<JsonObject> {
  const seal = sealOf(deployment);
  if (seal === undefined) return deployment;
  const crypter = await openSecrets(seal, workspace.environment);
  return deploymentToJson(deploymentFromJson(deployment, crypter), plaintextSecrets);
}

function stillHasResources(stack: string): EngineProblem {
  return new EngineProblem(
    `'${stack}' still has resources; removal rejected. Possible actions:\n` +
      `- Make sure that '${stack}' is the stack that you want to destroy\n` +
      "- Run `pulumi destroy` to delete the resources, then run `pulumi stack rm`\n" +
      "- Run `pulumi stack rm --force` to override this error",
  );
}
