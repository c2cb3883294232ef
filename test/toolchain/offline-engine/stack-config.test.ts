import { mkdtempSync, readFileSync, rmSync, writeFileSync } from "node:fs";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { describe, expect, it, onTestFinished } from "vitest";
import { requireProject } from "../../../toolchain/offline-engine/project.ts";
import { completeConfig, configKey, plainValue, StackConfig } from "../../../toolchain/offline-engine/stack-config.ts";

const crypter = { decrypt: (text: string) => `opened ${text}` };

function makeProject(config: string, stack = "") {
  const folder = mkdtempSync(join(tmpdir(), "storefleet-config-"));
  onTestFinished(() => rmSync(folder, { recursive: true }));
  writeFileSync(join(folder, "Pulumi.yaml"), `name: shop\nruntime: nodejs\nconfig:\n${config}`);
  if (stack !== "") writeFileSync(join(folder, "Pulumi.dev.yaml"), stack);
  return { project: requireProject(folder), file: join(folder, "Pulumi.dev.yaml") };
}

describe("what the project declares", () => {
  it("fills in defaults", () => {
    const { project } = makeProject("  size: {type: integer, default: 3}\n  color: red\n");

    expect(completeConfig(project, "dev", {}, crypter)).toEqual({ "shop:size": 3, "shop:color": "red" });
  });

  it("names everything that is missing, and how to set it", () => {
    const { project } = makeProject("  size: {type: integer, description: How big}\n  color: {type: string}\n");

    expect(() => completeConfig(project, "dev", {}, crypter)).toThrow(
      "Stack 'dev' is missing configuration values 'color' and 'size'. Set with:\n" +
        "  pulumi config set color <value>\n  pulumi config set size <value>   # How big",
    );
  });

  it.each([
    ["integer", "three", "3"],
    ["boolean", "yes", "true"],
    ["number", "", "1.5"],
    ["array", "a", undefined],
  ])("refuses a wrong %s", (type, wrong, good) => {
    const { project } = makeProject(`  value: {type: ${type}${type === "array" ? ", items: {type: string}" : ""}}\n`);

    expect(() => completeConfig(project, "dev", { "shop:value": wrong }, crypter)).toThrow(/must be of type/);
    if (good !== undefined)
      expect(completeConfig(project, "dev", { "shop:value": good }, crypter)).toEqual({ "shop:value": good });
  });

  it("wants a secret to be encrypted", () => {
    const { project } = makeProject("  token: {type: string, secret: true}\n");

    expect(() => completeConfig(project, "dev", { "shop:token": "plain" }, crypter)).toThrow(
      "must be encrypted as it's secret",
    );
    expect(completeConfig(project, "dev", { "shop:token": { secure: "x" } }, crypter)).toBeDefined();
  });
});

describe("the stack's configuration file", () => {
  it("keeps comments and other attributes when a value is set", () => {
    const { project, file } = makeProject("  a: 1\n", '# ours\nencryptionsalt: v1:x\nconfig:\n  shop:a: "1" # one\n');
    const config = StackConfig.open(project, "dev");

    config.set("shop:b", "2");
    config.save();

    expect(readFileSync(file, "utf8")).toBe(
      '# ours\nencryptionsalt: v1:x\nconfig:\n  shop:a: "1" # one\n  shop:b: "2"\n',
    );
  });

  it("opens secrets inside structures", () => {
    const plain = plainValue({ user: "me", password: { secure: "x" } }, crypter);

    expect(plain).toEqual({
      value: '{"password":"opened x","user":"me"}',
      secret: true,
      object: { user: "me", password: "opened x" },
    });
  });
});

it.each([
  ["words", "shop:words"],
  ["kubernetes:context", "kubernetes:context"],
  ["shop:config:words", "shop:words"],
])("reads the key %s", (key, full) => {
  expect(configKey("shop", key)).toBe(full);
});
