import { cpSync, mkdirSync, mkdtempSync, readFileSync, rmSync, symlinkSync, writeFileSync } from "node:fs";
import { tmpdir } from "node:os";
import { dirname, join } from "node:path";
import { describe, expect, it, onTestFinished } from "vitest";
import { createAutomationStackRunner } from "../../automation-api/automation-stack-runner.ts";
import type { StackEvent, StackRunner } from "../../automation-api/stack-runner.ts";
import { processesOf } from "../../automation-api/worker/left-processes.ts";
import { findRealCli, offlineEngine, repositoryRoot } from "./engine-under-test.ts";

// Our adapter leaves out most of the commands that the Automation API would run. What it tells must stay the same.

const real = findRealCli();
const engines = [offlineEngine, ...("missing" in real ? [] : [real])];
const timeout = 120_000;

interface Trial {
  readonly runner: StackRunner;
  /** Another runner on the same state, with work folders of its own. */
  elsewhere(passphrase?: string): Promise<StackRunner>;
  /** Commands of the CLI so far, each by its first words. */
  commands(): string[];
}

/** A runner on a small program, whose every command is written down. */
async function makeTrial(command: string): Promise<Trial> {
  const folder = mkdtempSync(join(tmpdir(), "storefleet-runner-"));
  onTestFinished(() => rmSync(folder, { recursive: true, force: true }));
  const program = join(folder, "program");
  cpSync(join(import.meta.dirname, "programs", "basic"), program, { recursive: true });
  symlinkSync(join(repositoryRoot, "node_modules"), join(folder, "node_modules"));
  mkdirSync(join(folder, "state"));
  const log = join(folder, "commands");
  const root = join(folder, "cli");
  mkdirSync(join(root, "bin"), { recursive: true });
  writeFileSync(join(root, "bin", "pulumi"), `#!/bin/sh\necho "$@" >> ${log}\nexec ${command} "$@"\n`, { mode: 0o755 });
  const make = (work: string, passphrase = "test") =>
    createAutomationStackRunner({
      pulumiRoot: root,
      program,
      workFolders: join(folder, work),
      inherited: process.env,
      environment: {
        PATH: `${dirname(process.execPath)}:${process.env.PATH}`,
        PULUMI_HOME: join(folder, "home"),
        PULUMI_BACKEND_URL: `file://${join(folder, "state")}`,
        PULUMI_CONFIG_PASSPHRASE: passphrase,
      },
    });
  const runner = await make("work");
  return {
    runner,
    elsewhere: (passphrase) => make("elsewhere", passphrase),
    commands: () =>
      readFileSync(log, "utf8")
        .trim()
        .split("\n")
        .map((line) => line.split(" ").slice(0, 2).join(" "))
        .filter((line) => !line.startsWith("version")),
  };
}

describe.each(engines)("the stack runner on the $name", ({ command }) => {
  it("brings a stack up with two processes, and again with one", { timeout }, async () => {
    const { runner, commands } = await makeTrial(command);
    const events: StackEvent[] = [];

    const first = await runner.up("dev", { words: "3" }, { onEvent: (event) => events.push(event) });
    const second = await runner.up("dev", { words: "3" });

    expect(commands()).toEqual(["stack init", "up --yes", "up --yes"]);
    expect(first.changes).toEqual({ create: 6 });
    expect(second.changes).toEqual({ same: 6 });
    expect(first.outputs).toEqual({
      name: expect.stringMatching(/^\w+-\w+-\w+$/),
      nested: { name: first.outputs.name, password: "[secret]" },
      uuid: expect.any(String),
    });
    expect(second.outputs).toEqual(first.outputs);
    expect(await runner.outputs("dev")).toEqual(first.outputs);
    expect(await runner.readSecretOutput("dev", "secret")).toMatch(/^.{20}$/);
    expect(events).toContainEqual(expect.objectContaining({ name: "password", phase: "finished" }));
  });

  it("tells the resources of a stack and nothing they hold", { timeout }, async () => {
    const { runner } = await makeTrial(command);
    await runner.up("dev", {});

    const resources = await runner.resources("dev");

    const find = (wanted: string) => resources.find(({ name }) => name === wanted);
    expect(resources.map(({ name }) => name).sort()).toEqual(["kept", "pair", "pair-pet", "pair-suffix", "password"]);
    expect(find("pair-pet")?.parent).toBe(find("pair")?.urn);
    expect(find("password")?.dependencies).toContain(find("pair-pet")?.urn);
    expect(Object.keys(resources[0]!).sort()).toEqual(["dependencies", "name", "type", "urn"]);
    expect(await runner.resources("missing")).toEqual([]);
    expect(await runner.outputs("missing")).toBeUndefined();
  });

  it("goes on with a stack whose work folder is new, and with a folder whose stack is gone", { timeout }, async () => {
    const { runner, elsewhere } = await makeTrial(command);
    const other = await elsewhere();
    const first = await runner.up("dev", {});

    expect(await other.up("dev", {})).toMatchObject({ changes: { same: 6 }, outputs: first.outputs });
    await other.destroy("dev");
    expect(await runner.up("dev", {})).toMatchObject({ changes: { create: 6 } });

    await runner.destroy("dev");
    await runner.destroy("dev");
    expect(await runner.list()).toEqual([]);
  });

  it("gives every process of a run the operation it is for", { timeout }, async () => {
    const { runner } = await makeTrial(command);
    const seen: string[] = [];

    await runner.up(
      "dev",
      {},
      {
        operation: "11111111-2222-4333-8444-555555555555",
        onEvent: () =>
          seen.push(
            ...processesOf({ operation: "11111111-2222-4333-8444-555555555555" }).map(({ command: line }) => line),
          ),
      },
    );

    expect(seen.some((line) => line.includes(" up "))).toBe(true);
    expect(seen.some((line) => line.includes("cmd/run"))).toBe(true);
  });

  it("says that the passphrase is wrong, in one sentence, whatever is asked", { timeout }, async () => {
    const { runner, elsewhere } = await makeTrial(command);
    await runner.up("dev", {});
    const other = await elsewhere("wrong");
    const sentence =
      'Pulumi failed on stack "dev": getting stack configuration: get stack secrets manager: incorrect passphrase';
    const message = expect.stringMatching(/^Pulumi failed on stack "dev": .*incorrect passphrase$/);

    await expect(other.up("dev", {})).rejects.toMatchObject({ kind: "failed", message: sentence });
    await expect(other.destroy("dev")).rejects.toMatchObject({ kind: "failed", message });
    await expect(other.readSecretOutput("dev", "secret")).rejects.toMatchObject({ kind: "failed", message });
  });

  it("stops a run that is cancelled before its process listens", { timeout }, async () => {
    const { runner } = await makeTrial(command);
    const controller = new AbortController();

    const run = runner.up("dev", {}, { signal: controller.signal });
    setTimeout(() => controller.abort(), 50);

    await expect(run).rejects.toMatchObject({ kind: "cancelled" });
  });
});
