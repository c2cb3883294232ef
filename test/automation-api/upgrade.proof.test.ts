import { randomUUID } from "node:crypto";
import { afterAll, beforeAll, describe, expect, it } from "vitest";
import { z } from "zod";
import { bringUpStore, configOf } from "../../automation-api/bring-up-store.ts";
import { loopbackFetch } from "../../automation-api/loopback-fetch.ts";
import { medusa } from "../../stores/engines/medusa.ts";
import { parseSpec } from "../../stores/spec.ts";
import { addressesOf } from "../../stores/target.ts";
import { run } from "../../toolchain/lib/exec.ts";
import { repositoryRoot } from "../../toolchain/lib/paths.ts";
import { type ApiSession, openSession } from "../../toolchain/service/api-session.ts";
import { newSignInLink } from "../../toolchain/service/sign-in.ts";
import { askDatabase } from "../helpers/ask-database.ts";
import { askEither } from "../helpers/ask-either.ts";
import { countRunning, type Followed, followOperations } from "../helpers/follow-operations.ts";
import { freePort } from "../helpers/free-port.ts";
import { keepAsking } from "../helpers/keep-asking.ts";
import { testStoreName } from "../helpers/names.ts";
import { type TestVersion, takeCurrent, takePrevious, whyNoPrevious } from "../helpers/previous-version.ts";
import { customer } from "../helpers/rotation.ts";
import { NOTHING, type SmallFleet, startSmallFleet } from "../helpers/small-fleet.ts";
import { surely } from "../helpers/surely.ts";

// The version before this one makes stores, real ones among them, and this one takes its place, process by process, while
// operations are under way; then the way back. What is told here is one story: each test goes on where the one before ended.

const missing = await whyNoPrevious();
if (missing !== undefined) console.warn(`skipped: ${missing}`);

/** What both versions answer; the one before does not say all that this one does. */
const acceptedSchema = z.object({ operation: z.object({ id: z.uuid() }) });

/** In the order in which a new version takes their place. */
const parts = ["worker1", "worker2", "api", "api2"] as const;
const [shop, halfMade] = [testStoreName("shop"), testStoreName("half")];
const [kept, goes, turned] = [testStoreName("small-kept"), testStoreName("small-goes"), testStoreName("small-turned")];

let fleet: SmallFleet;
let previous: TestVersion;
let current: TestVersion;
let sessions: readonly ApiSession[];
let followed: Followed;
/** Every operation that was accepted. */
const accepted: string[] = [];
/** Every store that is to be there. */
const living = new Set<string>();

beforeAll(async () => {
  if (missing !== undefined) return;
  const second = await freePort();
  fleet = await startSmallFleet({
    leaseSeconds: 30,
    parts: { worker1: "worker", worker2: "worker", api: "api", api2: "api" },
    extras: { api2: { STOREFLEET_PORT: String(second) } },
    version: async (machine) => {
      previous = await takePrevious(machine);
      current = await takeCurrent(machine);
      return previous;
    },
  });
  const other = await surely(async () => newSignInLink(fleet.databaseUrl, `http://localhost:${second}`));
  sessions = [fleet.session, await surely(() => openSession(other))];
  followed = followOperations(fleet.connection);
});
afterAll(async () => {
  await followed?.stop();
  // What works on a store would hold its stack.
  await fleet?.fleet.stop();
  for (const name of living) await current.runner.destroy(name);
  await fleet?.stop();
});

const ask = <T>(request: (session: ApiSession) => Promise<T>) => askEither(sessions, request);

async function begin(request: (session: ApiSession, key: string) => Promise<unknown>): Promise<string> {
  const key = randomUUID();
  const { id } = acceptedSchema.parse(await ask((session) => request(session, key))).operation;
  accepted.push(id);
  return id;
}

function create(name: string): Promise<string> {
  living.add(name);
  const body = { name, engine: "medusa", sampleData: !name.includes("small") };
  return begin((session, key) => session.post("/stores", body, key));
}

function remove(name: string): Promise<string> {
  living.delete(name);
  return begin((session) => session.delete(`/stores/${name}`));
}

async function succeed(operations: readonly string[]): Promise<void> {
  for (const id of operations) expect(await followed.end(id, 300)).toMatchObject({ status: "succeeded", reason: null });
}

/** Gives every part to a version while operations are under way and somebody asks ten times a second. */
async function exchange(version: TestVersion, order: readonly string[], busy: readonly string[]) {
  const running: number[] = [];
  const leave = customer([addressesOf(specOf(shop), fleet.machine.target, medusa.forwards).storefront]);
  const end = keepAsking(["/stores", "/operations", "/overview"], (path) => ask((session) => session.get(path)));
  for (const [index, part] of order.entries()) {
    for (let more = index; more < busy.length; more += order.length) await create(busy[more]!);
    await expect.poll(() => countRunning(fleet.connection), { timeout: 300_000, interval: 100 }).toBeGreaterThan(0);
    running.push(await countRunning(fleet.connection));
    await fleet.fleet.exchange(part, version);
    if (part.startsWith("api")) await answersAgain(sessions[part === "api" ? 0 : 1]!);
  }
  return { running, requests: await end(), customers: await leave() };
}

