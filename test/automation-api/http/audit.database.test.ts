import { afterAll, beforeAll, describe, expect, it } from "vitest";
import { type AuditEntry, auditListSchema, auditVerificationSchema } from "../../../automation-api/contract/audit.ts";
import { thingsOf } from "./access-probes.ts";
import { type ApiUnderTest, startApi } from "./api-under-test.ts";
import { somebody, someOrganization } from "./people-under-test.ts";

let api: ApiUnderTest;

beforeAll(async () => {
  api = await startApi();
});

afterAll(async () => {
  await api.stop();
});

const v1 = "/api/v1";
const verify = async () => auditVerificationSchema.parse((await api.signedIn(`${v1}/audit/verification`)).json);

async function ownedOrganization() {
  const organization = await someOrganization(api);
  const owner = await somebody(api, { places: { [organization.id]: "owner" } });
  return { organization, owner, things: thingsOf(api, organization, owner) };
}

/** Does to the table what its triggers refuse, and undoes it. */
async function tampered<T>(change: string, look: () => Promise<T>): Promise<T> {
  const { pool } = api.database.connection;
  await pool.query("create table kept as select * from audit_entries");
  const asReplica = async (statements: string) => {
    const client = await pool.connect();
    await client.query(`begin; set local session_replication_role = replica; ${statements}; commit`);
    client.release();
  };
  await asReplica(change);
  try {
    return await look();
  } finally {
    await asReplica("delete from audit_entries; insert into audit_entries select * from kept; drop table kept");
  }
}

