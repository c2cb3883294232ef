import { existsSync, mkdirSync, readFileSync } from "node:fs";
import { userInfo } from "node:os";
import { join, resolve } from "node:path";
import { fileURLToPath } from "node:url";
import type { Snapshot } from "../deployment/resource.ts";
import { uniqueNanoseconds } from "../deployment/resource.ts";
import { goJson, isJsonObject, type JsonObject } from "../json.ts";
import { EngineProblem } from "../problem.ts";
import type { Crypter } from "../secrets.ts";
import { encryptedSecrets } from "../value-json.ts";
import { DEPLOYMENT_VERSION, deploymentToJson, newManifest } from "./checkpoint.ts";
import { copy, list, readText, remove, removeFolder, writeText } from "./files.ts";
import { breakLocks, lockStack, type StackLock } from "./lock.ts";

/** One stack in the backend. */
export interface StackName {
  readonly project: string;
  readonly stack: string;
}

/** A file backend has no organizations; the real CLI calls the only one it has this. */
export const ORGANIZATION = "organization";

export function fullName({ project, stack }: StackName): string {
  return `${ORGANIZATION}/${project}/${stack}`;
}

/**
 * The state of all stacks in a folder, laid out as the real CLI's `file://` backend does, so that both can work on the
 * same folder. Nothing here runs a program or opens a secret.
 */
export class Backend {
  /** As given, for example `file:///home/me/state`. */
  readonly url: string;
  readonly #root: string;

  constructor(url: string) {
    this.url = url;
    this.#root = join(folderOf(url), ".pulumi");
  }

