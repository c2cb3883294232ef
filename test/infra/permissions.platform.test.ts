import { afterAll, beforeAll, describe, expect, it } from "vitest";
import { storePolicies } from "../../infra/store-policies.ts";
import { kubectl, kubectlWith } from "../helpers/kubectl.ts";
import { beginStory, type PlatformStory } from "../helpers/platform-story.ts";

let story: PlatformStory;
/** A namespace as every store has one. */
const STORE = "store-test-permissions";
const labels = { "storefleet.dev/store": "test-permissions" };
beforeAll(async () => {
  story = await beginStory();
  const namespace = { apiVersion: "v1", kind: "Namespace", metadata: { name: STORE, labels } };
  await kubectlWith(story.machine, namespace, "apply");
});
afterAll(async () => {
  await kubectl(story.machine, "delete", "namespace", STORE, "--ignore-not-found");
});

const container = {
  name: "one",
  image: "localhost/storefleet/redis:1",
  resources: { requests: { cpu: "1m", memory: "1Mi" }, limits: { cpu: "10m", memory: "16Mi" } },
  securityContext: { allowPrivilegeEscalation: false, capabilities: { drop: ["ALL"] } },
};
const goodPod = (spec: object, changed: object = {}) => ({
  apiVersion: "v1",
  kind: "Pod",
  metadata: { name: "planted" },
  spec: {
    automountServiceAccountToken: false,
    securityContext: { runAsNonRoot: true, runAsUser: 10001, seccompProfile: { type: "RuntimeDefault" } },
    containers: [{ ...container, ...changed }],
    ...spec,
  },
});
const goodService = {
  apiVersion: "v1",
  kind: "Service",
  metadata: { name: "planted" },
  spec: { ports: [{ port: 80 }] },
};
const denial = (spec: object, name = "default-deny") => ({
  apiVersion: "networking.k8s.io/v1",
  kind: "NetworkPolicy",
  metadata: { name },
  spec: { podSelector: {}, policyTypes: ["Ingress", "Egress"], ...spec },
});
const statefulSet = (spec: object) => ({
  apiVersion: "apps/v1",
  kind: "StatefulSet",
  metadata: { name: "planted" },
  spec: {
    selector: { matchLabels: { app: "planted" } },
    serviceName: "planted",
    template: { metadata: { labels: { app: "planted" } }, spec: goodPod({}).spec },
    ...spec,
  },
});
const goes = { persistentVolumeClaimRetentionPolicy: { whenDeleted: "Delete", whenScaled: "Retain" } };
const projected = { name: "token", projected: { sources: [{ serviceAccountToken: { path: "token" } }] } };

const loose = "denies every connection of every pod";

/** The same made well, by its kind. */
const good: Readonly<Record<string, object>> = {
  Pod: goodPod({}),
  Service: goodService,
  NetworkPolicy: denial({}),
  StatefulSet: statefulSet({}),
};

/** For each policy something that it refuses. */
const refused: Record<string, { bad: { kind: string }; message: string }> = {
  "store-denial": { bad: denial({ ingress: [{}] }), message: loose },
  "store-denial of one way": { bad: denial({ policyTypes: ["Ingress"] }), message: loose },
  "store-denial of some pods": { bad: denial({ podSelector: { matchLabels: { app: "one" } } }), message: loose },
  "store-volumes": { bad: statefulSet(goes), message: "stay when what uses them goes" },
  "store-limits": { bad: goodPod({}, { resources: {} }), message: "have a limit of memory" },
  "store-services": {
    bad: {
      ...goodService,
      spec: { type: "ExternalName", externalName: "example.com", ports: [{ port: 80 }] },
    } as never,
    message: "are of the type ClusterIP",
  },
  "store-images": { bad: goodPod({}, { image: "nginx:latest" }), message: "a tag that does not move" },
  "store-images without a tag": {
    bad: goodPod({}, { image: "registry:5000/nginx" }),
    message: "a tag that does not move",
  },
  "store-tokens": { bad: goodPod({ automountServiceAccountToken: true }), message: "have no token of the cluster" },
  "store-tokens by a volume": { bad: goodPod({ volumes: [projected] }), message: "have no token of the cluster" },
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

it("has an example for each policy of stores", () => {
  expect(new Set(Object.keys(refused).map((name) => name.split(" ")[0]))).toEqual(new Set(Object.keys(storePolicies)));
});

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
      as("operation", { apiVersion: "v1", kind: "Namespace", metadata: { name: "traefik", labels } }, "apply"),
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

  it.each(Object.keys(refused))(
    "refuses in a store's namespace what %s is about, and nothing that is well",
    async (policy) => {
      const { bad, message } = refused[policy]!;
      const dryRun = ["create", "--namespace", STORE, "--dry-run=server"];

      await expect(kubectlWith(story.machine, bad, ...dryRun)).rejects.toThrow(message);
      await expect(kubectlWith(story.machine, good[bad.kind]!, ...dryRun)).resolves.toContain("created");
    },
  );
});
