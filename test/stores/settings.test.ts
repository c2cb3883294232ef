import { readFileSync } from "node:fs";
import { describe, expect, it } from "vitest";
import { parse } from "yaml";
import { z } from "zod";
import { parseRotation } from "../../stores/rotation.ts";
import { parseSpec } from "../../stores/spec.ts";
import { parseTarget } from "../../stores/target.ts";

const project = z
  .object({
    name: z.literal("stores"),
    config: z.record(
      z.string(),
      z.object({
        type: z.enum(["string", "boolean", "integer"]),
        description: z.string().min(10),
        default: z.union([z.string(), z.boolean(), z.number()]).optional(),
      }),
    ),
  })
  .loose()
  .parse(parse(readFileSync(new URL("../../stores/Pulumi.yaml", import.meta.url), "utf8")));

describe("Pulumi.yaml", () => {
  it("asks for nothing but the engine", () => {
    const required = Object.entries(project.config).filter(([, { default: preset }]) => preset === undefined);

    expect(required.map(([key]) => key)).toEqual(["engine"]);
  });

  it("has a key for every setting of a spec and of a target, and no other but those of the connection", () => {
    const spec = { ...parseSpec({ name: "a", engine: "medusa" }), domain: "", engineVersion: "" };
    const { name: _name, ...settings } = spec;

    expect(Object.keys(project.config).sort()).toEqual(
      [
        ...Object.keys({ ...settings, ...parseTarget({}) }),
        "registryLogin",
        "kubeconfig",
        "context",
        "rotation",
        "formerLogin",
      ].sort(),
    );
  });

  it("has the defaults of the schemas, so that a store is the same by hand and by the service", () => {
    const {
      name: _name,
      displayName: _displayName,
      engine: _engine,
      ...spec
    } = parseSpec({ name: "a", engine: "medusa" });
    const { blockedRanges, ingressAnnotations, ...target } = parseTarget({});
    // What is no single value is written as text.
    const lists = { blockedRanges: blockedRanges.join(","), ingressAnnotations: "" };

    expect(ingressAnnotations).toEqual({});
    const { number: rotation, formerLogin } = parseRotation({});
    for (const [key, value] of Object.entries({ ...spec, ...target, ...lists, rotation, formerLogin })) {
      expect(project.config[key]?.default, key).toBe(value);
    }
  });
});
