import { readFileSync } from "node:fs";
import { join } from "node:path";
import { afterAll, beforeAll, describe, expect, it } from "vitest";
import { bringUpStore, configOf } from "../../automation-api/bring-up-store.ts";
import { loopbackFetch } from "../../automation-api/loopback-fetch.ts";
import type { StackRunner } from "../../automation-api/stack-runner.ts";
import { createStoreRunner } from "../../automation-api/store-runner.ts";
import { credentialsSchema } from "../../stores/outputs.ts";
import { parseSpec } from "../../stores/spec.ts";
import { ensureScratchImages } from "../../toolchain/cluster/native/images.ts";
import { systemPrograms } from "../../toolchain/cluster/native/programs.ts";
import { runPulumi } from "../../toolchain/pulumi.ts";
import { pulumiEnvironmentFor, storeProgram } from "../../toolchain/stores.ts";
import { catalogue } from "../../toolchain/tools/catalogue.ts";
import { findProgram } from "../../toolchain/tools/debian-packages.ts";
import { freePort } from "../helpers/free-port.ts";
import { makeObjects } from "../helpers/https-way-in.ts";
import { kubectl, leftovers } from "../helpers/kubectl.ts";
import { type Machine, takeMachine } from "../helpers/machine.ts";
import { testStoreName } from "../helpers/names.ts";
import { proofTool } from "../helpers/proof-tool.ts";
import { runPlatformProgram } from "../helpers/store-program.ts";
import { platformImages } from "./platform-images.ts";

// A real Vault in the cluster, as the program declares it, keeps the key of a real store's secrets.

const NAMESPACE = "storefleet-test-vault";
const KEY = "hashivault://stores";
const image = `localhost/storefleet/test-vault:${catalogue.vault.version}`;
const vault = await proofTool("vault");

/** The program, and the shell that the component asks to make the key. */
async function vaultImage() {
  const busybox = (await findProgram(systemPrograms.busybox)) ?? "";
  return {
    reference: image,
    files: [
      { path: "bin/" },
      { path: "bin/busybox", content: readFileSync(busybox), mode: 0o755 },
      ...["sh", "sleep"].map((applet) => ({ path: `bin/${applet}`, link: "busybox" })),
      { path: "bin/vault", content: readFileSync(join(vault!, "vault")), mode: 0o755 },
      { path: "tmp/", mode: 0o1777 },
    ],
    entrypoint: [],
  };
}

