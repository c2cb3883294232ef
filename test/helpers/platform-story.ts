import { randomUUID } from "node:crypto";
import { setTimeout as sleep } from "node:timers/promises";
import { inject } from "vitest";
import { isFinal, type Operation, operationSchema } from "../../automation-api/contract/operation.ts";
import { settingsSchema } from "../../automation-api/contract/settings.ts";
import { acceptedSchema } from "../../automation-api/contract/store.ts";
import { loopbackFetch } from "../../automation-api/loopback-fetch.ts";
import { ApiProblem, type ApiSession } from "../../toolchain/service/api-session.ts";
import { type Machine, takeMachine } from "./machine.ts";
import { preparePlatform, type TestPlatform } from "./platform.ts";

/** Seconds that an operation may take on two cores beside other work. */
const PATIENCE = 600;

/** Somebody who uses the platform of the tests, and goes on asking while parts of it are away. */
export interface PlatformStory {
  readonly machine: Machine;
  readonly platform: TestPlatform;
  readonly session: ApiSession;
  /** Each gives the id of the operation. A store without a cluster is made in the home cluster. */
  create(name: string, cluster?: string): Promise<string>;
  remove(name: string): Promise<string>;
  /** The operation once it is over. */
  ended(id: string): Promise<Operation>;
}

/** For tests in files named `*.platform.test.ts`. */
export async function beginStory(): Promise<PlatformStory> {
  const machine = await takeMachine(inject("platformFolder"));
  const platform = await preparePlatform(machine);
  const session = await platform.session();
  const surely = <T>(ask: () => Promise<T>) => askAgain(ask, PATIENCE);
  const operation = async (id: string) => operationSchema.parse(await surely(() => session.get(`/operations/${id}`)));

  async function ended(id: string): Promise<Operation> {
    const deadline = Date.now() + PATIENCE * 1000;
    for (;;) {
      const found = await operation(id);
      if (isFinal(found.status)) return found;
      if (Date.now() > deadline) throw new Error(`The operation is still ${found.status} after ${PATIENCE} seconds.`);
      await sleep(300);
    }
  }

  return {
    machine,
    platform,
    session,
    create(name, cluster) {
      const key = randomUUID();
      const body = { name, engine: "medusa", sampleData: false, ...(cluster && { cluster }) };
      return surely(async () => {
        const answer = await session.post("/stores", body, key);
        return acceptedSchema.parse(answer).operation.id;
      });
    },
    remove: (name) => surely(async () => acceptedSchema.parse(await session.delete(`/stores/${name}`)).operation.id),
    ended,
  };
}

/** Asks again while nobody answers, or somebody says that it is not now. A refusal for a reason is thrown. */
async function askAgain<T>(ask: () => Promise<T>, seconds: number): Promise<T> {
  const deadline = Date.now() + seconds * 1000;
  for (;;) {
    try {
      return await ask();
    } catch (error) {
      const isRefusal = error instanceof ApiProblem && error.problem.status < 500;
      if (isRefusal || Date.now() > deadline) throw error;
      await sleep(300);
    }
  }
}

/** Lets the tests ask for as much as they like. */
export async function liftPlatformLimits({ origin, cookie, get }: ApiSession): Promise<void> {
  const { settings } = settingsOf(await get("/settings"));
  const body = { ...settings, storesPerOrganization: 100, createsPerMinute: 1000, operationsPerOrganization: 100 };
  const answer = await loopbackFetch(`${origin}/api/v1/settings`, {
    method: "PUT",
    headers: { cookie, "content-type": "application/json" },
    body: JSON.stringify(body),
  });
  if (!answer.ok) throw new Error(`The limits could not be lifted: ${await answer.text()}`);
}

/** Whether they come alone or beside what else is told about them. */
function settingsOf(answer: unknown) {
  const given = answer as { settings?: unknown };
  return { settings: settingsSchema.parse(given.settings ?? answer) };
}
