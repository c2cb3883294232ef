import * as pulumi from "@pulumi/pulumi";
import { describe, expect, it } from "vitest";
import { Credentials } from "../../../stores/components/credentials.ts";
import { Isolation } from "../../../stores/components/isolation.ts";
import type { CredentialsDefinition } from "../../../stores/engines/engine.ts";
import { engines } from "../../../stores/engines/registry.ts";
import { parseSpec } from "../../../stores/spec.ts";
import { parseTarget } from "../../../stores/target.ts";

function make(credentials: CredentialsDefinition): Credentials {
  void pulumi.runtime.setMocks({
    newResource: ({ name, inputs }) => ({ id: `${name}-id`, state: inputs }),
    call: () => ({}),
  });
  const spec = parseSpec({ name: "shop1", engine: "medusa" });
  const engine = { ...engines.medusa, title: "Tiny", credentials };
  const isolation = new Isolation("isolation", { spec, target: parseTarget({}), engine });
  return new Credentials("credentials", { spec, engine, isolation, registryLogin: undefined });
}

describe("an engine's credentials", () => {
  it.each([
    ["password", { entries: {}, adminPassword: "PASSWORD", handedOver: {} }],
    ["key", { entries: { A: { kind: "adminEmail" as const } }, adminPassword: "A", handedOver: { key: "PASSWORD" } }],
  ])("are refused when the owner's %s is none of them", (_case, definition) => {
    expect(() => make(definition)).toThrow('Tiny hands over "PASSWORD", but has no such entry among its credentials.');
  });
});

describe("the credentials of Medusa", () => {
  const { entries } = engines.medusa.credentials;

  it("are long enough that nobody guesses one", () => {
    for (const [key, kind] of Object.entries(entries)) {
      // Letters and digits carry 5.95 bits each.
      if (kind.kind === "password") expect(kind.length * 5.95, key).toBeGreaterThan(110);
      if (kind.kind === "token") expect(kind.bytes * 8, key).toBeGreaterThanOrEqual(256);
    }
  });

  it("have keys that are names of environment variables", () => {
    for (const key of Object.keys(entries)) expect(key).toMatch(/^[A-Z][A-Z0-9_]*$/);
  });
});
