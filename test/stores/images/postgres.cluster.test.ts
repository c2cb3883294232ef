import { setTimeout as sleep } from "node:timers/promises";
import { afterAll, beforeAll, describe, expect, it } from "vitest";
import { type ImageTrial, startImagePod, tryImage } from "../../helpers/image-pod.ts";
import { kubectl } from "../../helpers/kubectl.ts";

const firstPassword = `a'quote"and\\more`;
const secondPassword = "changed";
let trial: ImageTrial;

beforeAll(async () => {
  trial = await tryImage("postgres");
});

afterAll(() => trial?.release());

interface Login {
  readonly user: string;
  readonly password: string;
}

function start(password: string): Promise<void> {
  const env = { POSTGRES_USER: "shop keeper", POSTGRES_DB: "medusa", POSTGRES_PASSWORD: password };
  const volumeAt = "/var/lib/postgresql/data";
  return startImagePod(trial, { name: "postgres", image: "postgres", env, volumeAt });
}

/** Asks over the network, as the shop's server does, so that the password counts. */
async function query(password: string, sql: string, user = "shop keeper"): Promise<string> {
  const psql = 'PGPASSWORD=$1 exec psql --host="$(hostname -i)" --username="$3" --dbname=medusa -Atc "$2"';
  const command = ["sh", "-c", psql, "sh", password, sql, user];
  return (await kubectl(trial, "exec", "--namespace", trial.namespace, "postgres", "--", ...command)).trim();
}

const remove = (...flags: string[]) =>
  kubectl(trial, "delete", "pod", "postgres", "--namespace", trial.namespace, ...flags);

describe("the postgres image", () => {
  it("makes the database for its user, who is no superuser", async () => {
    await start(firstPassword);

    const owner = "select pg_get_userbyid(datdba) from pg_database where datname = current_database()";

    expect(await query(firstPassword, owner)).toBe("shop keeper");
    expect(await query(firstPassword, "select rolsuper from pg_roles where rolname = current_user")).toBe("f");
  });

  it("refuses a wrong password, and everybody else", async () => {
    await expect(query("wrong", "select 1")).rejects.toThrow("password authentication failed");
  });

  it("writes what it was told to the disk before it answers", async () => {
    const settings =
      "select string_agg(setting, ' ' order by name) from pg_settings where name in ($$fsync$$, $$full_page_writes$$, $$synchronous_commit$$)";

    expect(await query(firstPassword, settings)).toBe("on on on");
  });

  it("stops at once although a session is open, and comes back with its data", async () => {
    await query(firstPassword, "create table orders as select 42 as number");
    const session = query(firstPassword, "select pg_sleep(60)").catch(() => "ended");
    await sleep(500);

    const begin = performance.now();
    await remove();
    const seconds = (performance.now() - begin) / 1000;

    expect(await session).toBe("ended");
    expect(seconds).toBeLessThan(8);
    await start(firstPassword);
    expect(await query(firstPassword, "select number from orders")).toBe("42");
  });

  it("recovers after it was killed in the middle of writing", async () => {
    await query(firstPassword, "insert into orders select generate_series(1, 1000)");

    await remove("--grace-period=0", "--force");
    await start(firstPassword);

    expect(await query(firstPassword, "select count(*) from orders")).toBe("1001");
  });

  it("takes a changed password at the next start, and the old one no longer", async () => {
    await remove("--grace-period=0", "--force");
    await start(secondPassword);

    expect(await query(secondPassword, "select count(*) from orders")).toBe("1001");
    await expect(query(firstPassword, "select 1")).rejects.toThrow("password authentication failed");
  });

  describe("while it runs", () => {
    const first = { user: "shop keeper", password: secondPassword };
    const second = { user: "shop keeper_2", password: "otherPass7" };

    async function login(present: Login, former: Login, formerLogin: "open" | "closed"): Promise<string> {
      const env = {
        DATABASE_USER: present.user,
        DATABASE_PASSWORD: present.password,
        FORMER_DATABASE_USER: former.user,
        FORMER_DATABASE_PASSWORD: former.password,
        FORMER_LOGIN: formerLogin,
      };
      const variables = Object.entries(env).map(([key, value]) => `${key}=${value}`);
      const command = ["sh", "-c", 'PGHOST="$(hostname -i)" exec env "$@"', "sh", ...variables, "storefleet-login"];
      return kubectl(trial, "exec", "--namespace", trial.namespace, "postgres", "--", ...command);
    }

    it("lets another login in by the present one, which goes on", async () => {
      await login(second, first, "open");

      expect(await query(second.password, "select count(*) from orders", second.user)).toBe("1001");
      expect(await query(first.password, "select count(*) from orders")).toBe("1001");
      const made = "create table receipts (); select tableowner from pg_tables where tablename = $$receipts$$";
      expect(await query(second.password, made, second.user)).toContain("shop keeper");
    });

    it("shuts the former one out, ends its sessions, and finds nothing to do when asked again", async () => {
      const session = query(first.password, "select pg_sleep(60)").catch(() => "ended");
      await sleep(500);

      const both = await Promise.all([login(second, first, "closed"), login(second, first, "closed")]);

      expect(await session).toBe("ended");
      expect(both.join("")).toContain("The login shop keeper is closed.");
      await expect(query(first.password, "select 1")).rejects.toThrow(/not permitted to log in|authentication failed/);
      expect(await login(second, first, "open")).toBe("");
      expect(await query(second.password, "select count(*) from orders", second.user)).toBe("1001");
    });

    it("takes turns, and logs no password", async () => {
      await login({ ...first, password: "third-time" }, second, "closed");

      expect(await query("third-time", "select count(*) from orders")).toBe("1001");
      await expect(query(second.password, "select 1", second.user)).rejects.toThrow();
      const log = await kubectl(trial, "logs", "--namespace", trial.namespace, "postgres");
      expect(log).not.toContain("third-time");
    });
  });

  it("says what is missing when it is given no password", async () => {
    const pod = { name: "no-password", image: "postgres", env: {} } as const;
    await startImagePod(trial, pod, "jsonpath={.status.phase}=Failed");

    const said = await kubectl(trial, "logs", "--namespace", trial.namespace, "no-password");

    expect(said.trim()).toBe(
      "storefleet-postgres: POSTGRES_PASSWORD is not set. Give the container a password for postgres.",
    );
  });
});
