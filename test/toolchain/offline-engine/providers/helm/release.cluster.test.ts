import { mkdtempSync, rmSync } from "node:fs";
import { tmpdir } from "node:os";
import { dirname, join } from "node:path";
import { afterAll, beforeAll, describe, expect, it, onTestFinished, vi } from "vitest";
import { PartialFailure } from "../../../../../toolchain/offline-engine/provider.ts";
import { RELEASE_TYPE } from "../../../../../toolchain/offline-engine/providers/helm/release.ts";
import type { Properties } from "../../../../../toolchain/offline-engine/values.ts";
import { type TestCluster, takeCluster } from "../../../../helpers/cluster.ts";
import { runHelm } from "../../../../helpers/helm.ts";
import { cutOffRelease } from "../../../../helpers/helm-record.ts";
import { kubectl } from "../../../../helpers/kubectl.ts";
import { testStoreName } from "../../../../helpers/names.ts";
import { writeTinyChart } from "../../../../helpers/tiny-chart.ts";
import { type Drive, driveProvider, type Held } from "../drive-provider.ts";

let cluster: TestCluster;
let drive: Drive;
let chart: string;
let image: string;
let held: Held;
const namespace = testStoreName("release");

const release = (values: Properties = {}, options: Properties = {}): Properties => ({
  chart,
  name: "app",
  namespace,
  timeout: 60,
  values: { image, ...values },
  ...options,
});

const helm = (...args: string[]) => runHelm(cluster, "--namespace", namespace, ...args);

async function recordedStatus(): Promise<{ revision: string; status: string }> {
  const [entry] = JSON.parse(await helm("list", "--all", "--output", "json"));
  return { revision: entry.revision, status: entry.status };
}

beforeAll(async () => {
  cluster = await takeCluster(["redis"]);
  drive = await driveProvider(cluster);
  image = cluster.image("redis");
  chart = join(mkdtempSync(join(tmpdir(), "storefleet-test-")), "chart");
  writeTinyChart(chart);
  await kubectl(cluster, "create", "namespace", namespace);
});

afterAll(async () => {
  await kubectl(cluster, "delete", "namespace", namespace, "--ignore-not-found");
  rmSync(dirname(chart), { recursive: true, force: true });
});

