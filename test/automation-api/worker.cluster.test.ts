import { setTimeout as sleep } from "node:timers/promises";
import { afterAll, beforeAll, describe, expect, it } from "vitest";
import { isFinal, type Operation, operationSchema } from "../../automation-api/contract/operation.ts";
import {
  acceptedSchema,
  credentialsAnswerSchema,
  type Store,
  storeSchema,
} from "../../automation-api/contract/store.ts";
import { processesOf } from "../../automation-api/worker/left-processes.ts";
import type { ApiSession } from "../../toolchain/service/api-session.ts";
import { exportedStore } from "../helpers/exported-store.ts";
import { kubectl, kubectlWith, leftovers } from "../helpers/kubectl.ts";
import { type Machine, takeMachine } from "../helpers/machine.ts";
import { testStoreName } from "../helpers/names.ts";
import { startTestService, type TestService } from "../helpers/service.ts";

// The service as npm start runs it, with its worker in a process of its own, real Pulumi and a real cluster.

let machine: Machine;
let service: TestService;
let session: ApiSession;
beforeAll(async () => {
  machine = await takeMachine();
  service = await startTestService(machine);
  session = await service.session();
});
afterAll(async () => {
  await service?.stop();
  await machine?.release();
});

/** Long enough for a store that is made beside others on two cores, in seconds. */
const patience = 400;

async function ask(answer: Promise<unknown>): Promise<string> {
  return acceptedSchema.parse(await answer).operation.id;
}
const create = (name: string) => ask(session.post("/stores", { name, engine: "medusa" }));
const retry = (name: string) => ask(session.post(`/stores/${name}/retry`));
const remove = (name: string) => ask(session.delete(`/stores/${name}`));
const store = async (name: string): Promise<Store> => storeSchema.parse(await session.get(`/stores/${name}`));
const operation = async (id: string): Promise<Operation> =>
  operationSchema.parse(await session.get(`/operations/${id}`));

async function until(id: string, isReached: (found: Operation) => boolean): Promise<Operation> {
  const deadline = Date.now() + patience * 1000;
  for (;;) {
    const found = await operation(id);
    if (isReached(found)) return found;
    if (isFinal(found.status)) throw new Error(`The operation ended ${found.status}: ${found.reason}`);
    if (Date.now() > deadline) throw new Error(`The operation is still ${found.status} after ${patience} seconds.`);
    await sleep(100);
  }
}
const ended = (id: string) => until(id, ({ status }) => isFinal(status));
const hasReached = (step: string) => (found: Operation) =>
  found.progress.steps.some(({ key, status }) => key === step && status !== "pending");

/** Nothing of the store is in the cluster or in Pulumi's state, and no process works on the operation. */
async function expectNothingLeft(name: string, ...operations: string[]): Promise<void> {
  expect(await leftovers(machine, name)).toEqual([]);
  expect(await machine.runner.list()).not.toContain(name);
  expect(operations.flatMap((operation) => processesOf({ operation }))).toEqual([]);
}

describe("the life of a store", () => {
  it("is created twice at once with another one, sells, shows its credentials, and goes without a trace", async () => {
    const names = [testStoreName("life"), testStoreName("life")];

    const creations = await Promise.all(names.map(create));
    const created = await Promise.all(creations.map(ended));
    const [first] = await Promise.all(names.map(store));

    expect(created.map(({ status, attempt }) => [status, attempt])).toEqual(Array(2).fill(["succeeded", 1]));
    expect(created[0]!.progress.steps.every(({ status }) => status === "done")).toBe(true);
    expect(first).toMatchObject({ status: "ready", namespace: `store-${names[0]}` });
    expect(first!.resources.map(({ type }) => type)).toContain("kubernetes:helm.sh/v3:Release");
    const { adminPassword, ...shown } = credentialsAnswerSchema.parse(
      await session.get(`/stores/${names[0]}/credentials`),
    );
    expect(shown).toMatchObject({ adminUser: "admin@example.com" });
    // Taken along, it runs without us: there is nothing to change, and no secret can be read.
    const exported = await exportedStore(machine, session, names[0] ?? "");
    expect(await exported.pulumi("up", "--yes", "--skip-preview", "--expect-no-changes")).toContain("unchanged");
    expect(exported.text).not.toContain(adminPassword);
    const deletions = await Promise.all(names.map(remove));
    expect((await Promise.all(deletions.map(ended))).map(({ status }) => status)).toEqual(["succeeded", "succeeded"]);
    for (const name of names) await expectNothingLeft(name, ...creations, ...deletions);
  });
});

