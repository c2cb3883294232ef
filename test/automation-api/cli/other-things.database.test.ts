import { afterAll, beforeAll, describe, expect, it } from "vitest";
import type { Key } from "../../../automation-api/contract/keys.ts";
import { givenStore } from "../http/api-under-test.ts";
import { type CliUnderTest, cliUnderTest } from "./cli-under-test.ts";

let cli: CliUnderTest;
beforeAll(async () => {
  cli = await cliUnderTest();
  await cli.logIn();
});
afterAll(() => cli.stop());

describe("storefleet operations, orgs and keys", () => {
  it("lists, shows, watches and cancels operations", async () => {
    const { name, operation } = await givenStore(cli.api);

    const [list, ofStore, get] = [
      await cli.storefleet("operations list --json"),
      await cli.storefleet(`operations list ${name}`),
      await cli.storefleet(`operations get ${operation}`),
    ];
    const cancelled = await cli.storefleet(`operations cancel ${operation}`);
    const watched = await cli.storefleet(`operations watch ${operation}`);

    expect(JSON.parse(list.out)[0].id).toBe(operation);
    expect(ofStore.out).toContain(operation);
    expect(get.out).toContain(`create ${name}: queued`);
    expect(JSON.parse((await cli.storefleet("operations list --limit 1 --json")).out)).toHaveLength(1);
    expect((await cli.storefleet("operations list --limit many")).err).toContain("--limit is a whole number");
    expect([cancelled.code, cancelled.out, watched.code]).toEqual([0, "cancelled\n", 1]);
  });

  it("follows cursors to the end of a list", async () => {
    const { user } = (await cli.api.signedIn("/api/v1/session")).json;
    await cli.api.database.connection.pool.query(
      `insert into api_keys (user_id, organization_id, name, hash, hint, scopes, expires_at)
       select $1, (select id from organizations where name = 'main'), 'key ' || n, 'hash ' || n, 'sfk_', '["read"]',
         now() + interval '1 day' from generate_series(1, 150) n`,
      [user.id],
    );

    const listed: Key[] = JSON.parse((await cli.storefleet("keys list --json")).out);

    const names = Array.from({ length: 150 }, (_, index) => `key ${index + 1}`);
    expect(listed.map(({ name }) => name)).toEqual(expect.arrayContaining(names));
    expect(new Set(listed.map(({ id }) => id)).size).toBe(listed.length);
  });

  it("makes, lists, tests and deletes webhooks", async () => {
    const [id = "", secret] = (
      await cli.storefleet("webhooks create https://hooks.example.com/ --events store.ready")
    ).out
      .trim()
      .split(" ");
    const sent = (await cli.storefleet(`webhooks test ${id}`)).out.trim();
    const again = await cli.storefleet(`webhooks replay ${id} ${sent}`);
    const deliveries = await cli.storefleet(`webhooks deliveries ${id} --json`);
    const list = await cli.storefleet("webhooks list");
    const removed = await cli.storefleet(`webhooks delete ${id}`);

    expect(secret).toMatch(/^whsec_/);
    expect(again.out.trim()).toBe(sent);
    expect(JSON.parse(deliveries.out)).toMatchObject([{ id: sent, event: "webhook.test", status: "waiting" }]);
    expect(list.out).toContain("https://hooks.example.com/");
    expect([removed.code, (await cli.storefleet("webhooks list --json")).out.trim()]).toEqual([0, "[]"]);
  });

  it("lists organizations; makes, lists and revokes keys", async () => {
    const orgs = await cli.storefleet("orgs");
    const made = await cli.storefleet("keys create deploys --scopes read,write --days 7 --json");
    const { key, secret } = JSON.parse(made.out);
    const listed = await cli.storefleet("keys list");
    const revoked = await cli.storefleet(`keys revoke ${key.id}`);

    expect(orgs.out).toMatch(/main +owner/);
    expect(key).toMatchObject({ scopes: ["read", "write"], organization: "main" });
    expect(listed.out).toContain(key.hint);
    expect(listed.out).not.toContain(secret);
    expect([revoked.code, (await cli.storefleet("whoami", { key: secret, origin: cli.api.origin })).code]).toEqual([
      0, 3,
    ]);
  });
});
