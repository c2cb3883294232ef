import { spawnSync } from "node:child_process";
import { mkdirSync, mkdtempSync, readFileSync, rmSync, writeFileSync } from "node:fs";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { expect, it, onTestFinished } from "vitest";

const pulumi = join(import.meta.dirname, "../../../../toolchain/offline-engine/bin/pulumi");

/** A folder with a stack whose configuration holds a secret, and whose state does. */
function makeStack() {
  const folder = mkdtempSync(join(tmpdir(), "storefleet-secrets-"));
  onTestFinished(() => rmSync(folder, { recursive: true }));
  mkdirSync(join(folder, "state"));
  writeFileSync(join(folder, "Pulumi.yaml"), "name: test\nruntime: nodejs\n");
  const run = (passphrase: string, input: string, ...words: string[]) => {
    const env = {
      ...process.env,
      PULUMI_BACKEND_URL: `file://${join(folder, "state")}`,
      PULUMI_HOME: join(folder, "home"),
      PULUMI_CONFIG_PASSPHRASE: passphrase,
    };
    const { stdout, stderr, status } = spawnSync(pulumi, [...words, "--stack", "dev", "--non-interactive"], {
      cwd: folder,
      env,
      input,
      encoding: "utf8",
    });
    return { said: stdout + stderr, status };
  };
  return { folder, run };
}

it("encrypts configuration and state with the passphrase of standard input, and with no other one any more", () => {
  const { folder, run } = makeStack();
  run("old", "", "stack", "init", "dev");
  run("old", "", "config", "set", "word", "hidden", "--secret");
  const { said: exported } = run("old", "", "stack", "export");
  const before = JSON.parse(exported);
  const resource = {
    urn: "urn:pulumi:dev::test::pulumi:pulumi:Stack::test-dev",
    custom: false,
    type: "pulumi:pulumi:Stack",
  };
  const secret = { "4dabf18193072939515e22adb298388d": "1b47061264138c4ac30d75fd1eb44270", plaintext: '"hidden"' };
  before.deployment.resources = [{ ...resource, outputs: { word: secret } }];
  run("old", JSON.stringify(before), "stack", "import");

  const changed = run("old", "new\n", "stack", "change-secrets-provider", "passphrase");

  expect(changed).toEqual({
    said: expect.stringContaining("Migrating old configuration and state to new secrets provider"),
    status: 0,
  });
  expect(run("new", "", "config", "get", "word").said.trim()).toBe("hidden");
  expect(JSON.parse(run("new", "", "stack", "output", "--json", "--show-secrets").said)).toEqual({ word: "hidden" });
  expect(run("old", "", "config", "get", "word").said).toContain("incorrect passphrase");
  expect(run("old", "", "stack", "output", "--show-secrets").said).toContain("incorrect passphrase");
  expect(readFileSync(join(folder, "state/.pulumi/stacks/test/dev.json"), "utf8")).not.toContain("hidden");
}, 60_000);

it("refuses every other provider by name", () => {
  const { run } = makeStack();
  run("old", "", "stack", "init", "dev");

  expect(run("old", "", "stack", "change-secrets-provider", "awskms://key").said).toContain(
    "the secrets provider 'awskms://key' needs the real Pulumi CLI",
  );
});
