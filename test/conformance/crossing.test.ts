import { spawnSync } from "node:child_process";
import { cpSync, mkdirSync, mkdtempSync, rmSync, symlinkSync } from "node:fs";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { describe, expect, it, onTestFinished } from "vitest";
import { type EngineUnderTest, findRealCli, offlineEngine, repositoryRoot } from "./engine-under-test.ts";

const real = findRealCli();
if ("missing" in real) console.info(`No stack is handed from one engine to the other: ${real.missing}.`);
const pairs: [EngineUnderTest, EngineUnderTest][] =
  "missing" in real
    ? []
    : [
        [offlineEngine, real],
        [real, offlineEngine],
      ];

/** Runs commands of either engine on one stack in one backend. */
function makeStack() {
  const folder = mkdtempSync(join(tmpdir(), "storefleet-crossing-"));
  onTestFinished(() => rmSync(folder, { recursive: true, force: true }));
  const program = join(folder, "basic");
  cpSync(join(import.meta.dirname, "programs", "basic"), program, { recursive: true });
  symlinkSync(join(repositoryRoot, "node_modules"), join(folder, "node_modules"));
  mkdirSync(join(folder, "state"));
  const environment = {
    ...process.env,
    PULUMI_BACKEND_URL: `file://${join(folder, "state")}`,
    PULUMI_HOME: join(folder, "home"),
    PULUMI_CONFIG_PASSPHRASE: "correct horse",
  };
  return (engine: EngineUnderTest, ...words: string[]): string => {
    const { status, stdout, stderr } = spawnSync(engine.command, [...words, "--non-interactive"], {
      cwd: program,
      env: environment,
      encoding: "utf8",
    });
    expect(status, `${engine.name}: pulumi ${words.join(" ")}\n${stdout}\n${stderr}`).toBe(0);
    return stdout;
  };
}

describe.skipIf(pairs.length === 0)("a stack", () => {
  it.each(pairs)("made by the $name is opened, exported, updated and destroyed by the other", (maker, taker) => {
    const pulumi = makeStack();
    pulumi(maker, "stack", "init", "dev");
    pulumi(maker, "config", "set", "--secret", "token", "s3cr3t");
    pulumi(maker, "up", "--yes", "--skip-preview");
    const outputs = pulumi(maker, "stack", "output", "--json", "--show-secrets");

    expect(pulumi(taker, "stack", "output", "--json", "--show-secrets")).toBe(outputs);
    expect(JSON.parse(pulumi(taker, "stack", "export")).deployment.resources).toHaveLength(7);
    pulumi(taker, "preview", "--expect-no-changes");
    pulumi(taker, "config", "set", "words", "3");
    pulumi(taker, "up", "--yes", "--skip-preview");
    pulumi(maker, "refresh", "--yes", "--skip-preview");
    pulumi(taker, "destroy", "--yes", "--skip-preview");
    pulumi(maker, "stack", "rm", "--yes", "dev");
  });
});
