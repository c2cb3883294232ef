import { setTimeout as sleep } from "node:timers/promises";
import { afterAll, beforeAll, describe, expect, it } from "vitest";
import { isFinal, type Operation, operationSchema } from "../../automation-api/contract/operation.ts";
import { acceptedSchema, storeSchema } from "../../automation-api/contract/store.ts";
import { loopbackFetch } from "../../automation-api/loopback-fetch.ts";
import type { ApiSession } from "../../toolchain/service/api-session.ts";
import { kubectl, kubectlWith, leftovers } from "../helpers/kubectl.ts";
import { type Machine, takeMachine } from "../helpers/machine.ts";
import { testStoreName } from "../helpers/names.ts";
import { preparePlatform, type TestPlatform } from "../helpers/platform.ts";

let machine: Machine;
let platform: TestPlatform;
let session: ApiSession;
let seconds: number;
const [first, second, third] = [testStoreName("inside"), testStoreName("killed"), testStoreName("again")];

beforeAll(async () => {
  machine = await takeMachine();
  platform = await preparePlatform(machine);
  const begin = performance.now();
  await platform.up();
  seconds = (performance.now() - begin) / 1000;
  session = await platform.session();
});
afterAll(async () => {
  await platform?.down();
  await machine?.release();
});

/** Seconds that a store may take on two cores beside other work. */
const PATIENCE = 400;

const accepted = async (answer: Promise<unknown>) => acceptedSchema.parse(await answer).operation.id;
const create = (name: string) => accepted(session.post("/stores", { name, engine: "medusa" }));
const remove = (name: string) => accepted(session.delete(`/stores/${name}`));

async function ended(id: string): Promise<Operation> {
  const deadline = Date.now() + PATIENCE * 1000;
  for (;;) {
    const found = operationSchema.parse(await session.get(`/operations/${id}`));
    if (isFinal(found.status)) return found;
    if (Date.now() > deadline) throw new Error(`The operation is still ${found.status} after ${PATIENCE} seconds.`);
    await sleep(200);
  }
}

async function untilBegun(id: string): Promise<void> {
  for (;;) {
    const { progress } = operationSchema.parse(await session.get(`/operations/${id}`));
    if (progress.steps.some(({ status }) => status === "done")) return;
    await sleep(100);
  }
}

/** Seconds from the start of a pod's container until the pod is ready; Kubernetes tells whole seconds. */
async function secondsUntilReady(selector: string): Promise<number> {
  const pods: {
    items: {
      status: {
        conditions: { type: string; lastTransitionTime: string }[];
        containerStatuses: { state: { running?: { startedAt: string } } }[];
      };
    }[];
  } = JSON.parse(await platform.kubectl("get", "pods", "--selector", selector, "--output", "json"));
  const [{ status }] = pods.items as [(typeof pods.items)[0]];
  const ready = Date.parse(status.conditions.find(({ type }) => type === "Ready")!.lastTransitionTime);
  return (ready - Date.parse(status.containerStatuses[0]!.state.running!.startedAt)) / 1000;
}

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
const projected = { name: "token", projected: { sources: [{ serviceAccountToken: { path: "token" } }] } };

/** For each policy something that it refuses; the same made well is let in. */
const refused: Record<string, { bad: { kind: string }; message: string }> = {
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
    machine,
    object,
    ...args,
    "--as",
    `system:serviceaccount:${platform.namespace}:${account}`,
    "--dry-run=server",
  );

/** What an account may do in a namespace beyond what every account may: each resource with its verbs. */
async function rights(account: string, namespace: string): Promise<string[]> {
  const user = `system:serviceaccount:${platform.namespace}:${account}`;
  const answer = await kubectl(machine, "auth", "can-i", "--list", "--namespace", namespace, "--as", user);
  return answer
    .split("\n")
    .slice(1)
    .filter((line) => line !== "" && !/^selfsubject|^\s/.test(line))
    .map((line) => /^(\S+)\s+\[.*?\]\s+(\[.*?\])\s+\[(.*)\]$/.exec(line))
    .map((found) => `${found?.[1]} ${found?.[2] === "[]" ? "" : `${found?.[2]} `}${found?.[3]}`)
    .sort();
}

