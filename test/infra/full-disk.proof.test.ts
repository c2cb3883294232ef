import { mkdtempSync, readdirSync, readFileSync, rmSync } from "node:fs";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { afterAll, beforeAll, describe, expect, it } from "vitest";
import { causeOf, sentenceFor } from "../../automation-api/domain/causes.ts";
import { StackError } from "../../automation-api/stack-runner.ts";
import { startEmbeddedDatabase, stopEmbeddedDatabase } from "../../toolchain/database/embedded.ts";
import { readEnvironment } from "../../toolchain/lib/environment.ts";
import { resolvePaths } from "../../toolchain/lib/paths.ts";
import { createSilentReporter } from "../../toolchain/lib/progress.ts";
import { type ApiUnderTest, startApi } from "../automation-api/http/api-under-test.ts";
import { migrated } from "../helpers/migrated-database.ts";
import { makeSmallDisk, type SmallDisk, smallDiskProblem } from "../helpers/small-disk.ts";
import { makeSmallStacks, type SmallStacks } from "../helpers/small-stacks.ts";

// What infra/RUNBOOKS.md says of a full disk, on disks that are full to the last byte.

if (smallDiskProblem !== undefined) process.stdout.write(`Full disks are not tried: ${smallDiskProblem}.\n`);

describe.skipIf(smallDiskProblem !== undefined)("a worker whose state is on a disk that is full", () => {
  let folder: string;
  let disk: SmallDisk;
  let stacks: SmallStacks;
  let secret: unknown;
  beforeAll(async () => {
    folder = mkdtempSync(join(tmpdir(), "storefleet-full-"));
    disk = makeSmallDisk(join(folder, "kept"), 4);
    stacks = await makeSmallStacks(folder);
    await stacks.runner.up("demo", { words: "2" });
    secret = await stacks.runner.readSecretOutput("demo", "secret");
    return () => {
      disk.remove();
      rmSync(folder, { recursive: true, force: true });
    };
  });

  const stateFile = () => readFileSync(join(stacks.state, ".pulumi/stacks/stores/demo.json"), "utf8");
  const failureOf = async (work: Promise<unknown>): Promise<StackError> => {
    const failed = await work.then(
      () => undefined,
      (error) => error,
    );
    expect(failed).toBeInstanceOf(StackError);
    return failed;
  };

  it("says so, loses nothing, and goes on with the same command when there is room", async () => {
    const [before, config] = [stateFile(), readFileSync(join(stacks.work, "demo/Pulumi.demo.yaml"), "utf8")];
    disk.fill();

    const { kind, message } = await failureOf(stacks.runner.up("demo", { words: "3", extra: "true" }));

    expect(kind).toBe("failed");
    expect(causeOf({ kind: "said", said: message })).toBe("disk-full");
    expect(sentenceFor({ kind: "said", said: message })).toBe(
      'Pulumi failed on stack "demo": no space left on device. A disk is full; free some space, then try again.',
    );
    expect(stateFile()).toBe(before);
    expect(readFileSync(join(stacks.work, "demo/Pulumi.demo.yaml"), "utf8")).toBe(config);

    disk.free();
    expect(await stacks.runner.readSecretOutput("demo", "secret")).toBe(secret);
    expect((await stacks.runner.up("demo", { words: "3", extra: "true" })).outputs.name).toMatch(/^\w+-\w+-\w+$/);
    expect(readdirSync(join(stacks.work, "demo")).filter((name) => name.endsWith(".partial"))).toEqual([]);
  });

  it("hears from the engine itself in a sentence, too", async () => {
    await stacks.runner.up("demo", { words: "2" });
    const before = stateFile();
    disk.fill();

    const locked = await stacks.pulumi("demo", ["up", "--yes", "--skip-preview"]);
    disk.free();

    expect(locked.status).not.toBe(0);
    expect(locked.said).toMatch(/error: cannot write into .*: the disk is full\./);
    expect(stateFile()).toBe(before);
    expect((await stacks.runner.up("demo", { words: "2" })).changes.update).toBeUndefined();
  });

  it("has a whole state when the disk fills while it works, and the next run ends what was begun", async () => {
    for (const delay of [600, 900, 1200, 1500]) {
      const words = String(3 + (delay % 4));
      const running = stacks.runner.up("demo", { words, extra: String(delay % 600 === 0) }).catch((error) => error);
      const clock = setTimeout(() => disk.fill(), delay);
      const how = await running;
      clearTimeout(clock);
      const told = how instanceof Error ? how.message.slice(0, 200) : "had ended";
      process.stdout.write(`the disk was full after ${delay} ms: ${told}\n`);
      if (how instanceof Error) expect(how.message).toMatch(/the disk is full|no space left on device/i);
      expect(JSON.parse(stateFile()).version).toBe(3);
      disk.free();

      await stacks.pulumi("demo", ["cancel", "--yes"]);
      await stacks.runner.up("demo", { words });

      expect(await stacks.runner.readSecretOutput("demo", "secret")).toBeTypeOf("string");
    }
  });
});

describe.skipIf(smallDiskProblem !== undefined)("an API whose database is on a disk that is full", () => {
  let home: string;
  let disk: SmallDisk;
  let api: ApiUnderTest;
  const context = () => {
    const environment = readEnvironment({ ...process.env, STOREFLEET_HOME: home });
    const paths = resolvePaths(environment);
    return { environment, paths, reporter: createSilentReporter(paths.logs), signal: new AbortController().signal };
  };
  beforeAll(async () => {
    home = mkdtempSync(join(tmpdir(), "storefleet-full-"));
    disk = makeSmallDisk(join(home, "database"), 200);
    const url = await startEmbeddedDatabase(context());
    api = await startApi({ database: await migrated({ url, drop: async () => {} }) });
  });
  afterAll(async () => {
    await api.stop();
    await stopEmbeddedDatabase(context().paths);
    disk.remove();
    rmSync(home, { recursive: true, force: true });
  });

  it("refuses what would be written with 503 and a sentence, reads on, and has lost nothing when there is room", async () => {
    const made: string[] = [];
    const create = async (count: number) => {
      const name = `full-${count}`;
      const answer = await api.signedIn("/api/v1/stores", { body: { name, engine: "medusa" } });
      if (answer.status === 202) made.push(name);
      return answer;
    };
    for (const count of [1, 2, 3]) expect((await create(count)).status).toBe(202);
    disk.fill();
    let refused = await create(4);
    for (let count = 5; refused.status === 202 && count < 500; count += 1) refused = await create(count);

    process.stdout.write(`${made.length} stores were taken before the database was full\n`);
    expect(refused.status).toBe(503);
    expect(refused.json).toMatchObject({
      type: "/problems/database-full",
      detail: expect.stringMatching(/no room to write/),
    });
    expect(refused.headers["retry-after"]).toBe("2");
    expect((await api.signedIn("/api/v1/stores")).status).toBe(200);

    disk.free();
    expect((await create(1000)).status).toBe(202);
    for (const name of made) expect((await api.signedIn(`/api/v1/stores/${name}`)).status).toBe(200);
  });
});
