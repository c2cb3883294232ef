import { execFile } from "node:child_process";
import { mkdirSync, mkdtempSync, readFileSync, rmSync, writeFileSync } from "node:fs";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { promisify } from "node:util";
import { afterAll, beforeAll, describe, expect, it, onTestFinished } from "vitest";
import { createSecrets } from "../../../toolchain/offline-engine/secrets.ts";
import { transitKey } from "../../../toolchain/offline-engine/vault-transit.ts";
import { startFakeVault } from "./fake-vault.ts";

const pulumi = join(import.meta.dirname, "../../../toolchain/offline-engine/bin/pulumi");
const run = promisify(execFile);

let vault: Awaited<ReturnType<typeof startFakeVault>>;
beforeAll(async () => {
  vault = await startFakeVault();
});
afterAll(() => vault?.stop());

/** A folder with a project and a folder for its state. */
function makeProject() {
  const folder = mkdtempSync(join(tmpdir(), "storefleet-vault-"));
  onTestFinished(() => rmSync(folder, { recursive: true }));
  mkdirSync(join(folder, "state"));
  writeFileSync(join(folder, "Pulumi.yaml"), "name: test\nruntime: nodejs\n");
  const env = { PULUMI_BACKEND_URL: `file://${join(folder, "state")}`, PULUMI_HOME: join(folder, "home") };
  const ask = async (environment: Record<string, string>, ...words: string[]) => {
    const { PATH } = process.env;
    const options = { cwd: folder, env: { PATH, ...env, ...environment } };
    return (await run(pulumi, [...words, "--stack", "dev", "--non-interactive"], options)).stdout.trim();
  };
  return { folder, ask };
}

describe("secrets whose key is in Vault", () => {
  it("come back from configuration and state, which hold the stack's key only as Vault encrypted it", async () => {
    const { folder, ask } = makeProject();

    await ask(vault.environment, "stack", "init", "dev", "--secrets-provider", "hashivault://stores");
    await ask(vault.environment, "config", "set", "word", "hidden", "--secret");

    expect(await ask(vault.environment, "config", "get", "word")).toBe("hidden");
    const config = readFileSync(join(folder, "Pulumi.dev.yaml"), "utf8");
    expect(config).toMatch(/^secretsprovider: hashivault:\/\/stores$/m);
    const [, key = ""] = /^encryptedkey: (.*)$/m.exec(config) ?? [];
    expect(Buffer.from(key, "base64").toString()).toMatch(/^vault:v1:/);
    expect(config).not.toMatch(/hidden|encryptionsalt/);
    const { deployment } = JSON.parse(await ask(vault.environment, "stack", "export"));
    expect(deployment.secrets_providers).toEqual({
      type: "cloud",
      state: { url: "hashivault://stores", encryptedkey: key },
    });
  }, 60_000);

  it("are opened by the state where the file with the stack's configuration is gone", async () => {
    const { folder, ask } = makeProject();
    await ask(vault.environment, "stack", "init", "dev", "--secrets-provider", "hashivault://stores");
    const before = readFileSync(join(folder, "Pulumi.dev.yaml"), "utf8");
    rmSync(join(folder, "Pulumi.dev.yaml"));

    await ask(vault.environment, "config", "set", "word", "hidden", "--secret");

    expect(readFileSync(join(folder, "Pulumi.dev.yaml"), "utf8")).toContain(before.trim());
  }, 60_000);

  it("move there from a passphrase, which opens nothing any more", async () => {
    const { ask } = makeProject();
    const passphrase = { PULUMI_CONFIG_PASSPHRASE: "old" };
    await ask(passphrase, "stack", "init", "dev");
    await ask(passphrase, "config", "set", "word", "hidden", "--secret");

    await ask({ ...passphrase, ...vault.environment }, "stack", "change-secrets-provider", "hashivault://stores");

    expect(await ask(vault.environment, "config", "get", "word")).toBe("hidden");
    await expect(ask(passphrase, "config", "get", "word")).rejects.toThrow(/VAULT_SERVER_URL/);
  }, 60_000);
});

describe("a key in Vault", () => {
  it("says what Vault answers when it refuses", async () => {
    const stranger = { ...vault.environment, VAULT_SERVER_TOKEN: "other" };

    await expect(transitKey("hashivault://stores", stranger).encrypt(Buffer.from("x"))).rejects.toThrow(
      /could not encrypt with hashivault:\/\/stores: Vault answered 403: permission denied; invalid token$/,
    );
  });

  it("says where Vault does not answer", async () => {
    const away = { ...vault.environment, VAULT_SERVER_URL: "http://127.0.0.1:1" };

    await expect(transitKey("hashivault://stores", away).decrypt(Buffer.from("x"))).rejects.toThrow(
      "could not decrypt with hashivault://stores: Vault does not answer at http://127.0.0.1:1",
    );
  });

  it("is looked for where the address says, in another engine, too", async () => {
    await expect(
      transitKey("hashivault://stores?engine=kms", vault.environment).decrypt(Buffer.from("x")),
    ).rejects.toThrow("encryption key not found");
  });

  it("is the only kind that needs no real CLI", async () => {
    await expect(createSecrets({}, "awskms://alias/x")).rejects.toThrow("'awskms://alias/x' needs the real Pulumi CLI");
  });
});
