import { setTimeout as sleep } from "node:timers/promises";
import { afterAll, afterEach, beforeAll, beforeEach, expect, it, vi } from "vitest";
import { settingsSchema } from "../../../automation-api/contract/settings.ts";
import { insertOrganization } from "../../../automation-api/database/organization-repository.ts";
import { readSettings, saveSettings } from "../../../automation-api/database/settings-repository.ts";
import { createStore } from "../../../automation-api/use-cases/create-store.ts";
import { parseSpec } from "../../../stores/spec.ts";
import { parseTarget } from "../../../stores/target.ts";
import { someActor } from "../../helpers/some-actor.ts";
import { type WorkerUnderTest, workerUnderTest } from "./worker-under-test.ts";

/** Organizations and how many stores each asks for: 200 in all. */
const wanted = { huge: 80, big: 60, middle: 40, small: 20 };
type Name = keyof typeof wanted;
const names: readonly Name[] = ["huge", "big", "middle", "small"];

let test: WorkerUnderTest;
const organizations = new Map<string, string>();
beforeAll(async () => {
  test = await workerUnderTest();
  const { database } = test.database.connection;
  for (const name of names) {
    organizations.set(name, await insertOrganization(database, { name, displayName: name }));
  }
});
/** Who runs now, and what began, in order. */
const running: string[] = [];
const begun: string[] = [];
const most = new Map<string, number>();
beforeEach(() => {
  running.length = 0;
  begun.length = 0;
  most.clear();
});
afterEach(() => test.reset());
afterAll(() => test.drop());

const ownerOf = (stack: string) => stack.split("-")[0] ?? "";
const of = (name: string, stacks: readonly string[]) => stacks.filter((stack) => ownerOf(stack) === name);

/** Every run takes so many milliseconds, and what its organization waits for besides; it is counted. */
function runsTake(
  milliseconds: number,
  besides: (owner: string) => Promise<unknown> | undefined = () => undefined,
): void {
  test.runner.onUp = async (stack) => {
    const owner = ownerOf(stack);
    begun.push(stack);
    running.push(stack);
    most.set(owner, Math.max(most.get(owner) ?? 0, of(owner, running).length));
    await Promise.all([sleep(milliseconds), besides(owner)]);
    running.splice(running.indexOf(stack), 1);
  };
}

async function setSlots(slotsPerOrganization: number): Promise<void> {
  const { database } = test.database.connection;
  const { settings, version } = await readSettings(database);
  await saveSettings(database, settingsSchema.parse({ ...settings, slotsPerOrganization }), version);
}

/** One request after the other: of several at the same instant none is the first. */
async function ask(name: Name, count: number): Promise<string[]> {
  const { connection } = test.database;
  const { actor } = await someActor(connection, `of-${name}`);
  const asker = { actor, reach: [organizations.get(name) ?? ""] };
  const one = async (index: number) => {
    const spec = parseSpec({ name: `${name}-${index}`, engine: "medusa", sampleData: false });
    return (await createStore({ connection, target: parseTarget({}) }, asker, spec)).operation.id;
  };
  const ids: string[] = [];
  for (let index = 0; index < count; index++) ids.push(await one(index));
  return ids;
}

/** Stores in the order in which they were asked for, or begun. */
async function inOrderOf(moment: "queuedAt" | "startedAt", name: Name): Promise<string[]> {
  const { database } = test.database.connection;
  const rows = await database
    .selectFrom("operations")
    .innerJoin("stores", "stores.id", "operations.storeId")
    .select("stores.name")
    .where("stores.organizationId", "=", organizations.get(name) ?? "")
    .orderBy(`operations.${moment}`)
    .execute();
  return rows.map((row) => row.name);
}

it("takes 200 creations at once on 4 slots: none fails, each organization gets its share, and begins in the order of its requests", async () => {
  await setSlots(100);
  runsTake(10);
  const ids = (await Promise.all(names.map((name) => ask(name, wanted[name])))).flat();

  await test.start({ concurrency: 4 });
  const ended = [];
  for (const id of ids) ended.push((await test.ended(id)).status);

  expect(ended).toEqual(Array(200).fill("succeeded"));
  // As long as each has something waiting, each gets a quarter.
  const contested = begun.slice(0, 80);
  for (const name of names) {
    expect(of(name, contested).length).toBeGreaterThanOrEqual(16);
    expect(of(name, contested).length).toBeLessThanOrEqual(24);
    expect(await inOrderOf("startedAt", name)).toEqual(await inOrderOf("queuedAt", name));
  }
}, 60_000);

it("runs no more of an organization at the same time than it has slots, with two workers, and others go on", async () => {
  await setSlots(2);
  const many = await ask("huge", 24);
  const few = await ask("small", 6);
  // The small one's two slots are free although the other's requests came first: it is through before any of those ends.
  const others = Promise.all(few.map((id) => test.ended(id)));
  const inPairs = (owner: string) => vi.waitUntil(() => most.get(owner) === 2, { timeout: 20_000 });
  runsTake(10, (owner) => Promise.all([inPairs(owner), owner === "huge" && others]));

  await Promise.all([test.start({ concurrency: 4 }), test.start({ concurrency: 4 })]);
  for (const id of [...many, ...few]) expect((await test.ended(id)).status).toBe("succeeded");

  expect(most.get("huge")).toBe(2);
  expect(most.get("small")).toBe(2);
  expect(of("small", begun.slice(0, 8)).length).toBe(6);
  for (const name of ["huge", "small"] as const) {
    expect(await inOrderOf("startedAt", name)).toEqual(await inOrderOf("queuedAt", name));
  }
}, 60_000);

it("says why an operation waits whose organization has no slot free", async () => {
  await setSlots(1);
  const release = Promise.withResolvers<void>();
  test.runner.onUp = () => release.promise;
  const [first, second] = await ask("big", 2);
  await test.start({ concurrency: 4 });
  const both = await Promise.all([first, second].map((id) => test.operation(id ?? "")));
  const waits = async () =>
    (await Promise.all(both.map(({ id }) => test.operation(id)))).find(({ status }) => status === "queued")?.reason;

  await expect
    .poll(waits)
    .toBe("Of the organization, 1 operation runs at the same time, and no more may: it begins when one of them ends.");
  release.resolve();
  for (const { id } of both) expect((await test.ended(id)).status).toBe("succeeded");
});