/** What comes next waits for this part, as a roll-out does. */
async function answersAgain({ origin }: ApiSession): Promise<void> {
  const ready = async () => (await fetch(`${origin}/readyz`).catch(() => undefined))?.ok === true;
  await expect.poll(ready, { timeout: 300_000, interval: 100 }).toBe(true);
}

const specOf = (name: string) => parseSpec({ name, engine: "medusa", sampleData: !name.includes("small") });

/** What each store would become; how many of its resources would be changed, none of them by another one in its place. */
async function previewAll(version: TestVersion, label: string, allowed: readonly string[] = []): Promise<void> {
  for (const name of living) {
    const changes = await version.runner.preview(name, configOf(specOf(name), fleet.machine.target));
    const kind = name.includes("small") ? "a small store" : "a Medusa store";
    process.stdout.write(`preview by ${label} of ${kind}: ${JSON.stringify(changes)}\n`);
    const others = Object.keys(changes).filter((action) => !["same", "update", "create"].includes(action));
    expect(others.filter((action) => !allowed.includes(action))).toEqual([]);
  }
}

async function sells(version: TestVersion, name: string): Promise<void> {
  const dependencies = { runner: version.runner, request: loopbackFetch };
  const { proof } = await bringUpStore(dependencies, specOf(name), fleet.machine.target);
  expect(proof?.order).toMatch(/^#\d+$/);
}

const inDatabase = (sql: string) => askDatabase(fleet.machine, shop, sql);

/** The command with which this version's migrations are taken back. */
function rollBack(): Promise<{ stdout: string }> {
  const script = ["automation-api/roll-back.ts", ...previous.migrations];
  return run(process.execPath, script, { cwd: repositoryRoot, env: { DATABASE_URL: fleet.databaseUrl } });
}

describe.skipIf(missing !== undefined)("from the version before to this one and back", () => {
  it("begins with stores that the version before has made", async () => {
    await succeed(await Promise.all([shop, kept, goes].map(create)));

    await inDatabase("create schema told; create table told.mark as select 42 as number");
  });

  it("lets this version take the place of the one before while operations are under way, and loses nothing", async () => {
    const begun = await Promise.all([create(halfMade), remove(goes)]);
    const more = parts.map(() => testStoreName("small-more"));

    const told = await exchange(current, parts, more);

    process.stdout.write(`exchange: ${JSON.stringify(told)}\n`);
    expect(told).toMatchObject({ requests: { lost: 0 }, customers: { lost: 0 } });
    await succeed([...begun, ...accepted]);
    const { length } = await fleet.connection.database.selectFrom("operations").select("id").execute();
    expect(length).toBe(accepted.length);
  });

  it("would replace nothing of any store", () => previewAll(current, "this version"));

  it("sells in the stores of before, and makes new ones", async () => {
    await sells(current, shop);
    await sells(current, halfMade);
    expect(await inDatabase("select number from told.mark")).toBe("42");
    await succeed([await create(turned)]);
    await succeed([await begin((session, key) => session.post(`/stores/${turned}/rotate`, {}, key))]);
  });

  it("refuses to go back while a store has what the version before cannot know", async () => {
    await expect(rollBack()).rejects.toThrow(`The secrets of ${turned} were made anew`);
    await succeed([await remove(turned)]);
  });

  it("goes back while operations are under way, and takes its migrations back", async () => {
    const more = parts.map(() => testStoreName("small-back"));

    const told = await exchange(previous, parts.toReversed(), more);
    await succeed(accepted);
    const { stdout } = await rollBack();

    process.stdout.write(`back: ${JSON.stringify(told)}\n${stdout}`);
    expect(told).toMatchObject({ requests: { lost: 0 }, customers: { lost: 0 } });
    expect(stdout).toContain("0014-rotation");
  });

  it("is managed by the version before again: it lists, makes, sells and removes", async () => {
    for (const path of ["/stores", "/operations", "/overview", "/audit"]) await ask((session) => session.get(path));
    // It makes a Secret whose content changes anew, with what it held; this version learned not to.
    await previewAll(previous, "the version before", ["replace"]);
    await sells(previous, shop);
    expect(await inDatabase("select number from told.mark")).toBe("42");
    await succeed([await create(testStoreName("small-again"))]);

    const names = [...living];
    await succeed(await Promise.all(names.map(remove)));

    expect(await fleet.leftovers(names, accepted)).toEqual(NOTHING);
  });
});
