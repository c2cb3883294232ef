import { afterAll, beforeAll, describe, expect, it } from "vitest";
import { storePolicies } from "../../infra/store-policies.ts";
import { kubectl, kubectlWith } from "../helpers/kubectl.ts";
import { beginStory, type PlatformStory } from "../helpers/platform-story.ts";

let story: PlatformStory;
/** A namespace as every store has one. */
const STORE = "store-test-permissions";
const labelsOf = (store: string) => ({
  "storefleet.dev/store": store,
  "pod-security.kubernetes.io/enforce": "restricted",
});
/** Called like a store's, but nobody's. */
const STRANGE = "store-strange";
beforeAll(async () => {
  story = await beginStory();
  const namespace = {
    apiVersion: "v1",
    kind: "Namespace",
    metadata: { name: STORE, labels: labelsOf("test-permissions") },
  };
  await kubectlWith(story.machine, namespace, "apply");
  await kubectl(story.machine, "create", "namespace", STRANGE);
});
afterAll(async () => {
  await kubectl(story.machine, "delete", "namespace", STORE, STRANGE, "--ignore-not-found");
});

const container = {
  name: "one",
  image: "localhost/storefleet/redis:1",
  resources: { requests: { cpu: "1m", memory: "1Mi" }, limits: { cpu: "10m", memory: "16Mi" } },
  securityContext: { allowPrivilegeEscalation: false, capabilities: { drop: ["ALL"] } },
};
/** Runs kubectl as an account of the platform. */
const as = (account: string, object: object, ...args: string[]) =>
  kubectlWith(
    story.machine,
    object,
    ...args,
    "--as",
    `system:serviceaccount:${story.platform.namespace}:${account}`,
    "--dry-run=server",
  );

/** What an account may do in a namespace beyond what every account may: each resource with its verbs. */
async function rights(account: string, namespace: string): Promise<string[]> {
  const user = `system:serviceaccount:${story.platform.namespace}:${account}`;
  const answer = await kubectl(story.machine, "auth", "can-i", "--list", "--namespace", namespace, "--as", user);
  return answer
    .split("\n")
    .slice(1)
    .filter((line) => line !== "" && !/^selfsubject|^\s/.test(line))
    .map((line) => /^(\S+)\s+\[.*?\]\s+(\[.*?\])\s+\[(.*)\]$/.exec(line))
    .map((found) => `${found?.[1]} ${found?.[2] === "[]" ? "" : `${found?.[2]} `}${found?.[3]}`)
    .sort();
}

describe("the accounts of the platform", () => {
  it("lets each account do what its permissions say, and nothing else", async () => {
    expect(await rights("api", STORE)).toEqual(["secrets [store-credentials] get"]);
    expect(await rights("api", "kube-system")).toEqual(["secrets [store-credentials] get"]);
    expect(await rights("worker", story.platform.namespace)).toEqual([
      "events get list watch",
      "jobs.batch create delete deletecollection get list",
      "limitranges get list",
      "namespaces get list watch",
      "networkpolicies.networking.k8s.io get list",
      "persistentvolumes get list",
      "pods get list watch",
      "pods/log get list",
      "resourcequotas get list",
      "secrets get list",
    ]);
    expect((await rights("operation", STORE)).filter((right) => /secrets|pods|exec|role/.test(right))).toEqual([
      "pods get list watch",
      "secrets get list watch create update patch delete",
    ]);
    expect(await rights("default", STORE)).toEqual([]);
  });

  it("refuses a worker and an operation what is not a store's, although their roles cannot say so", async () => {
    const map = { apiVersion: "v1", kind: "ConfigMap", metadata: { name: "planted" } };

    await expect(as("operation", map, "create", "--namespace", "kube-system")).rejects.toThrow(
      /may only change what is in/,
    );
    await expect(as("operation", map, "create", "--namespace", story.platform.namespace)).rejects.toThrow(
      /may only change what/,
    );
    await expect(
      as("operation", { apiVersion: "v1", kind: "Namespace", metadata: { name: "planted" } }, "create"),
    ).rejects.toThrow(/may only change namespaces of stores/);
    await expect(
      as(
        "operation",
        { apiVersion: "v1", kind: "Namespace", metadata: { name: STRANGE, labels: labelsOf("strange") } },
        "apply",
      ),
    ).rejects.toThrow(/may only change namespaces of stores/);
    await expect(as("operation", map, "create", "--namespace", STORE)).resolves.toContain("created");
    const job = {
      apiVersion: "batch/v1",
      kind: "Job",
      metadata: { name: "planted", labels: { "app.kubernetes.io/component": "operation" } },
      spec: { template: { spec: { serviceAccountName: "api", restartPolicy: "Never", containers: [container] } } },
    };
    await expect(as("worker", job, "create", "--namespace", story.platform.namespace)).rejects.toThrow(
      /may only change what/,
    );
  });

  it("is kept to every policy of stores, whoever asks; see store-policies/policies.proof.test.ts", async () => {
    const kinds = "validatingadmissionpolicies,validatingadmissionpolicybindings";
    const names = await kubectl(story.machine, "get", kinds, "--output", "name");
    const installed = names.split("\n").filter((name) => name.includes(`/${story.platform.namespace}-store-`));
    const spec = { type: "ExternalName", externalName: "example.com" };
    const bad = { apiVersion: "v1", kind: "Service", metadata: { name: "planted" }, spec };

    expect(installed).toHaveLength(2 * (1 + Object.keys(storePolicies).length));
    await expect(kubectlWith(story.machine, bad, "create", "--namespace", STORE, "--dry-run=server")).rejects.toThrow(
      "are of the type ClusterIP",
    );
  });
});
