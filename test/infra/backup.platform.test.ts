import { mkdtempSync, readFileSync, rmSync, statSync, writeFileSync } from "node:fs";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { afterAll, beforeAll, describe, expect, it } from "vitest";
import { storeListSchema, storeSchema } from "../../automation-api/contract/store.ts";
import { loopbackFetch } from "../../automation-api/loopback-fetch.ts";
import { backUpPlatform, restorePlatform } from "../../toolchain/platform/backup.ts";
import { readSecret } from "../../toolchain/platform/platform-secrets.ts";
import { rotateDatabasePassword, rotatePassphrase } from "../../toolchain/platform/rotate.ts";
import { rotateSealingKey } from "../../toolchain/platform/rotate-sealing-key.ts";
import { aKubeconfig } from "../automation-api/http/cluster-probes.ts";
import { leftovers } from "../helpers/kubectl.ts";
import { testStoreName } from "../helpers/names.ts";
import { beginStory, type PlatformStory } from "../helpers/platform-story.ts";

let story: PlatformStory;
let folder: string;
const store = testStoreName("kept");
beforeAll(async () => {
  story = await beginStory();
  folder = join(mkdtempSync(join(tmpdir(), "storefleet-backup-")), "backup");
  const done = await story.ended(await story.create(store));
  expect(done.status, done.reason ?? "").toBe("succeeded");
});
afterAll(() => rmSync(join(folder, ".."), { recursive: true, force: true }));

/** Asks the API again and again while something is done; what was not answered, and how often it was asked. */
async function asking<T>(work: () => Promise<T>): Promise<{ result: T; asked: number; failures: string[] }> {
  const failures: string[] = [];
  const requests: Promise<void>[] = [];
  const ask = async () => {
    const answer = await loopbackFetch(`${story.platform.origin}/api/v1/stores/${store}`, {
      headers: { cookie: story.session.cookie },
    });
    if (answer.status !== 200) failures.push(`${answer.status} ${await answer.text()}`);
    else await answer.text();
  };
  const clock = setInterval(() => requests.push(ask().catch((error) => void failures.push(String(error)))), 100);
  const result = await work().finally(() => clearInterval(clock));
  await Promise.all(requests);
  return { result, asked: requests.length, failures };
}

/** Of a cluster that is registered, and refuses every connection. */
const nowhere = { path: "/platform/clusters/nowhere", server: "https://127.0.0.1:1" };
/** What comes of asking it: its kubeconfig has to be opened for that. */
const opened = { reachable: false, trouble: `The cluster at ${nowhere.server} does not answer.`, missing: [] };

const acts = async () => {
  const { items } = (await story.session.get("/audit?limit=50")) as { items: { action: string; actor: string }[] };
  return items.filter(({ actor }) => actor === "operator").map(({ action }) => action);
};

// One story: each test goes on where the one before it ended.
describe("those who look after a platform", () => {
  it("give its database another password, and every request is answered meanwhile", async () => {
    const before = await readSecret(story.platform.installed, "database");

    const { result, asked, failures } = await asking(() => rotateDatabasePassword(story.platform.installed));

    process.stdout.write(`${asked} requests while the database's password changed, ${failures.length} not answered\n`);
    expect(result).toMatch(/^storefleet_\d+$/);
    expect(failures).toEqual([]);
    const after = await readSecret(story.platform.installed, "database");
    expect(new URL(after.url!).username).toBe(result);
    expect(after.password).not.toBe(before.password);
  });

  it("encrypt the stores' state with another passphrase, and every request is answered meanwhile", async () => {
    const before = await readSecret(story.platform.installed, "passphrase");

    const { result, asked, failures } = await asking(() => rotatePassphrase(story.platform.installed));

    process.stdout.write(`${asked} requests while the passphrase changed, ${failures.length} not answered\n`);
    expect(result).toBe(1);
    expect(failures).toEqual([]);
    const after = await readSecret(story.platform.installed, "passphrase");
    expect(Object.keys(after)).toEqual(["passphrase"]);
    expect(after.passphrase).not.toBe(before.passphrase);
  });

  it("seal kubeconfigs with another key, and every request is answered and every cluster reached meanwhile", async () => {
    const cluster = { name: "nowhere", kubeconfig: aKubeconfig(nowhere.server) };
    await story.session.post("/platform/clusters", cluster);
    expect(await story.session.post(`${nowhere.path}/test`)).toEqual(opened);

    const { result, asked, failures } = await asking(() => rotateSealingKey(story.platform.installed));

    process.stdout.write(`${asked} requests while the sealing key changed, ${failures.length} not answered\n`);
    expect(result).toEqual({ sealed: 1, unopened: [] });
    expect(failures).toEqual([]);
    const keys = await readSecret(story.platform.installed, "sealing-key");
    expect(keys).toEqual({ key: expect.stringMatching(/^\w{43}$/), next: "", former: "", others: "" });
    expect(await story.session.post(`${nowhere.path}/test`)).toEqual(opened);
  });

  it("back it up into a folder that only they can read", async () => {
    expect(await backUpPlatform(story.platform.installed, folder)).toEqual([]);

    const { files } = JSON.parse(readFileSync(join(folder, "backup.json"), "utf8"));
    expect(Object.keys(files)).toEqual(["database.dump", "state.tar.gz", "secrets.json"]);
    for (const file of Object.keys(files)) expect(statSync(join(folder, file)).mode & 0o077).toBe(0);
    await expect(backUpPlatform(story.platform.installed, folder)).rejects.toThrow("exists already");
  });

  it("are kept from forgetting stores by mistake, and from a backup that was changed", async () => {
    await expect(restorePlatform(story.platform.installed, folder, false)).rejects.toThrow(
      "This platform manages 1 stores, which it would forget.",
    );
    const secrets = readFileSync(join(folder, "secrets.json"));
    writeFileSync(join(folder, "secrets.json"), "{}");
    await expect(restorePlatform(story.platform.installed, folder, true)).rejects.toThrow("is not as it was written");
    writeFileSync(join(folder, "secrets.json"), secrets);
  });

  it("restore it into an empty one, which then manages the store and reaches clusters as before", async () => {
    const { installed } = story.platform;
    const { passphrase } = await readSecret(installed, "passphrase");
    await story.platform.down();
    for (const key of ["passphrase", "databasePassword", "databaseRole", "sealingKey"]) {
      await installed.pulumi(["config", "rm", key]);
    }
    await story.platform.up();
    expect((await readSecret(installed, "passphrase")).passphrase).not.toBe(passphrase);
    const begin = performance.now();
    await restorePlatform(installed, folder, false);
    process.stdout.write(`the platform was restored in ${((performance.now() - begin) / 1000).toFixed(1)} s\n`);

    const { items } = storeListSchema.parse(await story.session.get("/stores"));
    expect(items.map(({ name, status }) => [name, status])).toEqual([[store, "ready"]]);
    const { url } = storeSchema.parse(await story.session.get(`/stores/${store}`));
    expect((await loopbackFetch(url!)).status).toBe(200);
    expect(await acts()).toEqual([
      "restore platform",
      "rotate sealing key",
      "rotate passphrase",
      "rotate database password",
    ]);
    expect(await story.session.post(`${nowhere.path}/test`)).toEqual(opened);
    const done = await story.ended(await story.remove(store));
    expect(done.status, done.reason ?? "").toBe("succeeded");
    expect(await leftovers(story.machine, store)).toEqual([]);
  });
});
