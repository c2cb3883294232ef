import { existsSync, mkdtempSync, readdirSync, readFileSync, rmSync, writeFileSync } from "node:fs";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { describe, expect, it, onTestFinished } from "vitest";
import { Backend, checkStackName } from "../../../../toolchain/offline-engine/backend/backend.ts";
import { deploymentFromJson, newManifest } from "../../../../toolchain/offline-engine/backend/checkpoint.ts";
import { Secret } from "../../../../toolchain/offline-engine/values.ts";
import { makeResource } from "../resources.ts";

const name = { project: "test", stack: "dev" };
const crypter = {
  seal: { type: "passphrase", salt: "v1:salt" } as const,
  encrypt: (text: string) => text,
  decrypt: (text: string) => text,
};

function makeBackend() {
  const folder = mkdtempSync(join(tmpdir(), "storefleet-backend-"));
  onTestFinished(() => rmSync(folder, { recursive: true }));
  const backend = new Backend(`file://${folder}`);
  backend.prepare();
  return { backend, folder };
}

function snapshotOf(...ids: string[]) {
  const resources = ids.map((id) => makeResource(id, { outputs: { secret: new Secret(id) } }));
  return { manifest: newManifest(), seal: crypter.seal, resources, pendingOperations: [] };
}

describe("the file backend", () => {
  it("reads back the state it wrote", () => {
    const { backend } = makeBackend();

    backend.write(name, snapshotOf("a", "b"), crypter);

    const { resources, seal } = deploymentFromJson(backend.read(name), crypter);
    expect(resources).toEqual(snapshotOf("a", "b").resources);
    expect(seal).toEqual(crypter.seal);
  });

  it("keeps the state before beside the new one", () => {
    const { backend, folder } = makeBackend();
    backend.write(name, snapshotOf("a"), crypter);

    backend.write(name, snapshotOf("b"), crypter);

    expect(readFileSync(join(folder, ".pulumi/stacks/test/dev.json.bak"), "utf8")).toContain('"id":"a"');
  });

  it("leaves no half-written file behind", () => {
    const { backend, folder } = makeBackend();

    backend.write(name, snapshotOf("a"), crypter);

    expect(readdirSync(join(folder, ".pulumi/stacks/test")).sort()).toEqual(["dev.json", "dev.json.attrs"]);
  });

  it("notices a state somebody has tampered with", () => {
    const { backend, folder } = makeBackend();
    backend.write(name, snapshotOf("a"), crypter);
    const file = join(folder, ".pulumi/stacks/test/dev.json");
    writeFileSync(file, readFileSync(file, "utf8").replace(/"version":"v[^"]*"/, '"version":"v1.0.0"'));

    expect(() => deploymentFromJson(backend.read(name), crypter)).toThrow(/tampering/);
  });

  it("forgets a removed stack's history but keeps its last state", () => {
    const { backend, folder } = makeBackend();
    backend.write(name, snapshotOf("a"), crypter);
    backend.addHistory(name, { kind: "update" });

    backend.removeStack(name);

    expect(backend.exists(name)).toBe(false);
    expect(backend.history(name)).toEqual([]);
    expect(existsSync(join(folder, ".pulumi/stacks/test/dev.json.bak"))).toBe(true);
  });

  it("tells the newest update first", () => {
    const { backend } = makeBackend();
    backend.write(name, snapshotOf("a"), crypter);
    for (const message of ["first", "second"]) backend.addHistory(name, { message });

    expect(backend.history(name).map(({ message }) => message)).toEqual(["second", "first"]);
  });

  it("sends people with other backends to the real CLI", () => {
    expect(() => new Backend("s3://bucket")).toThrow(/real Pulumi CLI/);
  });
});

it("says which character of a stack's name is wrong", () => {
  expect(() => checkStackName("bad name!")).toThrow("invalid character ' ' at position 3");
});
