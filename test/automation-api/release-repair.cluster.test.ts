import { mkdtempSync, readFileSync, rmSync, writeFileSync } from "node:fs";
import { tmpdir } from "node:os";
import { dirname, join } from "node:path";
import { afterAll, beforeAll, beforeEach, describe, expect, it } from "vitest";
import { parse } from "yaml";
import { repairPendingRelease } from "../../automation-api/release-repair.ts";
import { type TestCluster, takeCluster } from "../helpers/cluster.ts";
import { runHelm } from "../helpers/helm.ts";
import { cutOffRelease } from "../helpers/helm-record.ts";
import { kubectl } from "../helpers/kubectl.ts";
import { testStoreName } from "../helpers/names.ts";
import { writeTinyChart } from "../helpers/tiny-chart.ts";

let cluster: TestCluster;
let chart: string;
let place: { kubeconfig: string; context: string; namespace: string; name: string };
const namespace = testStoreName("repair");

const helm = (...args: string[]) => runHelm(cluster, "--namespace", namespace, ...args);

const install = () => helm("install", "app", chart, "--set", "replicas=0");
const upgrade = () => helm("upgrade", "app", chart, "--set", "replicas=0");

/** Which Deployment there is, and of which generation. */
const deployment = () =>
  kubectl(
    cluster,
    ...["get", "deployment", "web", "--namespace", namespace],
    ...["-o", "jsonpath={.metadata.uid} {.metadata.generation}"],
  );

const cutOff = (revision: number, status: string) =>
  cutOffRelease(cluster, { namespace, name: "app", revision }, status);

beforeAll(async () => {
  cluster = await takeCluster([]);
  chart = join(mkdtempSync(join(tmpdir(), "storefleet-test-")), "chart");
  writeTinyChart(chart);
  const { kubeconfig, context } = cluster.cluster;
  place = { kubeconfig, context, namespace, name: "app" };
});

beforeEach(async () => {
  await kubectl(cluster, "delete", "namespace", namespace, "--ignore-not-found");
  await kubectl(cluster, "create", "namespace", namespace);
});

afterAll(async () => {
  await kubectl(cluster, "delete", "namespace", namespace, "--ignore-not-found");
  rmSync(dirname(chart), { recursive: true, force: true });
});

describe("repairing a release", () => {
  it("lets a first install that was killed be done again, adopting what is there", async () => {
    await install();
    await cutOff(1, "pending-install");
    await expect(install()).rejects.toThrow("cannot re-use a name");
    const made = await deployment();

    await repairPendingRelease(place);
    await install();

    expect(await helm("list", "--all", "--short")).toBe("app\n");
    // What the killed one made goes on as it is: however often an install is killed, its pods are not begun anew.
    expect(made).toMatch(/^[0-9a-f-]{36} 1$/);
    expect(await deployment()).toBe(made);
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

  it("does the same by the way in of a pod, which is a token in a file", async () => {
    await install();
    await upgrade();
    await cutOff(2, "pending-upgrade");

    await repairPendingRelease({ ...place, ...(await wayInOfPod()) });
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

/** A kubeconfig as pods of the platform have it, for an account that may touch this namespace's Secrets. */
async function wayInOfPod(): Promise<{ kubeconfig: string; context: string }> {
  const inside = ["--namespace", namespace];
  await kubectl(cluster, "create", "serviceaccount", "pod", ...inside);
  await kubectl(cluster, "create", "role", "pod", ...inside, "--resource=secrets", "--verb=get,list,update,delete");
  await kubectl(cluster, "create", "rolebinding", "pod", ...inside, "--role=pod", `--serviceaccount=${namespace}:pod`);
  const folder = dirname(chart);
  writeFileSync(join(folder, "token"), await kubectl(cluster, "create", "token", "pod", ...inside));
  const config = parse(readFileSync(cluster.cluster.kubeconfig, "utf8"));
  const kubeconfig = join(folder, "kubeconfig");
  const users = [{ name: "pod", user: { tokenFile: "token" } }];
  const [{ name }] = config.clusters;
  const contexts = [{ name: "pod", context: { cluster: name, user: "pod" } }];
  writeFileSync(kubeconfig, JSON.stringify({ ...config, users, contexts, "current-context": "pod" }));
  return { kubeconfig, context: "pod" };
}
