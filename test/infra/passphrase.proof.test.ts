import { execFileSync, spawn } from "node:child_process";
import { cpSync, mkdirSync, mkdtempSync, readdirSync, readFileSync, rmSync, writeFileSync } from "node:fs";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { beforeAll, describe, expect, it, onTestFinished } from "vitest";
import { repositoryRoot } from "../../toolchain/lib/paths.ts";
import { offlineEngineRoot } from "../../toolchain/pulumi.ts";
import { completeEnvironment } from "../automation-api/complete-environment.ts";
import { ended, makeSmallStacks, type Said, type SmallStacks } from "../helpers/small-stacks.ts";

// What infra/RUNBOOKS.md says of a lost passphrase, and of its rotation, on real stacks that need no cluster.

const runbooks = readFileSync(join(repositoryRoot, "infra", "RUNBOOKS.md"), "utf8");
const names = ["one", "two", "three"];
let folder: string;
let stacks: SmallStacks;
/** Each stack's secret. */
const secrets = new Map<string, string | undefined>();

beforeAll(async () => {
  folder = mkdtempSync(join(tmpdir(), "storefleet-passphrase-"));
  stacks = await makeSmallStacks(folder);
  for (const name of names) {
    await stacks.runner.up(name, { words: "2" });
    secrets.set(name, (await stacks.runner.readSecretOutput(name, "secret")) as string);
  }
  return () => rmSync(folder, { recursive: true, force: true });
});

const passphrase = () => readFileSync(stacks.passphraseFile, "utf8");
function usePassphrase(text: string | undefined): void {
  if (text === undefined) rmSync(stacks.passphraseFile);
  else writeFileSync(stacks.passphraseFile, text);
}
const secretOf = (name: string) => stacks.runner.readSecretOutput(name, "secret");

describe("a passphrase that is lost", () => {
  it("is told in a sentence, and the state stays as it is", async () => {
    const kept = passphrase();
    onTestFinished(() => usePassphrase(kept));
    usePassphrase("another one");
    await expect(stacks.runner.up("one", { words: "3" })).rejects.toThrow(
      /^Pulumi failed on stack "one": .*incorrect passphrase$/,
    );
    await expect(secretOf("one")).rejects.toThrow("incorrect passphrase");

    usePassphrase(undefined);
    await expect(stacks.runner.up("one", { words: "3" })).rejects.toThrow(
      /^Pulumi failed on stack "one": .*unable to read PULUMI_CONFIG_PASSPHRASE_FILE: .*no such file/,
    );

    usePassphrase(kept);
    expect(await secretOf("one")).toBe(secrets.get("one"));
    expect((await stacks.runner.up("one", { words: "2" })).changes).toEqual({ same: 6 });
  });

  it("comes back from a backup by the command of the runbook, without what the backup does not know being lost", async () => {
    const kept = passphrase();
    onTestFinished(() => usePassphrase(kept));
    const backup = join(folder, "backup");
    mkdirSync(backup);
    writeFileSync(join(backup, "secrets.json"), JSON.stringify({ passphrase: kept, signingKey: "x" }));
    const [, read = "none"] = /`(jq [^|`]+) \|\s+kubectl create secret generic passphrase/.exec(runbooks) ?? [];
    usePassphrase(undefined);

    usePassphrase(execFileSync("sh", ["-c", read.replace("<folder>", backup)], { encoding: "utf8" }));

    expect(passphrase()).toBe(kept);
    expect(await secretOf("two")).toBe(secrets.get("two"));
  });

  it("without any copy lets new stores be made, and old ones be forgotten once their namespace is gone", async () => {
    const kept = passphrase();
    const state = join(folder, "kept");
    cpSync(state, join(folder, "aside"), { recursive: true });
    onTestFinished(() => {
      usePassphrase(kept);
      rmSync(state, { recursive: true });
      cpSync(join(folder, "aside"), state, { recursive: true });
    });
    usePassphrase("a new one");

    expect((await stacks.runner.up("new", { words: "2" })).changes).toEqual({ create: 6 });
    await expect(stacks.runner.destroy("one")).rejects.toThrow("incorrect passphrase");
    const [, command = "none"] =
      /bin\/pulumi (stack rm [^']*) --stack <store>/.exec(runbooks.replaceAll("\n", " ")) ?? [];
    expect(await stacks.pulumi("one", command.split(" "))).toMatchObject({ status: 0 });

    // What the deletion in the dashboard runs.
    await stacks.runner.destroy("one");
    expect((await stacks.runner.list()).toSorted()).toEqual(["new", "three", "two"]);
    expect((await stacks.runner.up("one", { words: "2" })).changes).toEqual({ create: 6 });
  });
});

