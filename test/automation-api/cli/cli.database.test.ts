import { execFileSync } from "node:child_process";
import { existsSync, mkdtempSync, readFileSync, rmSync, statSync } from "node:fs";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { setTimeout as sleep } from "node:timers/promises";
import { afterAll, afterEach, beforeAll, beforeEach, describe, expect, it } from "vitest";
import { createProgram, runCli } from "../../../automation-api/cli/program.ts";
import type { Key } from "../../../automation-api/contract/keys.ts";
import { createSignInLink } from "../../../automation-api/sign-in-link.ts";
import { finish, writeEvent } from "../../helpers/play-worker.ts";
import { type ApiUnderTest, freshName, givenStore, startApi } from "../http/api-under-test.ts";

let api: ApiUnderTest;
let folder: string;

beforeAll(async () => {
  api = await startApi();
});

afterAll(async () => {
  await api.stop();
});

beforeEach(() => {
  folder = mkdtempSync(join(tmpdir(), "cli-"));
});

afterEach(() => rmSync(folder, { recursive: true }));

interface Run {
  readonly code: number;
  readonly out: string;
  readonly err: string;
}

/** `storefleet` with these words, in the home folder of this test. */
async function storefleet(words: string, { key, input = "", isWatched = false, origin }: Given = {}): Promise<Run> {
  let [out, err] = ["", ""];
  const terminal = {
    out: (text: string) => {
      out += text;
    },
    err: (text: string) => {
      err += text;
    },
    isWatched,
    input: async () => input,
  };
  const context = { terminal, loginFile: join(folder, "storefleet", "login.json"), hostname: "here", origin, key };
  const code = await runCli(words.split(" "), context, "1.2.3");
  return { code, out, err };
}

interface Given {
  readonly key?: string;
  readonly input?: string;
  readonly isWatched?: boolean;
  readonly origin?: string;
}

const link = () => createSignInLink(api.database.connection, api.origin);
const logIn = async () => storefleet(`login ${await link()}`);
const ready = { status: "ready", outputs: { url: "http://a.localhost", adminUrl: "http://a.localhost/app" } } as const;

describe("storefleet login", () => {
  it("makes a key with a link, keeps it where only its owner reads it, and leaves no session", async () => {
    const before = (await api.signedIn("/api/v1/sessions")).json.items.length;

    const run = await logIn();

    const file = join(folder, "storefleet", "login.json");
    const { key, origin } = JSON.parse(readFileSync(file, "utf8"));
    expect([run.code, run.out]).toEqual([0, ""]);
    expect(run.err).toContain("owner, owner of main");
    expect(run.err).not.toContain(key);
    expect([origin, statSync(file).mode & 0o777]).toEqual([api.origin, 0o600]);
    expect((await api.signedIn("/api/v1/sessions")).json.items).toHaveLength(before);
  });

  it("takes a key from standard input, and forgets it", async () => {
    const { secret } = (await api.signedIn("/api/v1/keys", { body: { name: "for scripts" } })).json;

    const run = await storefleet(`login --url ${api.origin}`, { input: secret });
    const who = await storefleet("whoami --json");
    await storefleet("logout");

    expect([run.code, JSON.parse(who.out).user.name]).toEqual([0, "owner"]);
    expect(existsSync(join(folder, "storefleet", "login.json"))).toBe(false);
  });

  it("says what to do when a link was used, is none, or a key is unknown", async () => {
    const used = await link();
    await storefleet(`login ${used}`);

    const again = await storefleet(`login ${used}`);
    const none = await storefleet("login nonsense");
    const unknown = await storefleet(`login --url ${api.origin}`, { input: `sfk_${"a".repeat(43)}` });

    expect([again.code, none.code, unknown.code]).toEqual([1, 1, 3]);
    expect(again.err).toContain("used before");
    expect(unknown.err).toContain("API key is not known");
  });
});

