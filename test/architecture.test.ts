import { execFileSync, spawnSync } from "node:child_process";
import { existsSync, mkdirSync, readdirSync, readFileSync, rmSync, writeFileSync } from "node:fs";
import { dirname, join } from "node:path";
import { afterEach, describe, expect, it } from "vitest";

const root = join(import.meta.dirname, "..");
const cruiser = join(root, "node_modules", "dependency-cruiser", "bin", "dependency-cruiser.mjs");
const folders = ["infra", "stores", "automation-api", "web", "toolchain", "test"];

function brokenRules(): string[] {
  const result = spawnSync(
    process.execPath,
    [cruiser, "--config", ".dependency-cruiser.mjs", "--output-type", "json", ...folders],
    { cwd: root, encoding: "utf8", maxBuffer: 64 * 1024 * 1024 },
  );
  const report: { summary: { violations: { rule: { name: string }; from: string }[] } } = JSON.parse(result.stdout);
  return report.summary.violations.map((violation) => `${violation.rule.name}: ${violation.from}`);
}

describe("the repository", () => {
  it("has exactly the agreed folders at the top", () => {
    const tracked = execFileSync("git", ["ls-files"], { cwd: root, encoding: "utf8" }).split("\n");
    const top = new Set(tracked.filter((path) => path.includes("/")).map((path) => path.split("/")[0]));

    expect([...top].filter((name) => !name?.startsWith(".")).sort()).toEqual([...folders].sort());
  });

  it("pins every dependency to one exact version", () => {
    const loose = ["", ...folders].flatMap((folder) => {
      const manifest = JSON.parse(readFileSync(join(root, folder, "package.json"), "utf8"));
      return Object.entries<string>({ ...manifest.dependencies, ...manifest.devDependencies })
        .filter(([, version]) => !/^\d+\.\d+\.\d+(-[\w.]+)?$/.test(version))
        .map(([name, version]) => `${folder}: ${name} ${version}`);
    });

    expect(loose).toEqual([]);
  });

  it("keeps registry addresses out of the lockfiles", () => {
    const lockfiles = execFileSync("git", ["ls-files", "*package-lock.json"], { cwd: root, encoding: "utf8" });
    const withAddress = lockfiles
      .split("\n")
      .filter((file) => file !== "" && /"resolved": "https?:/.test(readFileSync(join(root, file), "utf8")));

    expect(withAddress).toEqual([]);
  });

  it("uses the vocabulary: no word of the never-say list names a file", () => {
    const never = /(^|[-/.])(shop|tenant|tier|workspace-team)s?([-/.]|$)/;
    const tracked = execFileSync("git", ["ls-files", ...folders], { cwd: root, encoding: "utf8" }).split("\n");
    const ours = tracked.filter((path) => !/^(stores\/images|test\/conformance)\//.test(path));

    expect(ours.filter((path) => never.test(path))).toEqual([]);
  });
});

// The whole repository is read for each of them: seconds on a quiet machine, more on a busy one.
describe("the import rules", { timeout: 60_000 }, () => {
  const planted: string[] = [];

  function plant(path: string, code: string): void {
    const file = join(root, path);
    if (existsSync(file)) throw new Error(`${path} exists already.`);
    mkdirSync(dirname(file), { recursive: true });
    writeFileSync(file, code);
    planted.push(file);
  }

  afterEach(() => {
    for (const file of planted.splice(0)) {
      rmSync(file, { force: true });
      if (readdirSync(dirname(file)).length === 0) rmSync(dirname(file), { recursive: true });
    }
  });

  it("hold today", () => {
    expect(brokenRules()).toEqual([]);
  });

  it("catch every forbidden direction", () => {
    plant(
      "automation-api/planted.ts",
      'import "../toolchain/lib/paths.ts";\nimport "../infra/index.ts";\nimport "better-auth";\n',
    );
    plant("stores/planted.ts", 'import "../automation-api/stack-runner.ts";\n');
    plant("infra/planted.ts", 'import "@pulumi/pulumi/automation/index.js";\nimport "../test/planted.ts";\n');
    plant("web/src/planted.tsx", 'import "../../stores/spec.ts";\nimport "../../automation-api/planted.ts";\n');
    plant("test/planted.ts", "export const planted = 1;\n");
    plant("toolchain/offline-engine/planted.ts", 'import "../lib/paths.ts";\n');

    const broken = brokenRules();

    expect(broken).toEqual(
      expect.arrayContaining([
        "service-knows-no-toolchain-and-no-dashboard: automation-api/planted.ts",
        "service-imports-only-pure-store-files: automation-api/planted.ts",
        "nobody-imports-a-program: automation-api/planted.ts",
        "one-folder-imports-better-auth: automation-api/planted.ts",
        "stores-and-infra-stand-alone: stores/planted.ts",
        "one-file-imports-the-automation-api: infra/planted.ts",
        "nobody-imports-tests: infra/planted.ts",
        "dashboard-imports-only-the-contract: web/src/planted.tsx",
        "offline-engine-stands-alone: toolchain/offline-engine/planted.ts",
      ]),
    );
  });
});
