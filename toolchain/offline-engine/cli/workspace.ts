import { createHash } from "node:crypto";
import { mkdirSync, readFileSync, renameSync, rmSync, writeFileSync } from "node:fs";
import { homedir } from "node:os";
import { dirname, join, resolve } from "node:path";
import { Backend, checkStackName, fullName, ORGANIZATION, type StackName, stackNotFound } from "../backend/backend.ts";
import { isJsonObject, type JsonObject } from "../json.ts";
import { EngineProblem } from "../problem.ts";
import { findProject, type Project, requireProject } from "../project.ts";
import type { Arguments } from "./arguments.ts";

/** Where a command runs: folder, environment, and what follows from them. */
export class Workspace {
  readonly folder: string;
  readonly environment: NodeJS.ProcessEnv;
  readonly interactive: boolean;

  constructor(given: Arguments, environment: NodeJS.ProcessEnv) {
    this.folder = resolve(given.value("cwd") ?? ".");
    this.environment = environment;
    const terminal = process.stdin.isTTY === true && process.stdout.isTTY === true;
    this.interactive = terminal && !given.has("non-interactive") && environment.CI === undefined;
  }

  /** `PULUMI_HOME`, where the selected stacks are kept. */
  get home(): string {
    return this.environment.PULUMI_HOME ?? join(homedir(), ".pulumi");
  }

  get project(): Project {
    return requireProject(this.folder);
  }

  get backend(): Backend {
    const backend = new Backend(this.#backendUrl());
    backend.prepare();
    return backend;
  }

  /** The stack a command is about: the flag, else the environment, else the selected one. It must exist. */
  stack(given: Arguments): StackName {
    const name = this.stackName(given.value("stack") ?? this.environment.PULUMI_STACK ?? this.selected());
    if (!this.backend.exists(name)) throw stackNotFound(name.stack);
    return name;
  }

  /** Reads `dev`, `basic/dev` or `organization/basic/dev`. */
  stackName(text: string | undefined): StackName {
    if (text === undefined) {
      throw new EngineProblem(
        "no stack selected; please use `pulumi stack select` or `pulumi stack init` to choose one",
      );
    }
    const parts = text.split("/");
    const stack = parts.at(-1) ?? "";
    checkStackName(stack);
    if (parts.length === 3 && parts[0] !== ORGANIZATION) {
      throw new EngineProblem(`a file backend has only the organization '${ORGANIZATION}', not '${parts[0]}'`);
    }
    if (parts.length > 3) throw new EngineProblem(`'${text}' is not the name of a stack`);
    return { project: parts.at(-2) ?? this.project.name, stack };
  }

  /** Full name of the stack selected for this project and backend. */
  selected(): string | undefined {
    const project = findProject(this.folder);
    if (project === undefined) return undefined;
    const settings = this.#settings(project);
    const stacks = isJsonObject(settings.stacks) ? settings.stacks : {};
    const chosen = stacks[this.#backendUrl()] ?? settings.stack;
    return typeof chosen === "string" && chosen !== "" ? chosen : undefined;
  }

  /** Makes a stack the selected one, or none. */
  select(name: StackName | undefined): void {
    const { project } = this;
    const file = this.#settingsFile(project);
    if (name === undefined) {
      rmSync(file, { force: true });
      return;
    }
    const chosen = fullName(name);
    mkdirSync(dirname(file), { recursive: true, mode: 0o700 });
    const temporary = `${file}.${process.pid}.tmp`;
    writeFileSync(temporary, JSON.stringify({ stack: chosen, stacks: { [this.#backendUrl()]: chosen } }, undefined, 4));
    renameSync(temporary, file);
  }

  #settings(project: Project): JsonObject {
    try {
      const settings: unknown = JSON.parse(readFileSync(this.#settingsFile(project), "utf8"));
      return isJsonObject(settings) ? settings : {};
    } catch {
      // No file, or half of one from elsewhere: nothing is selected.
      return {};
    }
  }

  #settingsFile(project: Project): string {
    const hash = createHash("sha1").update(project.file).digest("hex");
    return join(this.home, "workspaces", `${project.name}-${hash}-workspace.json`);
  }

  #backendUrl(): string {
    const url = this.environment.PULUMI_BACKEND_URL ?? findProject(this.folder)?.backendUrl ?? this.#loggedIn();
    if (url !== undefined && url !== "") return url;
    throw new EngineProblem(
      "no backend is chosen. The offline engine keeps state in a folder: set PULUMI_BACKEND_URL=file:///some/folder " +
        "(or `backend: {url: file:///some/folder}` in Pulumi.yaml).",
    );
  }

  /** What `pulumi login` of the real CLI chose. */
  #loggedIn(): string | undefined {
    try {
      const credentials: unknown = JSON.parse(readFileSync(join(this.home, "credentials.json"), "utf8"));
      const current = isJsonObject(credentials) ? credentials.current : undefined;
      return typeof current === "string" ? current : undefined;
    } catch {
      return undefined;
    }
  }
}
