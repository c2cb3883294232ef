import { afterAll, beforeAll, describe, expect, it } from "vitest";
import { type ApiUnderTest, freshName, startApi } from "./api-under-test.ts";
import { type PersonUnderTest, somebody, someOrganization } from "./people-under-test.ts";

let api: ApiUnderTest;
let ann: PersonUnderTest;

beforeAll(async () => {
  api = await startApi();
  ann = await somebody(api, { places: { [(await someOrganization(api)).id]: "owner" } });
});

afterAll(async () => {
  await api.stop();
});

const v1 = "/api/v1";
let keys = 0;
const freshKey = () => {
  keys += 1;
  return `repeat-${keys}`;
};
const make = (name: string, key: string) =>
  ann.call(`${v1}/organizations`, { body: { name }, headers: { "idempotency-key": key } });

describe("a write with an Idempotency-Key", () => {
  it("is answered as before when it is sent again, and not done again", async () => {
    const [name, key] = [freshName("org"), freshKey()];

    const first = await make(name, key);
    const second = await make(name, key);

    expect([first.status, second.status]).toEqual([201, 201]);
    expect(second.json).toEqual(first.json);
    expect([first, second].map(({ headers }) => headers["idempotency-replayed"])).toEqual([undefined, "true"]);
  });

  it("is refused when another request had the key: 422; somebody else's keys are their own", async () => {
    const key = freshKey();
    await make(freshName("org"), key);
    const bob = await somebody(api);

    const other = await make(freshName("org"), key);
    const bobs = await bob.call(`${v1}/organizations`, {
      body: { name: freshName("org") },
      headers: { "idempotency-key": key },
    });

    expect([other.status, bobs.status]).toEqual([422, 201]);
  });

  it("is carried out once, however often it is sent at once", async () => {
    const [name, key] = [freshName("org"), freshKey()];

    const answers = await Promise.all(Array.from({ length: 8 }, () => make(name, key)));
    const later = await make(name, key);

    const kinds = answers.map(({ status, json }) => (status === 201 ? "made" : json.type));
    expect(kinds.filter((kind) => kind !== "made" && kind !== "/problems/under-way")).toEqual([]);
    expect(answers.filter(({ status, headers }) => status === 201 && !headers["idempotency-replayed"])).toHaveLength(1);
    expect([later.status, later.headers["idempotency-replayed"]]).toEqual([201, "true"]);
  });

  it("may be sent again when it was refused", async () => {
    const key = freshKey();
    const taken = await make("main", key);

    const again = await make("main", key);

    expect([taken.status, again.status]).toEqual([409, 409]);
    expect(again.json.type).toBe("/problems/name-taken");
  });

  it("never shows a secret twice, and keeps none: 409", async () => {
    const key = freshKey();
    const bob = await somebody(api, { places: { [(await someOrganization(api)).id]: "member" } });
    const create = () => bob.call(`${v1}/keys`, { body: { name: "x" }, headers: { "idempotency-key": key } });

    const first = await create();
    const second = await create();
    const rows = await api.database.connection.pool.query("select * from kept_answers");

    expect([first.status, second.status, second.json.type]).toEqual([201, 409, "/problems/shown-once"]);
    expect(JSON.stringify(rows.rows)).not.toContain(first.json.secret);
    expect((await bob.call(`${v1}/keys`)).json.items).toHaveLength(1);
  });

  it("goes on when the process that had begun it died, and is forgotten after a day", async () => {
    const [abandoned, old] = [freshKey(), freshKey()];
    const name = freshName("org");
    await make(name, old);
    const { pool } = api.database.connection;
    await pool.query(
      "insert into kept_answers (user_id, key, request_hash, created_at) values ($1, $2, 'x', now() - interval '3 minutes')",
      [ann.id, abandoned],
    );
    await pool.query("update kept_answers set created_at = now() - interval '25 hours' where key = $1", [old]);

    expect((await make(freshName("org"), abandoned)).status).toBe(201);
    expect((await make(freshName("org"), old)).status).toBe(201);
  });
});
