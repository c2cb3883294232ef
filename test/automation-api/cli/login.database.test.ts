import { existsSync, readFileSync, statSync } from "node:fs";
import { afterAll, afterEach, beforeAll, describe, expect, it } from "vitest";
import { freshName, givenStore } from "../http/api-under-test.ts";
import { type CliUnderTest, cliUnderTest } from "./cli-under-test.ts";

let cli: CliUnderTest;
beforeAll(async () => {
  cli = await cliUnderTest();
});
afterAll(() => cli.stop());
afterEach(() => cli.forget());

describe("storefleet login", () => {
  it("makes a key with a link, keeps it where only its owner reads it, and leaves no session", async () => {
    const before = (await cli.api.signedIn("/api/v1/sessions")).json.items.length;

    const run = await cli.logIn();

    const { key, origin } = JSON.parse(readFileSync(cli.loginFile, "utf8"));
    expect([run.code, run.out]).toEqual([0, ""]);
    expect(run.err).toContain("owner, owner of main");
    expect(run.err).not.toContain(key);
    expect([origin, statSync(cli.loginFile).mode & 0o777]).toEqual([cli.api.origin, 0o600]);
    expect((await cli.api.signedIn("/api/v1/sessions")).json.items).toHaveLength(before);
  });

  it("takes a key from standard input, and forgets it", async () => {
    const { secret } = (await cli.api.signedIn("/api/v1/keys", { body: { name: "for scripts" } })).json;

    const run = await cli.storefleet(`login --url ${cli.api.origin}`, { input: secret });
    const who = await cli.storefleet("whoami --json");
    await cli.storefleet("logout");

    expect([run.code, JSON.parse(who.out).user.name]).toEqual([0, "owner"]);
    expect(existsSync(cli.loginFile)).toBe(false);
  });

  it("says what to do when a link was used, is none, or a key is unknown", async () => {
    const used = await cli.link();
    await cli.storefleet(`login ${used}`);

    const again = await cli.storefleet(`login ${used}`);
    const none = await cli.storefleet("login nonsense");
    const unknown = await cli.storefleet(`login --url ${cli.api.origin}`, { input: `sfk_${"a".repeat(43)}` });

    expect([again.code, none.code, unknown.code]).toEqual([1, 1, 3]);
    expect(again.err).toContain("used before");
    expect(unknown.err).toContain("API key is not known");
  });
});

describe("exit codes", () => {
  it("tell scripts what happened", async () => {
    const codes = async (...lines: string[]) => {
      const found: number[] = [];
      for (const line of lines) found.push((await cli.storefleet(line)).code);
      return found;
    };
    expect(await codes("whoami")).toEqual([3]);
    await cli.logIn();
    const { name } = await givenStore(cli.api);

    expect(
      await codes("stores list", "stores get never-was", "stores create Bad_Name", `stores create ${name}`),
    ).toEqual([0, 4, 2, 6]);
    expect(await codes("nonsense", "stores delete x", "--help", "--version")).toEqual([2, 2, 0, 0]);
  });

  it("are 7 when nobody answers, and 5 for a key that may not", async () => {
    const { secret } = (await cli.api.signedIn("/api/v1/keys", { body: { name: "reads" } })).json;

    const away = await cli.storefleet("stores list", { origin: "http://127.0.0.1:9", key: secret });
    const forbidden = await cli.storefleet(`stores create ${freshName()}`, { origin: cli.api.origin, key: secret });

    expect([away.code, forbidden.code]).toEqual([7, 5]);
    expect(away.err).toContain("is Storefleet running there?");
    expect(forbidden.err).toContain('make one with the scope "write"');
  });
});
