import { execFileSync } from "node:child_process";
import { describe, expect, it } from "vitest";
import { readConfig } from "../../../automation-api/config.ts";
import { inspectCommands, withoutPassword } from "../../../automation-api/use-cases/inspect-commands.ts";
import { completeEnvironment } from "../complete-environment.ts";

describe("inspectCommands", () => {
  it("looks at the stack with the service's own state, and holds no secret", () => {
    const config = readConfig(
      completeEnvironment({
        PULUMI_CONFIG_PASSPHRASE: "hunter2",
        PULUMI_BACKEND_URL: "postgres://pulumi:hunter2@db/state?sslpassword=hunter2",
      }),
    );

    const lines = inspectCommands(config, "demo");

    expect(lines[0]).toBe("cd /repo/stores");
    expect(lines).toContain("pulumi stack --stack demo");
    expect(lines).toContain("export PULUMI_CONFIG_PASSPHRASE_FILE=/state/passphrase");
    expect(lines.join("\n")).not.toContain("hunter2");
  });

  it("is taken by a shell as it is, whatever the folders are called", () => {
    const root = '/tmp/it\'s a "$HOME" of mine';
    const config = readConfig(completeEnvironment({ STOREFLEET_PULUMI_ROOT: root, PULUMI_HOME: root }));

    const command = inspectCommands(config, "demo").at(-1) ?? "";
    const [shown] = inspectCommands(config, "demo").filter((line) => line.startsWith("export PULUMI_HOME"));

    const words = execFileSync("sh", ["-c", `printf '%s\\n' ${command}`], { encoding: "utf8" }).split("\n");
    expect(words[0]).toBe(`${root}/bin/pulumi`);
    expect(execFileSync("sh", ["-c", `${shown}; printf %s "$PULUMI_HOME"`], { encoding: "utf8" })).toBe(root);
  });
});

describe("withoutPassword", () => {
  it.each([
    ["postgres://me:hunter2@db/state", "postgres://me:PASSWORD@db/state"],
    ["s3://bucket?region=eu&secret_key=x", "s3://bucket?region=eu&secret_key=PASSWORD"],
    ["file:///some/folder", "file:///some/folder"],
    ["/state/kubeconfig", "/state/kubeconfig"],
  ])("%s → %s", (address, shown) => {
    expect(withoutPassword(address)).toBe(shown);
  });
});
