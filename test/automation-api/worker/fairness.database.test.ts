import { setTimeout as sleep } from "node:timers/promises";
import { afterAll, afterEach, beforeAll, beforeEach, expect, it } from "vitest";
import { insertOrganization } from "../../../automation-api/database/organization-repository.ts";
import { createStore } from "../../../automation-api/use-cases/create-store.ts";
import { parseSpec } from "../../../stores/spec.ts";
import { parseTarget } from "../../../stores/target.ts";
import { liftLimits } from "../../helpers/lift-limits.ts";
import { someActor } from "../../helpers/some-actor.ts";
import { type WorkerUnderTest, workerUnderTest } from "./worker-under-test.ts";

let test: WorkerUnderTest;
const organizations: string[] = [];
beforeAll(async () => {
  test = await workerUnderTest();
  await liftLimits(test.database.connection);
  const { database } = test.database.connection;
  for (const name of ["big", "small"]) {
    organizations.push(await insertOrganization(database, { name, displayName: name }));
  }
});
const begun: string[] = [];
beforeEach(() => {
  begun.length = 0;
  test.runner.onUp = async (stack) => {
    begun.push(stack);
    await sleep(5);
  };
});
afterEach(() => test.reset());
afterAll(() => test.drop());

/** Asks for stores named `<prefix>-0` and so on, one after the other. */
async function ask(organization: string | undefined, prefix: string, count: number): Promise<string[]> {
  const { connection } = test.database;
  const { actor } = await someActor(connection, `of-${prefix}`);
  const ids: string[] = [];
  for (let index = 0; index < count; index += 1) {
    const spec = parseSpec({ name: `${prefix}-${index}`, engine: "medusa", sampleData: false });
    const asker = { actor, reach: [organization ?? ""] };
    ids.push((await createStore({ connection, target: parseTarget({}) }, asker, spec)).operation.id);
  }
  return ids;
}
const of = (prefix: string, stacks: readonly string[]) => stacks.filter((stack) => stack.startsWith(`${prefix}-`));

it("takes organizations in turns, each one's requests in their order", async () => {
  const [big, small] = organizations;
  const ids = [...(await ask(big, "big", 40)), ...(await ask(small, "small", 10))];

  await test.start({ concurrency: 1 });
  for (const id of ids) await test.ended(id);

  // What came last does not wait for all that came first: of the first twenty, half are the small one's.
  expect(of("small", begun.slice(0, 20)).length).toBeGreaterThanOrEqual(8);
  expect(of("big", begun.slice(0, 20)).length).toBeGreaterThanOrEqual(8);
  for (const prefix of ["big", "small"]) {
    const own = of(prefix, begun);
    expect(own).toEqual(own.map((_, index) => `${prefix}-${index}`));
  }
});

it("lets nobody starve who waits while another one asks again and again", async () => {
  const [big, small] = organizations;
  const waiting = await ask(big, "big", 10);
  const asked: string[] = [];
  // One more request of the small one for each that begins, so that it always has one waiting.
  let next = 0;
  test.runner.onUp = async (stack) => {
    begun.push(stack);
    next += 1;
    if (next < 25) asked.push(...(await ask(small, `small-${next}`, 1)));
  };
  asked.push(...(await ask(small, "small-first", 1)));

  await test.start({ concurrency: 1 });
  for (const id of waiting) await test.ended(id);
  for (const id of asked) await test.ended(id);

  expect(of("big", begun.slice(0, 24)).length).toBeGreaterThanOrEqual(9);
});
