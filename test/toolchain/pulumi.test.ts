import { chmodSync, mkdirSync, mkdtempSync, readFileSync, rmSync, statSync, writeFileSync } from "node:fs";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { afterEach, beforeEach, expect, it } from "vitest";
import type { ToolchainContext } from "../../toolchain/lib/context.ts";
import { readEnvironment } from "../../toolchain/lib/environment.ts";
import { resolvePaths } from "../../toolchain/lib/paths.ts";
import { createSilentReporter } from "../../toolchain/lib/progress.ts";
import { describePulumi, ensurePulumi, inspectPulumi, runPulumi } from "../../toolchain/pulumi.ts";

let folder: string;
beforeEach(() => {
  folder = mkdtempSync(join(tmpdir(), "storefleet-pulumi-"));
});
afterEach(() => rmSync(folder, { recursive: true }));

function contextWith(variables: Record<string, string>): ToolchainContext {
  const environment = readEnvironment({ HOME: folder, ...variables });
  const paths = resolvePaths(environment);
  return { environment, paths, reporter: createSilentReporter(paths.logs), signal: new AbortController().signal };
}

/** Stands for an installed CLI: all that is asked of it before a run is its version. */
function install(root: string, version: string): string {
  mkdirSync(join(root, "bin"), { recursive: true });
  const file = join(root, "bin", "pulumi");
  writeFileSync(file, `#!/bin/sh\necho ${version}\n`);
  chmodSync(file, 0o755);
  return root;
}

it("prefers an installed CLI to the offline engine", async () => {
  const root = install(join(folder, "pulumi"), "v3.260.0");

  const pulumi = await ensurePulumi(contextWith({ PULUMI_ROOT: root }));

  expect(pulumi).toMatchObject({ kind: "installed", root, version: "3.260.0" });
  expect(describePulumi(pulumi)).toBe(`the Pulumi CLI 3.260.0 in ${root}`);
});

it("passes over a CLI that is too old for the SDK", async () => {
  const root = install(join(folder, "pulumi"), "v2.0.0");

  const pulumi = await ensurePulumi(contextWith({ PULUMI_ROOT: root }));

  expect(pulumi.root).not.toBe(root);
});

it("makes a passphrase once, for its owner only, and never puts it into the environment", async () => {
  const context = contextWith({ PULUMI_ROOT: install(join(folder, "pulumi"), "v3.260.0") });

  const first = await ensurePulumi(context);
  const file = first.environment.PULUMI_CONFIG_PASSPHRASE_FILE ?? "";
  const passphrase = readFileSync(file, "utf8");
  const second = await ensurePulumi(context);

  expect(statSync(file).mode & 0o777).toBe(0o600);
  expect(passphrase.length).toBeGreaterThan(40);
  expect(readFileSync(second.environment.PULUMI_CONFIG_PASSPHRASE_FILE ?? "", "utf8")).toBe(passphrase);
  expect(JSON.stringify(second.environment)).not.toContain(passphrase);
});

it("leaves backend and passphrase to the user who names them", async () => {
  const pulumi = await ensurePulumi(
    contextWith({
      PULUMI_ROOT: install(join(folder, "pulumi"), "v3.260.0"),
      PULUMI_BACKEND_URL: "s3://states",
      PULUMI_CONFIG_PASSPHRASE_FILE: "/etc/passphrase",
    }),
  );

  expect(pulumi.environment).toMatchObject({
    PULUMI_BACKEND_URL: "s3://states",
    PULUMI_CONFIG_PASSPHRASE_FILE: "/etc/passphrase",
  });
});

it("tells the doctor what would be used", async () => {
  const finding = await inspectPulumi(contextWith({ PULUMI_ROOT: install(join(folder, "pulumi"), "v3.260.0") }));

  expect(finding).toMatchObject({ need: "pulumi", ready: true, missing: [] });
});

it("says what Pulumi complained of when it fails, which stands before its summary", async () => {
  const root = install(join(folder, "pulumi"), "v3.260.0");
  const pulumi = await ensurePulumi(contextWith({ PULUMI_ROOT: root }));
  const complaints =
    "  kubernetes:core/v1:Pod (one):\n    error: no room\n\n  kubernetes:core/v1:Pod (two):\n    error: no name";
  const said = `Updating (dev):\n\nDiagnostics:\n${complaints}\n\nResources:\n    2 unchanged\n    2 errored\n\nDuration: 3s\n`;
  writeFileSync(join(folder, "said"), said);
  writeFileSync(join(root, "bin", "pulumi"), `#!/bin/sh\ncat ${join(folder, "said")}\nexit 1\n`);

  await expect(runPulumi(pulumi, ["up"])).rejects.toMatchObject({
    message: `pulumi up failed:\n${complaints}`,
    exitCode: 1,
    stdout: said,
  });
});
