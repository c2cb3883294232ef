import { existsSync, mkdirSync, mkdtempSync, readdirSync, readFileSync, rmSync, statSync } from "node:fs";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { afterEach, beforeEach, expect, it } from "vitest";
import { withKubeconfigFile } from "../../automation-api/kubeconfig-file.ts";
import { inCluster, marksOf } from "../../automation-api/stack-runner.ts";
import { FakeStackRunner } from "./fake-stack-runner.ts";

let folder: string;
let runner: FakeStackRunner;
beforeEach(() => {
  folder = mkdtempSync(join(tmpdir(), "storefleet-kubeconfig-"));
  runner = new FakeStackRunner();
});
afterEach(() => rmSync(folder, { recursive: true, force: true }));

const cluster = { content: "a kubeconfig", context: "eu" };
const wrapped = () => inCluster(withKubeconfigFile(bound(runner), join(folder, ".clusters")), cluster);

/** Methods of a class are not its own properties, so that spreading it would lose them. */
function bound(fake: FakeStackRunner) {
  return { ...fake, up: fake.up.bind(fake), destroy: fake.destroy.bind(fake) } as unknown as FakeStackRunner;
}

it("gives a run its kubeconfig as a file that only we can read, and takes it away afterwards", async () => {
  const seen: { mode: number; content: string; context: string | undefined }[] = [];
  runner.onUp = async (_stack, options) => {
    const { KUBECONFIG = "", STOREFLEET_KUBE_CONTEXT: context } = marksOf(options);
    seen.push({ mode: statSync(KUBECONFIG).mode & 0o777, content: readFileSync(KUBECONFIG, "utf8"), context });
  };

  await wrapped().up("demo", {});

  expect(seen).toEqual([{ mode: 0o600, content: "a kubeconfig", context: "eu" }]);
  expect(readdirSync(join(folder, ".clusters"))).toEqual([]);
});

it("takes it away when the run fails, and what a killed run of the same stack has left", async () => {
  const left = join(folder, ".clusters", "demo", "of-a-killed-run");
  const foreign = join(folder, ".clusters", "demo-2");
  for (const each of [left, foreign]) mkdirSync(each, { recursive: true });
  runner.onDestroy = async () => {
    expect(existsSync(left)).toBe(false);
    throw new Error("It failed.");
  };

  await expect(wrapped().destroy("demo")).rejects.toThrow("It failed.");

  expect(readdirSync(join(folder, ".clusters"))).toEqual(["demo-2"]);
});

it("puts it where it was before: Pulumi's state names that place, and a run that removes the stack takes it from there", async () => {
  const places: (string | undefined)[] = [];
  runner.onUp = async (_stack, options) => void places.push(marksOf(options).KUBECONFIG);
  runner.onDestroy = runner.onUp;

  await wrapped().up("demo", {});
  await wrapped().destroy("demo");

  expect(places).toEqual([places[0], places[0]]);
});

it("leaves runs in the home cluster as they are", async () => {
  const marks: unknown[] = [];
  runner.onUp = async (_stack, options) => void marks.push(marksOf(options));

  await withKubeconfigFile(bound(runner), join(folder, ".clusters")).up("demo", {});

  expect(marks).toEqual([{}]);
  expect(existsSync(join(folder, ".clusters"))).toBe(false);
});
