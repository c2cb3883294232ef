import { setTimeout as sleep } from "node:timers/promises";
import { afterAll, beforeAll, describe, expect, it } from "vitest";
import { finish, writeEvent } from "../../helpers/play-worker.ts";
import { freshName, givenStore } from "../http/api-under-test.ts";
import { type CliUnderTest, cliUnderTest } from "./cli-under-test.ts";

const ready = { status: "ready", outputs: { url: "http://a.localhost", adminUrl: "http://a.localhost/app" } } as const;

let cli: CliUnderTest;
beforeAll(async () => {
  cli = await cliUnderTest();
  await cli.logIn();
});
afterAll(() => cli.stop());

describe("storefleet stores", () => {
  it("creates a store and waits until it sells, line by line", async () => {
    const name = freshName();
    const running = cli.storefleet(`stores create ${name} --display-name Shop --no-sample-data --wait --json`);
    const operation = await operationOf(name);
    await writeEvent(cli.api.database.connection, operation, "Halfway\u001b[31m there");
    await finish(cli.api.database.connection, operation, "succeeded", ready);

    const { code, out, err } = await running;

    expect(code).toBe(0);
    expect(JSON.parse(out)).toMatchObject({ name, displayName: "Shop", status: "ready", url: "http://a.localhost" });
    expect(JSON.parse(out).spec.sampleData).toBe(false);
    expect(err).toMatch(/% Halfway \[31m there\n/);
    expect(err).not.toContain("\u001b");
  });

  it("shows a bar where a person watches, and fails when the operation does", async () => {
    const name = freshName();
    const running = cli.storefleet(`stores create ${name} --wait`, { isWatched: true });
    await finish(cli.api.database.connection, await operationOf(name), "failed", {
      status: "failed",
      reason: "No room.",
    });

    const { code, out, err } = await running;

    expect([code, out]).toEqual([1, ""]);
    expect(err).toContain("░");
    expect(err).toContain("The operation is failed");
  });

  it("lists all of them, not only a page", async () => {
    const mark = freshName("many");
    for (let count = 0; count < 103; count += 1) await givenStore(cli.api, { name: `${mark}-${count}` });

    const { out } = await cli.storefleet(`stores list --search ${mark} --json`);
    const text = await cli.storefleet(`stores list --search ${mark} --status provisioning`);

    expect(JSON.parse(out)).toHaveLength(103);
    expect(text.out.split("\n")[0]).toMatch(/^NAME +STATUS +ENGINE +PLAN +CLUSTER +URL$/);
    expect(text.out.trim().split("\n")).toHaveLength(104);
  });

  it("shows one, its events and its credentials, and deletes it", async () => {
    const { name, operation } = await givenStore(cli.api);
    await finish(cli.api.database.connection, operation, "succeeded", ready);
    cli.api.fakes.readCredentials = async () => ({
      adminUser: "a@b.c",
      adminPassword: "pass-word",
      keys: { token: "pk" },
    });

    const [one, events, credentials, removal] = [
      await cli.storefleet(`stores get ${name}`),
      await cli.storefleet(`stores events ${name}`),
      await cli.storefleet(`stores credentials ${name}`),
      await cli.storefleet(`stores delete ${name} --yes --json`),
    ];

    expect(one.out).toContain("url      http://a.localhost\n");
    expect(events.out).toContain("waits for its turn");
    expect(credentials.out).toMatch(/password +pass-word\n/);
    expect(JSON.parse(removal.out).operation).toMatch(/^[\da-f-]{36}$/);
  });
});

/** The operation that creates a store, once it was asked for. */
async function operationOf(name: string): Promise<string> {
  for (;;) {
    const answer = await cli.api.signedIn(`/api/v1/stores/${name}`);
    if (answer.status === 200) return answer.json.operation.id;
    await sleep(20);
  }
}
