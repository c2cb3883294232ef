import { mkdirSync, mkdtempSync, rmSync, writeFileSync } from "node:fs";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { afterEach, beforeEach, describe, expect, it } from "vitest";
import { chartVersion, isPlainFolder } from "../../../../../toolchain/offline-engine/providers/helm/chart.ts";
import { waitsByHelm } from "../../../../../toolchain/offline-engine/providers/helm/deploy-release.ts";
import { UNKNOWN } from "../../../../../toolchain/offline-engine/values.ts";

const noHelm = { run: () => Promise.reject(new Error("helm is not needed here")) };

describe("a chart", () => {
  let chart: string;
  beforeEach(() => {
    chart = mkdtempSync(join(tmpdir(), "storefleet-chart-"));
    mkdirSync(join(chart, "templates"));
    writeFileSync(join(chart, "Chart.yaml"), "apiVersion: v2\nname: tiny\nversion: 0.1.0\n");
    writeFileSync(join(chart, "templates", "deployment.yaml"), "kind: Deployment\n");
  });
  afterEach(() => rmSync(chart, { recursive: true }));

  it("in a folder tells its version without helm", async () => {
    expect(await chartVersion({ chart }, noHelm)).toBe("0.1.0");
  });

  it("that is not known yet has no version yet", async () => {
    expect(await chartVersion({ chart: UNKNOWN }, noHelm)).toBeUndefined();
  });

  it("that is not there is said to be missing", async () => {
    await expect(chartVersion({ chart: "./nowhere" }, noHelm)).rejects.toThrow('path "./nowhere" not found');
  });

  it("without hooks is waited for by us, unless something has to follow the waiting", () => {
    expect(isPlainFolder(chart)).toBe(true);
    expect(waitsByHelm({ chart })).toBe(false);
    expect(waitsByHelm({ chart, atomic: true })).toBe(true);
    expect(waitsByHelm({ chart, cleanupOnFail: true })).toBe(true);
  });

  it("with hooks, or that we cannot look into, is waited for by helm", () => {
    writeFileSync(join(chart, "templates", "job.yaml"), 'metadata: {annotations: {"helm.sh/hook": post-install}}\n');

    expect(waitsByHelm({ chart })).toBe(true);
    expect(waitsByHelm({ chart: "repository/chart" })).toBe(true);
  });

  it("is not waited for at all when the program does not want to", () => {
    expect(waitsByHelm({ chart: "repository/chart", skipAwait: true })).toBe(false);
  });
});
