import { cpSync, mkdirSync, mkdtempSync, rmSync, symlinkSync, writeFileSync } from "node:fs";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { LocalWorkspace, PulumiCommand, Stack } from "@pulumi/pulumi/automation/index.js";
import { describe, expect, it, onTestFinished } from "vitest";

import { repositoryRoot } from "./engine-under-test.ts";

const root = join(repositoryRoot, "toolchain", "offline-engine");
const ids = (outputs: Record<string, { value: unknown }>) => outputs.pet?.value;

/** A stack of a small program, driven by the Automation API as the service drives stores. */
async function makeStack(program: string): Promise<{ stack: Stack; rewrite: (program: string) => void }> {
  const folder = mkdtempSync(join(tmpdir(), "storefleet-engine-"));
  onTestFinished(() => rmSync(folder, { recursive: true, force: true }));
  const workDir = join(folder, "program");
  cpSync(join(import.meta.dirname, "programs", "basic"), workDir, { recursive: true });
  symlinkSync(join(repositoryRoot, "node_modules"), join(folder, "node_modules"));
  mkdirSync(join(folder, "state"));
  const rewrite = (text: string) =>
    writeFileSync(join(workDir, "index.ts"), `import * as random from "@pulumi/random";\n${text}\n`);
  rewrite(program);
  const workspace = await LocalWorkspace.create({
    workDir,
    pulumiHome: join(folder, "home"),
    pulumiCommand: await PulumiCommand.get({ root }),
    envVars: { PULUMI_BACKEND_URL: `file://${join(folder, "state")}`, PULUMI_CONFIG_PASSPHRASE: "test" },
  });
  return { stack: await Stack.createOrSelect("dev", workspace), rewrite };
}

const timeout = 120_000;

describe("an update through the Automation API", { timeout }, () => {
  it("creates, previews, replaces, refreshes and destroys", async () => {
    const { stack, rewrite } = await makeStack(`export const pet = new random.RandomPet("pet").id;`);
    const first = await stack.up();
    rewrite(`export const pet = new random.RandomPet("pet", { length: 3 }).id;`);

    const preview = await stack.preview();
    const second = await stack.up();

    expect(first.summary.resourceChanges).toEqual({ create: 2 });
    expect(preview.changeSummary).toEqual({ replace: 1, same: 1 });
    expect(second.summary.resourceChanges).toEqual({ replace: 1, same: 1 });
    expect(ids(second.outputs)).not.toBe(ids(first.outputs));
    expect((await stack.refresh()).summary.resourceChanges).toEqual({ same: 2 });
    expect((await stack.destroy()).summary.resourceChanges).toEqual({ delete: 2 });
  });

  it("finds a renamed resource by its alias and leaves alone what is to be retained or ignored", async () => {
    const { stack, rewrite } = await makeStack(
      `export const pet = new random.RandomPet("before", { length: 2 }, { retainOnDelete: true }).id;`,
    );
    const first = await stack.up();
    rewrite(
      `export const pet = new random.RandomPet("after", { length: 4 }, { aliases: [{ name: "before" }], ignoreChanges: ["length"] }).id;`,
    );

    const second = await stack.up();

    expect(second.summary.resourceChanges).toEqual({ same: 2 });
    expect(ids(second.outputs)).toBe(ids(first.outputs));
  });

  it("deletes before it replaces when told so, with what depends on it", async () => {
    const program = (length: number) => `
      const pet = new random.RandomPet("pet", { length: ${length} }, { deleteBeforeReplace: true });
      new random.RandomString("tag", { length: 8, keepers: { pet: pet.id } });`;
    const { stack, rewrite } = await makeStack(program(2));
    await stack.up();
    rewrite(program(3));
    const operations: string[] = [];

    await stack.up({
      onEvent: ({ resourcePreEvent }) => {
        const { op, urn = "" } = resourcePreEvent?.metadata ?? {};
        if (op !== undefined && op !== "same") operations.push(`${op} ${urn.split("::").at(-1)}`);
      },
    });

    expect(operations.slice(0, 4)).toEqual([
      "delete-replaced tag",
      "delete-replaced pet",
      "replace pet",
      "create-replacement pet",
    ]);
    expect(operations.slice(4)).toEqual(["replace tag", "create-replacement tag"]);
  });

  it("says in one sentence that a resource is registered twice", async () => {
    const { stack } = await makeStack(`for (const _ of [1, 2]) new random.RandomPet("pet");`);

    await expect(stack.up()).rejects.toThrow(/Duplicate resource URN .*try giving it a unique name/);
  });

  it("refuses what it does not know and names it", async () => {
    const { stack } = await makeStack(`new random.RandomPet("pet", {}, { import: "some-pet" });`);

    await expect(stack.up()).rejects.toThrow(/option 'import'.*real Pulumi CLI/);
  });
});
