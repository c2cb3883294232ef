import { createServer, type Server } from "node:http";
import type { AddressInfo } from "node:net";
import { pino } from "pino";
import { Webhook } from "standardwebhooks";
import { afterAll, afterEach, beforeAll, beforeEach, describe, expect, it, vi } from "vitest";
import { deliveryListSchema, newWebhookSchema, webhookSchema } from "../../../automation-api/contract/webhook.ts";
import { createPost } from "../../../automation-api/webhooks/post.ts";
import { startSender } from "../../../automation-api/webhooks/sender.ts";
import { secretMaker } from "../../../automation-api/webhooks/signature.ts";
import { finish } from "../../helpers/play-worker.ts";
import { type ApiUnderTest, givenStore, startApi } from "../http/api-under-test.ts";

// The whole way: something happens, a row is written with it, a process sends it, somebody's server checks it.

interface Received {
  readonly headers: Record<string, string>;
  readonly text: string;
}

let api: ApiUnderTest;
let receiver: Server;
let sender: Awaited<ReturnType<typeof startSender>>;
let received: Received[];
/** What the receiver answers next; 200 when there is nothing. */
let answers: number[];

const webhooks = "/api/v1/organizations/main/webhooks";
const { pool } = { pool: () => api.database.connection.pool };

beforeAll(async () => {
  api = await startApi();
  receiver = createServer((request, response) => {
    let text = "";
    request.on("data", (chunk: Buffer) => {
      text += String(chunk);
    });
    request.on("end", () => {
      received.push({ headers: request.headers as Record<string, string>, text });
      response.writeHead(answers.shift() ?? 200).end();
    });
  });
  await new Promise<void>((resolve) => receiver.listen(0, "127.0.0.1", resolve));
});

beforeEach(async () => {
  received = [];
  answers = [];
  const { post } = createPost({ mayBePrivate: async () => true });
  const logger = pino({ level: "silent" });
  const secrets = secretMaker("a key of tests");
  sender = await startSender({
    connection: api.database.connection,
    post,
    secrets,
    logger,
    interval: 50,
    chance: () => 0,
  });
});

afterEach(async () => {
  await sender.stop();
  await pool().query("delete from webhooks");
});

afterAll(async () => {
  receiver.closeAllConnections();
  receiver.close();
  await api.stop();
});

/** A webhook that leads to the receiver, which is on a private address: only the database can be told to allow that here. */
async function given(events?: readonly string[]) {
  const body = { url: "https://hooks.example.com/", ...(events && { events }) };
  const made = newWebhookSchema.parse((await api.signedIn(webhooks, { body })).json);
  const url = `http://127.0.0.1:${(receiver.address() as AddressInfo).port}/`;
  await pool().query("update webhooks set url = $1 where id = $2", [url, made.webhook.id]);
  return { ...made, path: `${webhooks}/${made.webhook.id}` };
}

const until = (isSo: () => boolean) => vi.waitUntil(isSo, { timeout: 5000, interval: 20 });
const deliveriesOf = async (path: string) => deliveryListSchema.parse((await api.signedIn(`${path}/deliveries`)).json);