describe("an operation that is not wanted any more", () => {
  it("is cancelled in its middle, tried again, and deleted while that runs", async () => {
    const name = testStoreName("cancel");
    const creation = await create(name);
    await until(creation, hasReached("database"));
    await session.post(`/operations/${creation}/cancel`);
    const cancelled = await ended(creation);
    const left = processesOf({ operation: creation });

    const second = await retry(name);
    await until(second, hasReached("setup"));
    const deletion = await remove(name);

    expect(cancelled.status).toBe("cancelled");
    expect(left).toEqual([]);
    expect((await ended(deletion)).status).toBe("succeeded");
    expect((await operation(second)).status).toBe("cancelled");
    await expectNothingLeft(name, creation, second, deletion);
  });
});

describe("a creation that the cluster refuses, then tried again by workers that are killed", () => {
  /** Kills the worker as it is; what it has started goes on without it until another worker comes. */
  async function killWorker(): Promise<void> {
    const pid = service.pidOf("worker");
    if (pid === undefined) throw new Error("There is no worker to kill.");
    process.kill(pid, "SIGKILL");
    await expect.poll(() => service.pidOf("worker"), { timeout: 30_000 }).not.toBe(pid);
  }

  it("fails with the cluster's reason; then each worker is followed by another one, and a store is made and deleted well", async () => {
    const name = testStoreName("kill");
    const admission = await denySecrets(name);
    const failed = await ended(await create(name));
    await admission.lift();
    const steps = ["prepare", "isolation", "database", "proof"];
    const again = await retry(name);
    for (const [index, step] of steps.entries()) {
      const isHere = hasReached(step);
      await until(again, (found) => found.attempt === index + 1 && isHere(found));
      await killWorker();
    }

    const created = await ended(again);
    const { status } = await store(name);
    const deletion = await remove(name);
    await until(deletion, hasReached("release"));
    await killWorker();
    const deleted = await ended(deletion);

    expect(failed).toMatchObject({ status: "failed", reason: expect.stringContaining("denied") });
    expect(created, created.reason ?? "").toMatchObject({ status: "succeeded", attempt: steps.length + 1 });
    expect(status).toBe("ready");
    expect(deleted, deleted.reason ?? "").toMatchObject({ status: "succeeded", attempt: 2 });
    await expectNothingLeft(name, again, deletion);
  });
});

/** The cluster refuses Secrets in a store's namespace until it is lifted. */
async function denySecrets(store: string): Promise<{ lift(): Promise<void> }> {
  const policy = `test-${store}`;
  const metadata = { name: policy };
  const apiVersion = "admissionregistration.k8s.io/v1";
  const rule = { apiGroups: [""], apiVersions: ["v1"], operations: ["CREATE"], resources: ["secrets"] };
  await kubectlWith(
    machine,
    {
      apiVersion,
      kind: "ValidatingAdmissionPolicy",
      metadata,
      spec: {
        failurePolicy: "Fail",
        matchConstraints: { resourceRules: [rule] },
        validations: [{ expression: `request.namespace != "store-${store}"`, message: "no secrets today" }],
      },
    },
    "apply",
  );
  await kubectlWith(
    machine,
    {
      apiVersion,
      kind: "ValidatingAdmissionPolicyBinding",
      metadata,
      spec: { policyName: policy, validationActions: ["Deny"] },
    },
    "apply",
  );
  // The API server learns of a policy some moments after it has accepted it.
  await sleep(5000);
  return {
    async lift() {
      await kubectl(machine, "delete", "validatingadmissionpolicybinding,validatingadmissionpolicy", policy);
      await sleep(2000);
    },
  };
}
