import * as pulumi from "@pulumi/pulumi";
import { describe, expect, it } from "vitest";
import { Credentials } from "../../../stores/components/credentials.ts";
import { Isolation } from "../../../stores/components/isolation.ts";
import type { CredentialsDefinition } from "../../../stores/engines/engine.ts";
import { engines } from "../../../stores/engines/registry.ts";
import { parseRotation } from "../../../stores/rotation.ts";
import { ENGINES, parseSpec } from "../../../stores/spec.ts";
import { parseTarget } from "../../../stores/target.ts";

/** What was declared since, by the name of the resource. */
const made = new Map<string, Record<string, unknown>>();

// Once: what is made still tells of itself when the next test begins.
void pulumi.runtime.setMocks({
  newResource: ({ name, inputs }) => {
    made.set(name, inputs);
    return { id: `${name}-id`, state: { ...inputs, result: `${name} ${keeper(inputs)}`, hex: keeper(inputs) } };
  },
  call: () => ({}),
});

function make(credentials: CredentialsDefinition, rotation = 0): Credentials {
  made.clear();
  const spec = parseSpec({ name: "shop1", engine: "medusa" });
  const engine = { ...engines.medusa, title: "Tiny", credentials };
  const isolation = new Isolation("isolation", { spec, target: parseTarget({}), engine });
  return new Credentials("credentials", {
    spec,
    rotation: parseRotation({ rotation }),
    engine,
    isolation,
    registryLogin: undefined,
  });
}

function keeper({ keepers }: Record<string, unknown>): string {
  return JSON.stringify(keepers ?? "first");
}

/** What stands in the store's Secret after so many rotations. */
async function secretAfter(rotation: number, engine = engines.medusa): Promise<Record<string, string>> {
  const { secret } = make(engine.credentials, rotation);
  await new Promise((resolve) => secret.apply(resolve));
  const given = made.get("credentials") as { stringData: { value: Record<string, string> } };
  return given.stringData.value;
}

describe("a rotation", () => {
  it("leaves a store as it is while there was none", async () => {
    await secretAfter(0);

    const random = [...made].filter(([, inputs]) => "length" in inputs);
    expect(random.length).toBeGreaterThan(4);
    for (const [name, inputs] of random) expect(inputs, name).not.toHaveProperty("keepers");
    expect(made.has("database-password-2")).toBe(false);
  });

  it("makes the admin's password and the keys anew, and keeps what is no secret or would stop the store", async () => {
    const [before, after] = [await secretAfter(1), await secretAfter(2)];

    const kept = Object.keys(after).filter((key) => after[key] === before[key]);
    expect(kept.sort()).toEqual(["ADMIN_EMAIL", "PUBLISHABLE_KEY", "REDIS_PASSWORD"]);
  });

  it.each(ENGINES)("lets the two logins of %s's database take turns, each let in by the one before", async (name) => {
    const engine = engines[name];
    const secrets = [await secretAfter(0, engine)];
    for (const rotation of [1, 2, 3, 4]) secrets.push(await secretAfter(rotation, engine));

    const users = secrets.map(({ DATABASE_USER }) => DATABASE_USER);
    const [one, other] = engine.credentials.databaseLogins ?? [];
    expect(users).toEqual([one, other, one, other, one]);
    expect(new Set(secrets.map(({ DATABASE_PASSWORD }) => DATABASE_PASSWORD)).size).toBe(5);
    for (const [index, { FORMER_DATABASE_USER: user, FORMER_DATABASE_PASSWORD: password }] of secrets.entries()) {
      const former = secrets[index - 1];
      expect({ user, password }).toEqual({ user: former?.DATABASE_USER, password: former?.DATABASE_PASSWORD });
    }
  });
});

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
