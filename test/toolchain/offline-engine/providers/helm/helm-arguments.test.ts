import { describe, expect, it } from "vitest";
import {
  installArguments,
  uninstallArguments,
  upgradeArguments,
} from "../../../../../toolchain/offline-engine/providers/helm/helm-arguments.ts";
import { completeInputs } from "../../../../../toolchain/offline-engine/providers/helm/release-inputs.ts";
import type { Properties } from "../../../../../toolchain/offline-engine/values.ts";

function release(options: Properties = {}): Properties {
  const news = { chart: "./chart", name: "store", namespace: "store-demo", values: { password: "secret" }, ...options };
  return completeInputs(news, undefined, "release", "default");
}

describe("the command line of helm", () => {
  it("installs with values from standard input, so that none is ever on it", () => {
    expect(installArguments(release(), false)).toEqual([
      "install",
      "store",
      "./chart",
      "--namespace",
      "store-demo",
      "--timeout",
      "300s",
      "--values",
      "-",
    ]);
  });

  it("upgrades keeping all revisions, as the provider does and helm by itself does not", () => {
    expect(upgradeArguments(release(), false).join(" ")).toContain("upgrade store ./chart --namespace store-demo");
    expect(upgradeArguments(release(), false).join(" ")).toContain("--history-max 0");
    expect(upgradeArguments(release({ maxHistory: 3 }), false).join(" ")).toContain("--history-max 3");
  });

  it("says what the options say", () => {
    const options = {
      createNamespace: true,
      skipCrds: true,
      disableWebhooks: true,
      waitForJobs: true,
      version: "1.2.3",
    };
    const line = installArguments(release(options), true).join(" ");

    expect(line).toContain("--version 1.2.3");
    for (const flag of ["--create-namespace", "--skip-crds", "--no-hooks", "--wait", "--wait-for-jobs"]) {
      expect(line).toContain(flag);
    }
  });

  it("waits for the end of a release unless the program does not want to wait at all", () => {
    expect(uninstallArguments(release())).toContain("--wait");
    expect(uninstallArguments(release({ skipAwait: true }))).not.toContain("--wait");
    expect(uninstallArguments(release({ skipAwait: true, atomic: true }))).toContain("--wait");
  });
});