describe.skipIf(vault === undefined)("a store whose key is in Vault", () => {
  const name = testStoreName("vault");
  const spec = parseSpec({ name, engine: "medusa" });
  let machine: Machine;
  let runner: StackRunner;
  let environment: Record<string, string>;
  /** Its pod, which answers also while it is sealed and so not ready. */
  let pod: string;
  let adminPassword: string;

  /** A runner as a worker's, for new stacks with the key in Vault. */
  const runnerWith = (variables: Record<string, string>) =>
    createStoreRunner({
      pulumiRoot: machine.pulumi.root,
      program: storeProgram,
      workFolders: join(machine.folder, "work"),
      inherited: process.env,
      environment: { ...pulumiEnvironmentFor(machine.pulumi, machine.cluster, machine.helm), ...variables },
      backendUrl: machine.pulumi.environment.PULUMI_BACKEND_URL ?? "",
      secretsProvider: KEY,
      kubeconfig: machine.cluster.kubeconfig,
      context: machine.cluster.context,
    });
  /** Asks Vault itself. */
  async function ask(path: string, body: object = {}) {
    const answer = await fetch(`${pod}/v1/${path}`, {
      method: "POST",
      headers: { "x-vault-token": environment.VAULT_SERVER_TOKEN ?? "" },
      body: JSON.stringify(body),
    });
    const text = await answer.text();
    return { status: answer.status, ...(text === "" ? {} : JSON.parse(text)) };
  }
  const stateFile = () =>
    readFileSync(
      join(new URL(machine.pulumi.environment.PULUMI_BACKEND_URL ?? "").pathname, `.pulumi/stacks/stores/${name}.json`),
      "utf8",
    );
  /** The stack's own key, as Vault has encrypted it. */
  function keptKey(): string {
    const { url, encryptedkey } = JSON.parse(stateFile()).checkpoint.latest.secrets_providers.state;
    expect(url).toBe(KEY);
    return Buffer.from(encryptedkey, "base64").toString();
  }
  const credentials = async (by: StackRunner) =>
    credentialsSchema.parse(await by.readSecretOutput(name, "credentials"));
  const changeProvider = (provider: string, input?: string) =>
    runPulumi(machine.pulumi, ["stack", "change-secrets-provider", provider, "--stack", name, "--non-interactive"], {
      cwd: join(machine.folder, "work", name),
      env: environment,
      ...(input !== undefined && { input }),
    });

  beforeAll(async () => {
    machine = await takeMachine();
    await ensureScratchImages(machine.context, [{ reference: image, make: vaultImage }]);
    const settings = { namespace: NAMESPACE, vault: "development", vaultImage: image, secretsProvider: KEY };
    const run = await runPlatformProgram("vault", { ...platformImages, ...settings });
    await makeObjects(machine, run, /:Namespace$|:NetworkPolicy$/, "vault");
    await kubectl(machine, "rollout", "status", "deployment/vault", "--namespace", NAMESPACE, "--timeout=110s");
    const service = ["get", "service/vault", "--namespace", NAMESPACE, "--output", "jsonpath={.spec.clusterIP}"];
    const ofVault = ["--selector", "app.kubernetes.io/component=vault", "--namespace", NAMESPACE];
    pod = `http://${await kubectl(machine, "get", "pods", ...ofVault, "--output", "jsonpath={.items[0].status.podIP}")}:8200`;
    const { token } = run.find("kubernetes:core/v1:Secret", "vault").shown.stringData as { token: string };
    environment = {
      VAULT_SERVER_URL: `http://${await kubectl(machine, ...service)}:8200`,
      VAULT_SERVER_TOKEN: token,
    };
    runner = await runnerWith(environment);
  });

  afterAll(async () => {
    await runner?.destroy(name);
    await kubectl(machine, "delete", "namespace", NAMESPACE, "--ignore-not-found");
    expect(await leftovers(machine, name)).toEqual([]);
    await machine.release();
  });

  it("sells, and its state opens by Vault only", async () => {
    const store = await bringUpStore({ runner, request: loopbackFetch }, spec, machine.target);

    expect(store.proof?.order).toMatch(/^#\d+$/);
    ({ adminPassword } = await credentials(runner));
    expect(stateFile()).not.toContain(adminPassword);
    expect(stateFile()).not.toContain("encryptionsalt");
    expect(keptKey()).toMatch(/^vault:v1:/);
    const { data } = await ask("transit/decrypt/stores", { ciphertext: keptKey() });
    expect(Buffer.from(data.plaintext, "base64")).toHaveLength(32);
    await expect(credentials(machine.runner)).rejects.toThrow(/neither VAULT_SERVER_URL nor VAULT_ADDR/);
  });

  it("opens after the key was rotated, and without the version before once it is encrypted anew", async () => {
    const before = keptKey();
    expect((await ask("transit/keys/stores/rotate")).status).toBe(200);

    const { same: kept = 0, ...changes } = await runner.preview(name, configOf(spec, machine.target));
    expect(Object.values(changes).filter((count) => count > 0)).toEqual([]);
    expect(kept).toBeGreaterThan(5);
    await changeProvider(KEY);
    expect(keptKey()).toMatch(/^vault:v2:/);
    expect((await ask("transit/keys/stores/config", { min_decryption_version: 2 })).status).toBe(200);

    expect((await ask("transit/decrypt/stores", { ciphertext: before })).status).toBe(400);
    expect((await credentials(runner)).adminPassword).toBe(adminPassword);
  });

  it("says so in a sentence when Vault is sealed, refuses or is away, and goes on afterwards", async () => {
    const preview = async (by: StackRunner) => by.preview(name, configOf(spec, machine.target));
    const elsewhere = `http://127.0.0.1:${await freePort()}`;
    const [direct, stranger, lost] = await Promise.all([
      runnerWith({ ...environment, VAULT_SERVER_URL: pod }),
      runnerWith({ ...environment, VAULT_SERVER_TOKEN: "hvs.another" }),
      runnerWith({ ...environment, VAULT_SERVER_URL: elsewhere }),
    ]);

    await expect(preview(stranger)).rejects.toThrow(
      /could not decrypt with hashivault:\/\/stores: Vault answered 403: permission denied; invalid token/,
    );
    await expect(preview(lost)).rejects.toThrow(`could not decrypt with ${KEY}: Vault does not answer at ${elsewhere}`);
    await ask("sys/seal");
    await expect(preview(direct)).rejects.toThrow(/Vault answered 503: Vault is sealed/);
    const log = await kubectl(machine, "logs", "deployment/vault", "--namespace", NAMESPACE);
    const [, key] = /Unseal Key: (\S+)/.exec(log) ?? [];
    expect(await ask("sys/unseal", { key })).toMatchObject({ status: 200, sealed: false });

    await preview(direct);
  });

  it("moves to a passphrase, and needs no Vault any more", async () => {
    const passphrase = readFileSync(machine.pulumi.environment.PULUMI_CONFIG_PASSPHRASE_FILE ?? "", "utf8");

    await changeProvider("passphrase", passphrase);

    expect((await credentials(machine.runner)).adminPassword).toBe(adminPassword);
    expect(stateFile()).not.toContain("hashivault");
  });
});