describe("exit codes", () => {
  it("tell scripts what happened", async () => {
    const codes = async (...lines: string[]) => {
      const found: number[] = [];
      for (const line of lines) found.push((await storefleet(line)).code);
      return found;
    };
    expect(await codes("whoami")).toEqual([3]);
    await logIn();
    const { name } = await givenStore(api);

    expect(
      await codes("stores list", "stores get never-was", "stores create Bad_Name", `stores create ${name}`),
    ).toEqual([0, 4, 2, 6]);
    expect(await codes("nonsense", "stores delete x", "--help", "--version")).toEqual([2, 2, 0, 0]);
  });

  it("are 7 when nobody answers, and 5 for a key that may not", async () => {
    const { secret } = (await api.signedIn("/api/v1/keys", { body: { name: "reads" } })).json;

    const away = await storefleet("stores list", { origin: "http://127.0.0.1:9", key: secret });
    const forbidden = await storefleet(`stores create ${freshName()}`, { origin: api.origin, key: secret });

    expect([away.code, forbidden.code]).toEqual([7, 5]);
    expect(away.err).toContain("is Storefleet running there?");
    expect(forbidden.err).toContain('make one with the scope "write"');
  });
});

describe("storefleet stores", () => {
  beforeEach(async () => {
    await logIn();
  });

  it("creates a store and waits until it sells, line by line", async () => {
    const name = freshName();
    const running = storefleet(`stores create ${name} --display-name Shop --no-sample-data --wait --json`);
    const operation = await operationOf(name);
    await writeEvent(api.database.connection, operation, "Halfway\u001b[31m there");
    await finish(api.database.connection, operation, "succeeded", ready);

    const { code, out, err } = await running;

    expect(code).toBe(0);
    expect(JSON.parse(out)).toMatchObject({ name, displayName: "Shop", status: "ready", url: "http://a.localhost" });
    expect(JSON.parse(out).spec.sampleData).toBe(false);
    expect(err).toMatch(/% Halfway \[31m there\n/);
    expect(err).not.toContain("\u001b");
  });

  it("shows a bar where a person watches, and fails when the operation does", async () => {
    const name = freshName();
    const running = storefleet(`stores create ${name} --wait`, { isWatched: true });
    await finish(api.database.connection, await operationOf(name), "failed", { status: "failed", reason: "No room." });

    const { code, out, err } = await running;

    expect([code, out]).toEqual([1, ""]);
    expect(err).toContain("░");
    expect(err).toContain("The operation is failed");
  });

  it("lists all of them, not only a page", async () => {
    const mark = freshName("many");
    for (let count = 0; count < 103; count += 1) await givenStore(api, { name: `${mark}-${count}` });

    const { out } = await storefleet(`stores list --search ${mark} --json`);
    const text = await storefleet(`stores list --search ${mark} --status provisioning`);

    expect(JSON.parse(out)).toHaveLength(103);
    expect(text.out.split("\n")[0]).toMatch(/^NAME +STATUS +ENGINE +PLAN +URL$/);
    expect(text.out.trim().split("\n")).toHaveLength(104);
  });

  it("shows one, its events and its credentials, and deletes it", async () => {
    const { name, operation } = await givenStore(api);
    await finish(api.database.connection, operation, "succeeded", ready);
    api.fakes.readCredentials = async () => ({ adminUser: "a@b.c", adminPassword: "pass-word", keys: { token: "pk" } });

    const [one, events, credentials, removal] = [
      await storefleet(`stores get ${name}`),
      await storefleet(`stores events ${name}`),
      await storefleet(`stores credentials ${name}`),
      await storefleet(`stores delete ${name} --yes --json`),
    ];

    expect(one.out).toContain("url      http://a.localhost\n");
    expect(events.out).toContain("waits for its turn");
    expect(credentials.out).toMatch(/password +pass-word\n/);
    expect(JSON.parse(removal.out).operation).toMatch(/^[\da-f-]{36}$/);
  });
});

describe("storefleet operations, orgs and keys", () => {
  beforeEach(async () => {
    await logIn();
  });

  it("lists, shows, watches and cancels operations", async () => {
    const { name, operation } = await givenStore(api);

    const [list, ofStore, get] = [
      await storefleet("operations list --json"),
      await storefleet(`operations list ${name}`),
      await storefleet(`operations get ${operation}`),
    ];
    const cancelled = await storefleet(`operations cancel ${operation}`);
    const watched = await storefleet(`operations watch ${operation}`);

    expect(JSON.parse(list.out)[0].id).toBe(operation);
    expect(ofStore.out).toContain(operation);
    expect(get.out).toContain(`create ${name}: queued`);
    expect(JSON.parse((await storefleet("operations list --limit 1 --json")).out)).toHaveLength(1);
    expect((await storefleet("operations list --limit many")).err).toContain("--limit is a whole number");
    expect([cancelled.code, cancelled.out, watched.code]).toEqual([0, "cancelled\n", 1]);
  });

  it("follows cursors to the end of a list", async () => {
    const { user } = (await api.signedIn("/api/v1/session")).json;
    await api.database.connection.pool.query(
      `insert into api_keys (user_id, organization_id, name, hash, hint, scopes, expires_at)
       select $1, (select id from organizations where name = 'main'), 'key ' || n, 'hash ' || n, 'sfk_', '["read"]',
         now() + interval '1 day' from generate_series(1, 150) n`,
      [user.id],
    );

    const listed: Key[] = JSON.parse((await storefleet("keys list --json")).out);

    const names = Array.from({ length: 150 }, (_, index) => `key ${index + 1}`);
    expect(listed.map(({ name }) => name)).toEqual(expect.arrayContaining(names));
    expect(new Set(listed.map(({ id }) => id)).size).toBe(listed.length);
  });

  it("makes, lists, tests and deletes webhooks", async () => {
    await logIn();
    const [id = "", secret] = (await storefleet("webhooks create https://hooks.example.com/ --events store.ready")).out
      .trim()
      .split(" ");
    const sent = (await storefleet(`webhooks test ${id}`)).out.trim();
    const again = await storefleet(`webhooks replay ${id} ${sent}`);
    const deliveries = await storefleet(`webhooks deliveries ${id} --json`);
    const list = await storefleet("webhooks list");
    const removed = await storefleet(`webhooks delete ${id}`);

    expect(secret).toMatch(/^whsec_/);
    expect(again.out.trim()).toBe(sent);
    expect(JSON.parse(deliveries.out)).toMatchObject([{ id: sent, event: "webhook.test", status: "waiting" }]);
    expect(list.out).toContain("https://hooks.example.com/");
    expect([removed.code, (await storefleet("webhooks list --json")).out.trim()]).toEqual([0, "[]"]);
  });

  it("lists organizations; makes, lists and revokes keys", async () => {
    const orgs = await storefleet("orgs");
    const made = await storefleet("keys create deploys --scopes read,write --days 7 --json");
    const { key, secret } = JSON.parse(made.out);
    const listed = await storefleet("keys list");
    const revoked = await storefleet(`keys revoke ${key.id}`);

    expect(orgs.out).toMatch(/main +owner/);
    expect(key).toMatchObject({ scopes: ["read", "write"], organization: "main" });
    expect(listed.out).toContain(key.hint);
    expect(listed.out).not.toContain(secret);
    expect([revoked.code, (await storefleet("whoami", { key: secret, origin: api.origin })).code]).toEqual([0, 3]);
  });
});

describe("completion", () => {
  it("completes commands and their options in bash", async () => {
    const { out } = await storefleet("completion bash");
    const complete = (...words: string[]) =>
      execFileSync(
        "bash",
        [
          "-c",
          `${out}\nCOMP_WORDS=(storefleet "$@"); COMP_CWORD=$#; _storefleet; echo "\${COMPREPLY[@]}"`,
          "-",
          ...words,
        ],
        { encoding: "utf8" },
      ).trim();

    expect(complete("sto")).toBe("stores");
    expect(complete("stores", "cre").split(" ").sort()).toEqual(["create", "credentials"]);
    expect(complete("stores", "create", "--pl")).toBe("--plan");
    expect((await storefleet("completion fish")).code).toBe(1);
  });

  it("knows every command", () => {
    const terminal = { out: () => {}, err: () => {}, isWatched: false, input: async () => "" };
    const program = createProgram({ terminal, loginFile: "", hostname: "", origin: undefined, key: undefined }, "1");

    expect(program.commands.map((command) => command.name())).toEqual([
      "login",
      "logout",
      "whoami",
      "stores",
      "operations",
      "orgs",
      "keys",
      "webhooks",
      "completion",
    ]);
  });
});

/** The operation that creates a store, once it was asked for. */
async function operationOf(name: string): Promise<string> {
  for (;;) {
    const answer = await api.signedIn(`/api/v1/stores/${name}`);
    if (answer.status === 200) return answer.json.operation.id;
    await sleep(20);
  }
}