describe("a rotation of the passphrase that is killed", () => {
  const next = "the next passphrase of all stacks";

  /** The command that a rotation runs in a pod like a worker's; killed with all that it started, as with its pod. */
  async function change(milliseconds?: number): Promise<Said> {
    const environment = completeEnvironment({
      ...stacks.environment,
      STOREFLEET_PULUMI_ROOT: offlineEngineRoot,
      STOREFLEET_STORE_PROGRAM: stacks.program,
      STOREFLEET_WORK: stacks.work,
    });
    const file = join(repositoryRoot, "automation-api", "change-passphrase.ts");
    const env = { ...process.env, ...environment };
    const child = spawn(process.execPath, [file], { env, detached: true, stdio: "pipe" });
    const kill = () => process.kill(-child.pid!, "SIGKILL");
    const clock = milliseconds === undefined ? undefined : setTimeout(kill, milliseconds);
    const how = await ended(child, JSON.stringify({ passphrase: passphrase(), next }));
    clearTimeout(clock);
    return how;
  }

  const locksOf = (name: string) => join(stacks.state, ".pulumi/locks/organization/stores", name);
  /** Which stacks the next passphrase opens. */
  async function changed(): Promise<string[]> {
    const kept = passphrase();
    usePassphrase(next);
    const opened = await Promise.all(names.map((name) => stacks.pulumi(name, ["stack", "export", "--show-secrets"])));
    usePassphrase(kept);
    return names.filter((_, index) => opened[index]?.status === 0);
  }

  it("is ended by the same command, wherever it was cut off, and keeps what says that a run died before", async () => {
    const state = join(folder, "kept");
    const [prepared, kept] = [join(folder, "prepared"), passphrase()];
    onTestFinished(() => usePassphrase(kept));
    mkdirSync(locksOf("two"), { recursive: true });
    const lock = { pid: 1, username: "app", hostname: "operation-gone", timestamp: new Date().toISOString() };
    writeFileSync(join(locksOf("two"), "dead.json"), JSON.stringify(lock));
    cpSync(state, prepared, { recursive: true });
    const reset = () => {
      rmSync(state, { recursive: true });
      cpSync(prepared, state, { recursive: true });
    };
    const begin = performance.now();
    expect(await change()).toMatchObject({ status: 0, said: expect.stringMatching(/^3$/m) });
    const whole = performance.now() - begin;
    expect(await changed()).toEqual(names);

    const cut: number[] = [];
    for (const part of [0.3, 0.45, 0.6, 0.7, 0.8, 0.9]) {
      reset();
      const killed = await change(whole * part);
      cut.push(killed.status === null ? (await changed()).length : names.length);

      expect(await change(), `killed at ${part}`).toMatchObject({ status: 0, said: expect.stringMatching(/^3$/m) });

      usePassphrase(next);
      for (const name of names) expect(await secretOf(name)).toBe(secrets.get(name));
      expect(readdirSync(join(locksOf("two"), "..")).filter((name) => name.endsWith(".aside"))).toEqual([]);
      expect(readdirSync(locksOf("two")).filter((name) => name.endsWith(".json"))).toEqual(["dead.json"]);
      usePassphrase(kept);
    }
    process.stdout.write(`stacks with the next passphrase when each of the rotations was killed: ${cut.join(", ")}\n`);
    expect(Math.min(...cut)).toBeLessThan(names.length);

    // Cut off after the Secret had the next one already: from it to itself.
    usePassphrase(next);
    expect(await change()).toMatchObject({ status: 0, said: expect.stringMatching(/^3$/m) });
    for (const name of names) {
      await stacks.pulumi(name, ["cancel", "--yes"]);
      expect((await stacks.runner.up(name, { words: "2" })).changes).toEqual({ same: 6 });
    }
  });
});
