import { afterAll, beforeAll, describe, expect, it } from "vitest";
import { bringUpStore, type SellableStore } from "../../automation-api/bring-up-store.ts";
import { loopbackFetch } from "../../automation-api/loopback-fetch.ts";
import { namespaceOf } from "../../stores/names.ts";
import { type Credentials, credentialsSchema } from "../../stores/outputs.ts";
import { parseSpec } from "../../stores/spec.ts";
import { kubectl } from "../helpers/kubectl.ts";
import { type Machine, takeMachine } from "../helpers/machine.ts";
import { testStoreName } from "../helpers/names.ts";
import { customer, rotate } from "../helpers/rotation.ts";

// A Medusa store gets new secrets twice, so that both logins of its database take their turn, while customers are there.
let machine: Machine;
let store: SellableStore;
const name = testStoreName("turn");
const namespace = namespaceOf(name);
const spec = parseSpec({ name, engine: "medusa", plan: "basic" });

interface Secrets {
  readonly admin: Credentials;
  readonly entries: Readonly<Record<string, string>>;
}
const secrets: Secrets[] = [];

async function readSecrets(): Promise<Secrets> {
  const admin = credentialsSchema.parse(await machine.runner.readSecretOutput(name, "credentials"));
  const said = await kubectl(machine, "get", "secret", "store-credentials", "--namespace", namespace, "--output=json");
  const data = (JSON.parse(said) as { data: Record<string, string> }).data;
  const entries = Object.entries(data).map(([key, value]) => [key, Buffer.from(value, "base64").toString()]);
  return { admin, entries: Object.fromEntries(entries) };
}

beforeAll(async () => {
  machine = await takeMachine();
  store = await bringUpStore({ runner: machine.runner, request: loopbackFetch }, spec, machine.target);
  secrets.push(await readSecrets());
  await psql("create table storefleet.told as select 42 as number", secrets[0]?.entries ?? {});
});
afterAll(async () => {
  await machine?.runner.destroy(name);
  await machine?.release();
});

/** Asks the database over the network with the login of a Secret, so that the password counts. */
async function psql(sql: string, { DATABASE_USER = "", DATABASE_PASSWORD = "" }: Secrets["entries"]): Promise<string> {
  const ask = 'PGPASSWORD=$1 exec psql --host="$(hostname -i)" --username="$2" --dbname=medusa -Atc "$3"';
  const command = ["sh", "-c", ask, "sh", DATABASE_PASSWORD, DATABASE_USER, sql];
  return (await kubectl(machine, "exec", "--namespace", namespace, "postgres-0", "--", ...command)).trim();
}

async function signIn({ adminUser, adminPassword }: Credentials): Promise<number> {
  const answer = await loopbackFetch(`${new URL(store.outputs.adminUrl).origin}/auth/user/emailpass`, {
    method: "POST",
    headers: { "content-type": "application/json" },
    body: JSON.stringify({ email: adminUser, password: adminPassword }),
  });
  return answer.status;
}

/** Looks at the storefront and at the products. */
function visit() {
  const { publishableKey = "" } = secrets[0]?.admin.keys ?? {};
  const pages = [store.outputs.url, `${store.outputs.url}/store/products?limit=1`];
  return customer(pages, { "x-publishable-api-key": publishableKey });
}

describe.each([1, 2])("rotation %i", (number) => {
  it("loses no request of a customer, and the store sells", async () => {
    const end = visit();
    const begin = performance.now();

    const outcome = await rotate(machine, spec, number - 1);

    const { sent, lost } = await end();
    const seconds = ((performance.now() - begin) / 1000).toFixed(1);
    process.stdout.write(`rotation ${number}: ${seconds} s, ${lost} of ${sent} requests lost\n`);
    expect(outcome).toMatchObject({ rotation: number, text: expect.stringContaining("a test order (#") });
    expect(sent).toBeGreaterThan(50);
    expect(lost).toBe(0);
    secrets.push(await readSecrets());
  });

  it("lets the admin in by the new password, and by the one before no longer", async () => {
    const [before, after] = secrets.slice(-2);

    expect(await signIn(after!.admin)).toBe(200);
    expect(await signIn(before!.admin)).toBe(401);
  });

  it("opens the database by the new login, which finds what was there, and by the one before no longer", async () => {
    const [before, after] = secrets.slice(-2);

    expect(after?.entries.DATABASE_USER).not.toBe(before?.entries.DATABASE_USER);
    expect(await psql("select number from storefleet.told", after!.entries)).toBe("42");
    await expect(psql("select 1", before!.entries)).rejects.toThrow(/not permitted to log in|authentication failed/);
  });
});

it("a database that starts anew goes on with the login of the last rotation", async () => {
  await kubectl(machine, "delete", "pod", "postgres-0", "--namespace", namespace);
  await kubectl(machine, "wait", "--for=condition=Ready", "pod/postgres-0", "--namespace", namespace, "--timeout=60s");

  expect(await psql("select number from storefleet.told", secrets.at(-1)!.entries)).toBe("42");
});