// One story: each test goes on where the one before it ended.
describe("a release in a real cluster", () => {
  it("is installed, and its pods are ready when that is done", async () => {
    held = await drive.create(RELEASE_TYPE, "release", release());

    expect(held).toMatchObject({
      id: `${namespace}/app`,
      outputs: {
        status: { status: "deployed", revision: 1, chart: "tiny", version: "0.1.0" },
        resourceNames: { "Deployment.apps/apps/v1": ["web"] },
      },
    });
    const ready = ["get", "deployment", "web", "--output", "jsonpath={.status.readyReplicas}"];
    expect(await kubectl(cluster, "--namespace", namespace, ...ready)).toBe("1");
    expect(await recordedStatus()).toEqual({ revision: "1", status: "deployed" });
    expect((await drive.diff(held, release())).changes).toBe(false);
  });

  it("is upgraded in place", async () => {
    expect((await drive.diff(held, release({ replicas: 2 }))).detailedDiff).toMatchObject({ "values.replicas": {} });

    held = await drive.update(held, release({ replicas: 2 }));

    expect(held.outputs).toMatchObject({ status: { status: "deployed", revision: 2 } });
    expect((await drive.refresh(held))?.outputs).toEqual(held.outputs);
  });

  it("that does not become ready is recorded as failed, and the next upgrade mends it", async () => {
    const broken = release({ image: "localhost/missing:1" }, { timeout: 4 });

    const failure = await drive.update(held, broken).catch((error) => error);

    expect(failure).toBeInstanceOf(PartialFailure);
    expect(failure.message).toBe(
      `Helm release "${namespace}/app" failed to initialize completely. Use Helm CLI to investigate: failed to become ` +
        `available within allocated timeout. Error: Helm Release ${namespace}/app: context deadline exceeded`,
    );
    expect(failure.outputs).toMatchObject({ status: { status: "failed", revision: 3 } });
    expect(await recordedStatus()).toEqual({ revision: "3", status: "failed" });
    held = await drive.update(held, release());
    expect(await recordedStatus()).toEqual({ revision: "4", status: "deployed" });
  });

  it("whose image cannot be pulled ends long before its time is up, and its pod says why", async () => {
    // The kubelet has a minute; it passes fifteen times as fast here, and so do the ten minutes of the release.
    const [began, realBegan] = [Date.now(), performance.now()];
    const clock = vi.spyOn(Date, "now").mockImplementation(() => began + (performance.now() - realBegan) * 15);
    onTestFinished(() => clock.mockRestore());

    const broken = release({ image: "localhost/missing:1" }, { timeout: 600 });
    const failure = await drive.update(held, broken).catch((error) => error);

    const why = /\[Pod test-release-\w+\/web-[\w-]+\]: \[(ErrImagePull|ImagePullBackOff)\] .*localhost\/missing:1/;
    expect(failure).toBeInstanceOf(PartialFailure);
    expect(failure.message).toContain("it will not become available");
    expect(failure.message).toMatch(why);
    expect(drive.told).toContainEqual(expect.stringMatching(why));
    expect(await recordedStatus()).toEqual({ revision: "5", status: "failed" });
    expect(performance.now() - realBegan).toBeLessThan(20_000);
    held = await drive.update(held, release());
    expect(await recordedStatus()).toEqual({ revision: "6", status: "deployed" });
  });

  it("stops waiting when it is interrupted, in good order", async () => {
    const interrupt = new AbortController();
    setTimeout(() => interrupt.abort(), 2000);

    const broken = release({ image: "localhost/missing:1" });
    const failure = await drive.update(held, broken, { signal: interrupt.signal }).catch((error) => error);

    expect(failure.message).toContain("context canceled");
    expect(await recordedStatus()).toEqual({ revision: "7", status: "failed" });
  });

  it("says what helm says when the chart does not know a value", async () => {
    await expect(drive.update(held, release({ unknown: true }))).rejects.toThrow(/unknown/);
  });

  it("blocked by a killed run is refused, or gone on with where that is allowed", async () => {
    const unlocking = await driveProvider(cluster, { environment: { STOREFLEET_HELM_UNLOCK: "true" } });
    await cutOffRelease(cluster, { namespace, name: "app", revision: 7 }, "pending-upgrade");

    await expect(drive.update(held, release())).rejects.toThrow(
      "another operation (install/upgrade/rollback) is in progress",
    );
    held = await unlocking.update(held, release());

    expect(unlocking.told).toContainEqual(expect.stringContaining("was cut off"));
    expect(await recordedStatus()).toEqual({ revision: "8", status: "deployed" });
  });

  it("that the state does not know is refused, or adopted where objects are", async () => {
    const adopting = await driveProvider(cluster, { inputs: { upsertExistingObjects: "true" } });

    await expect(drive.create(RELEASE_TYPE, "release", release())).rejects.toThrow("cannot re-use a name");
    const adopted = await adopting.create(RELEASE_TYPE, "release", release());

    expect(adopted.outputs).toMatchObject({ status: { status: "deployed", revision: 9 } });
  });

  it("is removed, and removed already is fine", async () => {
    await drive.remove(held);
    await drive.remove(held);

    expect(await drive.refresh(held)).toBeUndefined();
    expect(await helm("list", "--all", "--short")).toBe("");
  });

  it("that fails at first is kept, so that the next run upgrades it", async () => {
    const broken = release({ image: "localhost/missing:1" }, { timeout: 3 });

    const failure = await drive.create(RELEASE_TYPE, "release", broken).catch((error) => error);

    expect(failure).toBeInstanceOf(PartialFailure);
    expect(failure.message).toContain("was created, but failed to initialize completely");
    expect(await recordedStatus()).toEqual({ revision: "1", status: "failed" });
    const first = { type: RELEASE_TYPE, name: "release", id: failure.id, inputs: {}, outputs: failure.outputs };
    await drive.update(first, release());
    expect(await recordedStatus()).toEqual({ revision: "2", status: "deployed" });
  });
});