describe("a webhook", () => {
  it("is told when an operation ends and a store is ready, signed so that its owner can check it", async () => {
    const { secret, path } = await given(["store.ready", "operation.finished"]);
    const { name, operation } = await givenStore(api);

    await finish(api.database.connection, operation, "succeeded", { status: "ready", outputs: { url: "http://a.b" } });
    await until(() => received.length === 2);

    const told = received.map(({ text, headers }) => new Webhook(secret).verify(text, headers));
    const data = { store: name, status: "ready", engine: "medusa", plan: "basic", url: "http://a.b" };
    expect(told).toEqual(
      expect.arrayContaining([
        { type: "store.ready", timestamp: expect.stringMatching(/^\d{4}-.*Z$/), data },
        expect.objectContaining({
          type: "operation.finished",
          data: expect.objectContaining({ operation, store: name, kind: "create", status: "succeeded" }),
        }),
      ]),
    );
    await vi.waitFor(async () => {
      const { items } = await deliveriesOf(path);
      expect(items.map(({ status, attempts, answer }) => ({ status, attempts, answer }))).toEqual([
        { status: "delivered", attempts: 1, answer: 200 },
        { status: "delivered", attempts: 1, answer: 200 },
      ]);
    });
  });

  it("is told nothing of what was taken back, of what it did not ask for, and of other organizations", async () => {
    const { path } = await given(["store.failed"]);
    const { operation } = await givenStore(api);
    const client = await pool().connect();
    await client.query("begin");
    await client.query(
      "update stores set status = 'failed' where id = (select store_id from operations where id = $1)",
      [operation],
    );
    await client.query("rollback");
    client.release();
    await finish(api.database.connection, operation, "succeeded", { status: "ready" });

    expect((await deliveriesOf(path)).items).toEqual([]);
    expect(received).toEqual([]);
  });

  it("is told of drift when a comparison finds it, and not again while it lasts", async () => {
    await given(["store.drifted"]);
    const { name } = await givenStore(api);
    const found = (subject: string) =>
      pool().query(
        `insert into findings (kind, subject, text) values ('missing-object', $1, 'gone')
         on conflict (kind, subject) where resolved_at is null do update set last_seen_at = clock_timestamp()`,
        [subject],
      );

    await found(`Secret store-${name}/store-credentials`);
    await found(`Secret store-${name}/store-credentials`);
    await found("Secret store-somebody-elses/x");
    await until(() => received.length > 0);

    const data = { store: name, kind: "missing-object", text: "gone" };
    expect(received.map(({ text }) => JSON.parse(text).data)).toEqual([data]);
  });

  it("is asked again with the same id until it answers, and the list says how it stands", async () => {
    const { path } = await given();
    answers = [500, 302];
    await api.signedIn(`${path}/test`, { body: {} });
    await until(() => received.length === 1);
    const soon = () => pool().query("update webhook_deliveries set next_at = now() where status = 'waiting'");

    await vi.waitFor(async () => expect((await deliveriesOf(path)).items[0]?.answer).toBe(500));
    const waiting = (await deliveriesOf(path)).items[0]!;
    await soon();
    await vi.waitFor(async () => expect((await deliveriesOf(path)).items[0]?.answer).toBe(302));
    const redirected = (await deliveriesOf(path)).items[0]!;
    await soon();
    await vi.waitFor(async () => expect((await deliveriesOf(path)).items[0]?.status).toBe("delivered"));

    expect(waiting).toMatchObject({ status: "waiting", attempts: 1, reason: "The address answers 500." });
    expect(Date.parse(waiting.nextAt ?? "")).toBeGreaterThan(Date.now() + 1000);
    expect(redirected.reason).toContain("redirects are not followed");
    expect(new Set(received.map(({ headers }) => headers["webhook-id"])).size).toBe(1);
    expect(webhookSchema.parse((await api.signedIn(path)).json).lastDelivery?.status).toBe("delivered");
  });

  it("is given up after a day, and told once more when somebody asks for it", async () => {
    const { path } = await given();
    answers = [500];
    await api.signedIn(`${path}/test`, { body: {} });
    await pool().query("update webhook_deliveries set attempts = 10 where status = 'waiting'");
    await pool().query("update webhook_deliveries set next_at = now(), status = 'waiting'");
    await vi.waitFor(async () => expect((await deliveriesOf(path)).items[0]?.status).not.toBe("waiting"), 5000);
    const id = (await deliveriesOf(path)).items[0]!.id;
    const before = received.length;

    const replayed = await api.signedIn(`${path}/deliveries/${id}/replay`, { body: {} });
    await until(() => received.length > before);

    expect(replayed.status).toBe(202);
    expect(received.at(-1)?.headers["webhook-id"]).toBe(id);
  });

  it("that answers 410 is turned off, and is told nothing more", async () => {
    const { path } = await given();
    answers = [410];
    await api.signedIn(`${path}/test`, { body: {} });
    await vi.waitFor(async () => expect((await api.signedIn(path)).json.enabled).toBe(false));

    const again = await api.signedIn(`${path}/test`, { body: {} });

    expect([again.status, again.json.type]).toEqual([409, "/problems/webhook-off"]);
  });

  it("gets a new secret, beside which the old one is good for a day; neither is in the database", async () => {
    const { secret, path } = await given();
    const renewed = newWebhookSchema.parse((await api.signedIn(`${path}/secret`, { body: {} })).json);
    await api.signedIn(`${path}/test`, { body: {} });
    await until(() => received.length === 1);
    const [{ text, headers } = { text: "", headers: {} }] = received;
    const kept = JSON.stringify((await pool().query("select * from webhooks, webhook_deliveries")).rows);

    expect(renewed.secret).not.toBe(secret);
    for (const each of [secret, renewed.secret]) {
      expect(new Webhook(each).verify(text, headers)).toMatchObject({ type: "webhook.test" });
      expect(kept).not.toContain(each.slice(6));
    }
  });

  it("whose sender died is told by the next one", async () => {
    const { path } = await given();
    await sender.stop();
    await api.signedIn(`${path}/test`, { body: {} });
    // Taken, and never settled.
    await pool().query("update webhook_deliveries set attempts = 1, next_at = now() - interval '1 second'");

    const { post } = createPost({ mayBePrivate: async () => true });
    const secrets = secretMaker("a key of tests");
    sender = await startSender({
      connection: api.database.connection,
      post,
      secrets,
      logger: pino({ level: "silent" }),
    });
    await until(() => received.length === 1);

    await vi.waitFor(async () =>
      expect((await deliveriesOf(path)).items[0]).toMatchObject({ status: "delivered", attempts: 2 }),
    );
  });
});

