import { spawn } from "node:child_process";
import { existsSync, readdirSync, readFileSync, renameSync, rmSync } from "node:fs";
import { join } from "node:path";
import { text } from "node:stream/consumers";
import { fileURLToPath } from "node:url";
import { parse } from "yaml";
import { z } from "zod";
import type { Config } from "./config.ts";
import { listStacks } from "./list-stacks.ts";
import { forgetSalt } from "./stack-config.ts";
import { createWorkFolders } from "./work-folders.ts";

export interface Passphrases {
  readonly passphrase: string;
  readonly next: string;
}

/** Encrypts stacks anew. Nobody else may work on any of them meanwhile. */
export interface PassphraseChange {
  /** How many stacks there are. When one of them fails, those before it get their old passphrase back. */
  all(): Promise<number>;
}

type ChangeConfig = Pick<Config, "pulumi" | "storeProgram" | "workFolders">;

const projectSchema = z.looseObject({ name: z.string() });

export function createPassphraseChange(
  { pulumi, storeProgram, workFolders }: ChangeConfig,
  passphrases: Passphrases,
): PassphraseChange {
  const project = projectSchema.parse(parse(readFileSync(join(storeProgram, "Pulumi.yaml"), "utf8")));
  const folders = createWorkFolders(workFolders, storeProgram, project);
  const command = pulumi.root === undefined ? "pulumi" : join(pulumi.root, "bin", "pulumi");
  const { PULUMI_CONFIG_PASSPHRASE_FILE: _file, ...environment } = { ...pulumi.inherited, ...pulumi.environment };

  /** What the CLI says, and whether it did what it was asked for. */
  async function ask(stack: string, passphrase: string, words: readonly string[], input = "") {
    const child = spawn(command, ["stack", ...words, "--stack", stack, "--non-interactive"], {
      cwd: folders.take(stack),
      env: { ...environment, PULUMI_CONFIG_PASSPHRASE: passphrase },
      stdio: ["pipe", "ignore", "pipe"],
    });
    child.stdin.on("error", () => {}).end(input);
    const ended = new Promise<number | null>((resolve, reject) => child.on("error", reject).on("close", resolve));
    const [complaint, code] = await Promise.all([text(child.stderr), ended]);
    return { done: code === 0, complaint };
  }

  async function change(stack: string, from: string, to: string): Promise<void> {
    const words = ["change-secrets-provider", "passphrase"];
    const { done, complaint } = await withLockAside(pulumi.backendUrl, project.name, stack, () =>
      ask(stack, from, words, `${to}\n`),
    );
    if (done) return;
    // A run before this one was cut off after it had written the state, perhaps before the file beside it.
    forgetSalt(folders.configFile(stack));
    if ((await ask(stack, to, ["export", "--show-secrets"])).done) return;
    throw new Error(`The stack "${stack}" could not be encrypted anew: ${complaint.trim().split("\n").at(-1)}`);
  }

  return {
    async all() {
      const { secretsProvider = "passphrase" } = pulumi;
      if (secretsProvider !== "passphrase") {
        throw new Error(
          `Stores are encrypted with ${secretsProvider}, not with a passphrase: rotate that key instead.`,
        );
      }
      const listing = { pulumiRoot: pulumi.root, project: project.name, workFolders };
      const stacks = await listStacks({ ...listing, environment: { ...pulumi.inherited, ...pulumi.environment } });
      const changed: string[] = [];
      try {
        for (const stack of stacks) {
          await change(stack, passphrases.passphrase, passphrases.next);
          changed.push(stack);
        }
      } catch (error) {
        for (const stack of changed) await change(stack, passphrases.next, passphrases.passphrase);
        throw error;
      }
      removeCopies(pulumi.backendUrl, workFolders);
      return stacks.length;
    },
  };
}

/** A lock that a dead run left tells the next one to recover, so it is kept; but the CLI would wait for its owner. */
async function withLockAside<T>(
  backendUrl: string,
  project: string,
  stack: string,
  work: () => Promise<T>,
): Promise<T> {
  if (!backendUrl.startsWith("file://")) return work();
  const folder = join(fileURLToPath(backendUrl), ".pulumi", "locks", "organization", project, stack);
  const aside = `${folder}.aside`;
  // What is there beside one that is aside is of a change that was cut off: nobody else works on the stack.
  if (existsSync(aside)) rmSync(folder, { recursive: true, force: true });
  else if (existsSync(folder)) renameSync(folder, aside);
  try {
    return await work();
  } finally {
    if (existsSync(aside)) {
      rmSync(folder, { recursive: true, force: true });
      renameSync(aside, folder);
    }
  }
}

/** Copies of earlier states are encrypted with the old passphrase, which somebody may know by now. */
function removeCopies(backendUrl: string, workFolders: string): void {
  for (const stack of readdirSync(workFolders)) {
    for (const file of readdirSync(join(workFolders, stack)).filter((name) => /^state-.*\.json$/.test(name))) {
      rmSync(join(workFolders, stack, file));
    }
  }
  if (!backendUrl.startsWith("file://")) return;
  const root = join(fileURLToPath(backendUrl), ".pulumi");
  rmSync(join(root, "backups"), { recursive: true, force: true });
  const stacks = join(root, "stacks");
  for (const file of existsSync(stacks) ? readdirSync(stacks, { recursive: true, encoding: "utf8" }) : []) {
    if (file.endsWith(".bak")) rmSync(join(stacks, file));
  }
}