// One story: each test goes on where the one before it ended.
describe("the platform in a cluster", () => {
  it("comes up within three minutes, its API five seconds after its start", async () => {
    const api = await secondsUntilReady("app.kubernetes.io/component=api");
    process.stdout.write(`the platform was up after ${seconds.toFixed(1)} s, the API ready after ${api} s\n`);

    expect(seconds).toBeLessThan(180);
    expect(api).toBeLessThanOrEqual(5);
  });

  it("is left as it is by a second up", async () => {
    const changes = await platform.up();

    expect(Object.keys(changes)).toEqual(["same"]);
  });

  it("makes a store through its API, which proves that it sells", async () => {
    const done = await ended(await create(first));

    expect(done.status, done.reason ?? "").toBe("succeeded");
    const { url, status } = storeSchema.parse(await session.get(`/stores/${first}`));
    expect(status).toBe("ready");
    expect((await loopbackFetch(url!)).status).toBe(200);
  });

  it("reads the store's credentials from the cluster when they are asked for", async () => {
    const credentials = await session.post(`/stores/${first}/credentials`);

    expect(credentials).toMatchObject({
      adminUser: "admin@example.com",
      adminPassword: expect.stringMatching(/.{16}/),
    });
  });

  it("lets each account do what its permissions say, and nothing else", async () => {
    expect(await rights("api", `store-${first}`)).toEqual(["secrets [store-credentials] get"]);
    expect(await rights("api", "kube-system")).toEqual(["secrets [store-credentials] get"]);
    expect(await rights("worker", platform.namespace)).toEqual([
      "events get list watch",
      "jobs.batch create delete deletecollection get list",
      "limitranges get list",
      "namespaces get list watch",
      "networkpolicies.networking.k8s.io get list",
      "persistentvolumes get list",
      "pods get list",
      "pods get list watch",
      "pods/log get list",
      "resourcequotas get list",
      "secrets get list",
    ]);
    expect(
      (await rights("operation", `store-${first}`)).filter((right) => /secrets|pods|exec|role/.test(right)),
    ).toEqual(["pods get list watch", "secrets get list watch create update patch delete"]);
    expect(await rights("default", `store-${first}`)).toEqual([]);
  });

  it("refuses a worker and an operation what is not a store's, although their roles cannot say so", async () => {
    const map = { apiVersion: "v1", kind: "ConfigMap", metadata: { name: "planted" } };
    const labels = { "storefleet.dev/store": "planted" };

    await expect(as("operation", map, "create", "--namespace", "kube-system")).rejects.toThrow(
      /may only change what is in/,
    );
    await expect(as("operation", map, "create", "--namespace", platform.namespace)).rejects.toThrow(
      /may only change what/,
    );
    await expect(
      as("operation", { apiVersion: "v1", kind: "Namespace", metadata: { name: "planted" } }, "create"),
    ).rejects.toThrow(/may only change namespaces of stores/);
    await expect(
      as("operation", { apiVersion: "v1", kind: "Namespace", metadata: { name: "traefik", labels } }, "apply"),
    ).rejects.toThrow(/may only change namespaces of stores/);
    await expect(as("operation", map, "create", "--namespace", `store-${first}`)).resolves.toContain("created");
    const job = {
      apiVersion: "batch/v1",
      kind: "Job",
      metadata: { name: "planted", labels: { "app.kubernetes.io/component": "operation" } },
      spec: { template: { spec: { serviceAccountName: "api", restartPolicy: "Never", containers: [container] } } },
    };
    await expect(as("worker", job, "create", "--namespace", platform.namespace)).rejects.toThrow(
      /may only change what/,
    );
  });

  it.each(Object.keys(refused))(
    "refuses in a store's namespace what %s is about, and nothing that is well",
    async (policy) => {
      const { bad, message } = refused[policy]!;
      const dryRun = ["create", "--namespace", `store-${first}`, "--dry-run=server"];

      await expect(kubectlWith(machine, bad, ...dryRun)).rejects.toThrow(message);
      const good = bad.kind === "Service" ? goodService : goodPod({});
      await expect(kubectlWith(machine, good, ...dryRun)).resolves.toContain("created");
    },
  );

  it("goes on with an operation whose worker is killed", async () => {
    const id = await create(second);
    await untilBegun(id);

    await platform.kubectl("delete", "pod", "worker-0", "--grace-period=1");
    const done = await ended(id);

    expect([done.status, done.attempt], done.reason ?? "").toEqual(["succeeded", 2]);
  });

  it("goes on with an operation whose pod is killed", async () => {
    const id = await create(third);
    await untilBegun(id);

    await platform.kubectl(...["delete", "pods", "--selector", `storefleet.dev/operation=${id}`, "--grace-period=1"]);
    const done = await ended(id);

    expect(done.status, done.reason ?? "").toBe("succeeded");
  });

  it("answers every one of 50 requests a second while its API is replaced", async () => {
    await platform.up({ apiReplicas: "2" });
    const failures: string[] = [];
    let sent = 0;
    const one = async () => {
      sent += 1;
      const answer = await loopbackFetch(`${platform.origin}/api/v1/stores`, { headers: { cookie: session.cookie } });
      if (answer.status !== 200) failures.push(`${answer.status} ${await answer.text()}`);
      else await answer.text();
    };
    const requests: Promise<void>[] = [];
    const clock = setInterval(() => requests.push(one().catch((error) => void failures.push(String(error)))), 20);

    await platform.kubectl("rollout", "restart", "deployment/api");
    await platform.kubectl("rollout", "status", "deployment/api", "--timeout=110s");
    clearInterval(clock);
    await Promise.all(requests);

    process.stdout.write(`${sent} requests while the API was replaced, ${failures.length} without an answer\n`);
    expect(sent).toBeGreaterThan(250);
    expect(failures).toEqual([]);
  });

  it("deletes stores without a trace", async () => {
    const ends = await Promise.all([first, second, third].map(async (name) => ended(await remove(name))));

    expect(ends.map(({ status }) => status)).toEqual(["succeeded", "succeeded", "succeeded"]);
    for (const name of [first, second, third]) expect(await leftovers(machine, name)).toEqual([]);
  });

  it("goes without a trace itself", async () => {
    await platform.down();

    const found = await kubectl(
      machine,
      ...["get", "namespaces,clusterroles,clusterrolebindings", "--output", "name"],
      ...["--selector", "app.kubernetes.io/part-of=storefleet-platform"],
    );
    expect(found.split("\n").filter((name) => name.includes(platform.namespace))).toEqual([]);
  });
});