describe("webhooks", () => {
  it.each(["http://hooks.example.com/", "https://127.0.0.1/", "https://2130706433/", "https://[::ffff:10.0.0.1]/"])(
    "do not lead to %s: 400 with the field",
    async (url) => {
      const answer = await api.signedIn(webhooks, { body: { url } });

      expect([answer.status, answer.json.errors[0].field]).toEqual([400, "url"]);
    },
  );

  it.each(["ftp://example.com", "nonsense", "https://user:pw@example.com/", `https://example.com/${"x".repeat(1000)}`])(
    "do not take %s for an address: 400",
    async (url) => {
      expect((await api.signedIn(webhooks, { body: { url } })).status).toBe(400);
    },
  );

  it("lead to private addresses when an administrator allows it", async () => {
    const settings = (await api.signedIn("/api/v1/settings")).json;
    const set = (webhooksToPrivateAddresses: boolean) =>
      api.signedIn("/api/v1/settings", { method: "PUT", body: { ...settings, webhooksToPrivateAddresses } });

    await set(true);
    const allowed = await api.signedIn(webhooks, { body: { url: "http://10.0.0.1/hook" } });
    await set(false);

    expect(allowed.status).toBe(201);
  });

  it("are changed by who has seen what they are now: 412 otherwise", async () => {
    const { path } = await given();
    const seen = await api.signedIn(path);
    const patch = (tag: string, description: string) =>
      api.signedIn(path, { method: "PATCH", body: { description }, headers: { "if-match": tag } });

    const first = await patch(String(seen.headers.etag), "first");
    const second = await patch(String(seen.headers.etag), "second");

    expect([first.status, first.json.description, second.status]).toEqual([200, "first", 412]);
    expect(second.json.type).toBe("/problems/changed-meanwhile");
  });

  it("leave who made, changed and removed them in the audit log, without a secret", async () => {
    const { secret, path } = await given();
    await api.signedIn(path, { method: "PATCH", body: { enabled: false } });
    await api.signedIn(path, { method: "DELETE" });

    const { json, text } = await api.signedIn("/api/v1/audit?limit=3");

    const actions = json.items.map(({ action }: { action: string }) => action);
    expect(actions).toEqual(["delete webhook", "change webhook", "create webhook"]);
    expect(text).not.toContain(secret.slice(6));
  });

  it("are not looked at by who belongs to another webhook: deliveries are of one of them", async () => {
    const [first, second] = [await given(), await given()];
    const sent = await api.signedIn(`${first.path}/test`, { body: {} });

    const swapped = await api.signedIn(`${second.path}/deliveries/${sent.json.id}/replay`, { body: {} });

    expect(swapped.status).toBe(404);
  });
});