describe("the audit log", () => {
  it("says who did what, from where, before and after, under the id of the request", async () => {
    const { organization, owner } = await ownedOrganization();
    const path = `${v1}/organizations/${organization.name}`;

    const changed = await owner.call(path, {
      method: "PATCH",
      body: { displayName: "New" },
      headers: { "x-request-id": "my-own-request-7", "user-agent": "A browser" },
    });
    const { items } = auditListSchema.parse((await owner.call(`${v1}/audit`)).json);

    expect(changed.headers["x-request-id"]).toBe("my-own-request-7");
    expect(items[0]).toMatchObject({
      actor: owner.name,
      actorId: owner.id,
      via: "session",
      agent: "A browser",
      correlationId: "my-own-request-7",
      organizationId: organization.id,
      action: "change organization",
      subject: organization.name,
      before: { displayName: organization.name },
      after: { displayName: "New" },
      outcome: "done",
    });
    expect(items[0]?.address).toContain("127.0.0.1");
  });

  it("holds what was refused, too", async () => {
    const { organization, owner } = await ownedOrganization();
    const viewer = await somebody(api, { places: { [organization.id]: "viewer" } });

    await viewer.call(`${v1}/stores?organization=${organization.name}`, { body: { name: "x", engine: "medusa" } });
    const { items } = auditListSchema.parse((await owner.call(`${v1}/audit`)).json);

    expect(items[0]).toMatchObject({ actor: viewer.name, subject: "POST /api/v1/stores", outcome: "refused" });
  });

  it("shows every organization its own entries, page by page", async () => {
    const [one, other] = [await ownedOrganization(), await ownedOrganization()];
    for (let count = 0; count < 5; count += 1) await one.things.store();
    await other.things.store();
    const seen: AuditEntry[] = [];
    let cursor = "";
    do {
      const page = auditListSchema.parse((await one.owner.call(`${v1}/audit?limit=2${cursor}`)).json);
      seen.push(...page.items);
      cursor = page.nextCursor === undefined ? "" : `&cursor=${page.nextCursor}`;
    } while (cursor !== "");

    expect(seen.map(({ action }) => action)).toEqual(Array(5).fill("create store"));
    expect(new Set(seen.map(({ organizationId }) => organizationId))).toEqual(new Set([one.organization.id]));
  });

  it("is given out as JSON lines and as comma-separated values that no spreadsheet runs", async () => {
    const { organization, owner } = await ownedOrganization();
    const path = `${v1}/organizations/${organization.name}`;
    for (const displayName of ["Plain", '=HYPERLINK("http://evil")', 'with "quotes", and commas']) {
      await owner.call(`${path}/invitations`, { body: { role: "viewer", note: displayName } });
    }

    const lines = await owner.call(`${v1}/audit/export?format=jsonl`);
    const table = await owner.call(`${v1}/audit/export?format=csv`);

    const entries = lines.text
      .trim()
      .split("\n")
      .map((line) => JSON.parse(line));
    expect(entries.map(({ subject }) => subject)).toEqual([
      "Plain",
      '=HYPERLINK("http://evil")',
      'with "quotes", and commas',
    ]);
    expect(table.headers["content-type"]).toContain("text/csv");
    expect(table.text.split("\r\n")[0]).toMatch(/^id,at,actor,/);
    expect(table.text).toContain(`,"'=HYPERLINK(""http://evil"")",`);
    expect(table.text).toContain(`,"with ""quotes"", and commas",`);
  });

  it("gives out only what was asked for, by the filters of its list", async () => {
    const { organization, owner } = await ownedOrganization();
    const viewer = await somebody(api, { places: { [organization.id]: "viewer" } });
    const path = `${v1}/organizations/${organization.name}`;
    const invite = (note: string) => owner.call(`${path}/invitations`, { body: { role: "viewer", note } });
    const requestId = String((await invite("first")).headers["x-request-id"]);
    await invite("second");
    await owner.call(path, { method: "PATCH", body: { displayName: "Other" } });
    await viewer.call(`${path}/invitations`, { body: { role: "viewer" } });
    const listed = auditListSchema.parse((await owner.call(`${v1}/audit`)).json).items;
    const changedAt = listed.find(({ action }) => action === "change organization")?.at ?? "";
    const filters = [
      { actor: viewer.name },
      { action: "invite" },
      { subject: "second" },
      { outcome: "refused" },
      { correlationId: requestId },
      { from: changedAt },
      { until: changedAt },
      { action: "invite", subject: "first" },
      { actor: "nobody" },
    ];

    for (const filter of filters) {
      const query = new URLSearchParams(filter);
      const { items } = auditListSchema.parse((await owner.call(`${v1}/audit?${query}`)).json);
      const exported = (await owner.call(`${v1}/audit/export?format=jsonl&${query}`)).text;
      const ids = exported.split("\n").flatMap((line) => (line === "" ? [] : [JSON.parse(line).id]));

      expect([filter, ids]).toEqual([filter, items.map(({ id }) => id).reverse()]);
      expect(ids.length).toBeLessThan(listed.length);
      expect(ids.length > 0).toBe(filter.actor !== "nobody");
    }
    const wrong = await owner.call(`${v1}/audit/export?until=yesterday`);
    expect([wrong.status, wrong.json.errors[0].field]).toEqual([400, "until"]);
  });

  it.each(["update audit_entries set actor = 'nobody'", "delete from audit_entries", "truncate audit_entries"])(
    "refuses %s in the database itself",
    async (statement) => {
      await expect(api.database.connection.pool.query(statement)).rejects.toThrow("only ever added");
    },
  );

  it("stays one chain when many write at once", async () => {
    const all = await Promise.all(Array.from({ length: 6 }, ownedOrganization));
    await Promise.all(all.flatMap(({ things }) => [things.store(), things.store(), things.store()]));

    const found = await verify();

    expect(found.intact).toBe(true);
    expect(found.entries).toBeGreaterThanOrEqual(18);
  });

  it.each([
    [
      "changed",
      "update audit_entries set subject = 'other' where id = (select id from audit_entries order by id offset 3 limit 1)",
    ],
    ["taken out", "delete from audit_entries where id = (select id from audit_entries order by id offset 3 limit 1)"],
    [
      "given another time",
      "update audit_entries set at = at - interval '1 day' where id = (select max(id) from audit_entries)",
    ],
    [
      "without a hash",
      "update audit_entries set hash = null, previous_hash = null where id = (select max(id) from audit_entries)",
    ],
  ])("shows when an entry was %s behind its back", async (_what, change) => {
    const { things } = await ownedOrganization();
    for (let count = 0; count < 3; count += 1) await things.store();

    const found = await tampered(change, verify);

    expect(found).toMatchObject({ intact: false, brokenAt: expect.stringMatching(/^\d+$/) });
    expect((await verify()).intact).toBe(true);
  });
});