  /** Marks a new backend as one with stacks sorted by project, which is the only layout this engine knows. */
  prepare(): void {
    const meta = join(this.#root, "meta.yaml");
    const text = readText(meta);
    if (
      text === undefined &&
      existsSync(join(this.#root, "stacks")) &&
      list(join(this.#root, "stacks")).some(isState)
    ) {
      throw new EngineProblem(
        `the state in ${this.url} has the layout of before Pulumi 3.61, where stacks had no project. ` +
          "Run `pulumi state upgrade` with the real Pulumi CLI once.",
      );
    }
    if (text === undefined) writeText(meta, "version: 1\n");
    else if (!/^version:\s*1\s*$/m.test(text)) {
      throw new EngineProblem(`the state in ${this.url} has a layout this engine does not know: ${text.trim()}`);
    }
  }

  exists(name: StackName): boolean {
    return existsSync(this.#stateFile(name));
  }

  stacks(project?: string): StackName[] {
    const folder = join(this.#root, "stacks");
    const projects = project === undefined ? list(folder) : [project];
    return projects.flatMap((each) =>
      list(join(folder, each))
        .filter(isState)
        .map((file) => ({ project: each, stack: file.slice(0, -".json".length) })),
    );
  }

  /** The deployment of a stack as JSON, with secrets still encrypted. Empty object for a stack without one. */
  read(name: StackName): JsonObject {
    const text = readText(this.#stateFile(name));
    if (text === undefined) throw stackNotFound(name.stack);
    const file: unknown = JSON.parse(text);
    const checkpoint = isJsonObject(file) && isJsonObject(file.checkpoint) ? file.checkpoint : {};
    if (isJsonObject(file) && file.version !== DEPLOYMENT_VERSION) {
      throw new EngineProblem(
        `the state of stack '${name.stack}' has version ${String(file.version)}; the offline engine knows only ` +
          `version ${DEPLOYMENT_VERSION}. Use the real Pulumi CLI for this stack.`,
      );
    }
    return isJsonObject(checkpoint.latest) ? checkpoint.latest : {};
  }

  /** Writes the whole state; the one before stays beside it as `.bak`. */
  write(name: StackName, snapshot: Snapshot, crypter: Crypter | undefined): void {
    const manifest = newManifest();
    const writeSecret = crypter === undefined ? refuseSecrets : encryptedSecrets(crypter);
    this.writeJson(name, deploymentToJson({ ...snapshot, manifest }, writeSecret));
  }

  writeJson(name: StackName, deployment: JsonObject): void {
    const file = this.#stateFile(name);
    if (existsSync(file)) copy(file, `${file}.bak`);
    const checkpoint = { stack: fullName(name), latest: deployment };
    writeText(file, goJson({ version: DEPLOYMENT_VERSION, checkpoint }));
  }

  /** Removes the stack; its last state stays as `.bak`, and so do the backups. */
  removeStack(name: StackName): void {
    const file = this.#stateFile(name);
    copy(file, `${file}.bak`);
    remove(file);
    remove(this.#tagsFile(name));
    removeFolder(this.#historyFolder(name));
  }

  lock(name: StackName): StackLock {
    return lockStack(this.#lockFolder(name));
  }

  breakLocks(name: StackName): void {
    breakLocks(this.#lockFolder(name));
  }

  /** Keeps what an update did, with the state it left. */
  addHistory(name: StackName, update: JsonObject): void {
    const prefix = join(this.#historyFolder(name), `${name.stack}-${uniqueNanoseconds()}`);
    writeText(`${prefix}.history.json`, goJson(update));
    copy(this.#stateFile(name), `${prefix}.checkpoint.json`);
    copy(
      this.#stateFile(name),
      join(this.#root, "backups", name.project, name.stack, `${name.stack}.${uniqueNanoseconds()}.json`),
    );
  }

  /** Past updates, newest first. */
  history(name: StackName): JsonObject[] {
    const folder = this.#historyFolder(name);
    const files = list(folder).filter((file) => file.endsWith(".history.json"));
    return files.reverse().map((file) => parseObject(readFileSync(join(folder, file), "utf8")));
  }

  tags(name: StackName): Record<string, string> {
    const tags = parseObject(readText(this.#tagsFile(name)) ?? "{}").tags;
    if (!isJsonObject(tags)) return {};
    return Object.fromEntries(Object.entries(tags).map(([key, value]) => [key, String(value)]));
  }

  writeTags(name: StackName, tags: Record<string, string>): void {
    if (Object.keys(tags).length === 0) remove(this.#tagsFile(name));
    else writeText(this.#tagsFile(name), goJson({ version: 1, tags }));
  }

  #stateFile({ project, stack }: StackName): string {
    return join(this.#root, "stacks", project, `${stack}.json`);
  }

  #tagsFile({ project, stack }: StackName): string {
    return join(this.#root, "stacks", project, `${stack}.pulumi-tags`);
  }

  #historyFolder({ project, stack }: StackName): string {
    return join(this.#root, "history", project, stack);
  }

  #lockFolder({ project, stack }: StackName): string {
    return join(this.#root, "locks", ORGANIZATION, project, stack);
  }
}

/** Who a file backend says is logged in: the user of the machine. */
export function currentUser(): string {
  return userInfo().username;
}

export function stackNotFound(stack: string): EngineProblem {
  return new EngineProblem(`no stack named '${stack}' found`, 6);
}

/** Only the stack's own name counts here; the real CLI says the same words. */
export function checkStackName(stack: string): void {
  const position = [...stack].findIndex((character) => !/[A-Za-z0-9_.-]/.test(character));
  if (position >= 0) {
    throw new EngineProblem(
      "a stack name may only contain alphanumeric, hyphens, underscores, or periods: " +
        `invalid character '${[...stack][position]}' at position ${position}`,
    );
  }
  if (stack === "") throw new EngineProblem("a stack name may not be empty");
  if (stack.length > 100) throw new EngineProblem("a stack name cannot exceed 100 characters");
}

function folderOf(url: string): string {
  if (!url.startsWith("file://")) {
    throw new EngineProblem(
      `the backend ${url.replace(/\/\/[^@/]*@/, "//")} needs the real Pulumi CLI: the offline engine only keeps state ` +
        "in a folder, PULUMI_BACKEND_URL=file:///some/folder.",
    );
  }
  const path = url.slice("file://".length).replace(/\?.*$/, "");
  const expanded = path === "~" || path.startsWith("~/") ? join(userInfo().homedir, path.slice(1)) : path;
  const folder = expanded.startsWith("/") ? fileURLToPath(`file://${encodeURI(expanded)}`) : resolve(expanded);
  mkdirSync(folder, { recursive: true });
  return folder;
}

function isState(file: string): boolean {
  return file.endsWith(".json");
}

function parseObject(text: string): JsonObject {
  const value: unknown = JSON.parse(text);
  return isJsonObject(value) ? value : {};
}

function refuseSecrets(): never {
  throw new EngineProblem("the state holds secrets, but the stack has no way to keep them");
}
