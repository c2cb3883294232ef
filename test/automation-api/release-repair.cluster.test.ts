import { writeFileSync } from "node:fs";
import { join } from "node:path";
import { afterAll, beforeAll, beforeEach, describe, expect, it } from "vitest";
import { repairPendingRelease } from "../../automation-api/release-repair.ts";
import { type BareCluster, takeBareCluster } from "../helpers/bare-cluster.ts";
import { rewriteStatus } from "../helpers/helm-record.ts";
import { testStoreName } from "../helpers/names.ts";
import { writeTinyChart } from "../helpers/tiny-chart.ts";

let bare: BareCluster;
let chart: string;
let place: { kubeconfig: string; context: string; namespace: string; name: string };
const namespace = testStoreName("repair");

const helm = (...args: string[]) => bare.helm("--namespace", namespace, ...args);

const install = () => helm("install", "app", chart, "--set", "replicas=0");
const upgrade = () => helm("upgrade", "app", chart, "--set", "replicas=0");

/** Leaves the record as a killed helm would. */
async function cutOff(revision: number, status: string): Promise<void> {
  const name = `sh.helm.release.v1.app.v${revision}`;
  const secret = JSON.parse(await bare.kubectl("get", "secret", name, "--namespace", namespace, "--output", "json"));
  const file = join(bare.folder, "record.json");
  writeFileSync(file, JSON.stringify(rewriteStatus(secret, status)));
  await bare.kubectl("replace", "--namespace", namespace, "--filename", file);
}

beforeAll(async () => {
  bare = await takeBareCluster();
  chart = join(bare.folder, "chart");
  writeTinyChart(chart);
  place = { kubeconfig: bare.cluster.kubeconfig, context: bare.cluster.context, namespace, name: "app" };
});

beforeEach(async () => {
  await bare.kubectl("delete", "namespace", namespace, "--ignore-not-found");
  await bare.kubectl("create", "namespace", namespace);
});

afterAll(async () => {
  await bare.kubectl("delete", "namespace", namespace, "--ignore-not-found");
  bare.release();
});

describe("repairing a release", () => {
  it("lets a first install that was killed be done again, adopting what is there", async () => {
    await install();
    await cutOff(1, "pending-install");
    await expect(install()).rejects.toThrow("cannot re-use a name");

    await repairPendingRelease(place);
    await install();

    expect(await helm("list", "--all", "--short")).toBe("app\n");
  });

  it("lets an upgrade that was killed be done again", async () => {
    await install();
    await upgrade();
    await cutOff(2, "pending-upgrade");
    await expect(upgrade()).rejects.toThrow("another operation");

    await repairPendingRelease(place);
    await upgrade();

    expect(await helm("history", "app", "--output", "json")).toContain('"revision":3');
  });

  it("makes Helm forget a finished release that the state does not know", async () => {
    await install();

    await repairPendingRelease({ ...place, inState: false });
    await install();

    expect(await helm("status", "app")).toContain("STATUS: deployed");
  });

  it("leaves a release alone that is not blocked, and one that does not exist", async () => {
    await repairPendingRelease(place);
    await install();
    await repairPendingRelease(place);

    expect(await helm("status", "app")).toContain("STATUS: deployed");
  });
});
