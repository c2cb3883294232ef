import { setTimeout as sleep } from "node:timers/promises";
import { afterAll, beforeAll, describe, expect, it } from "vitest";
import { type ImageTrial, startImagePod, tryImage } from "../../helpers/image-pod.ts";
import { kubectl, kubectlReading } from "../../helpers/kubectl.ts";

// Who is let into a WooCommerce store's database, and how that changes while it runs.

interface Login {
  readonly user: string;
  readonly password: string;
}

const first = { user: "shop", password: "theFirst1" };
const second = { user: "shop_2", password: "theSecond2" };
let trial: ImageTrial;

beforeAll(async () => {
  trial = await tryImage("mariadb");
});
afterAll(() => trial?.release());

function start({ user, password }: Login): Promise<void> {
  const env = { MARIADB_LOGIN: user, MARIADB_PASSWORD: password };
  return startImagePod(trial, { name: "mariadb", image: "mariadb", env, volumeAt: "/var/lib/mysql" });
}

/** Runs a script in the pod with these variables, which are on no command line. */
function inPod(script: string, variables: Readonly<Record<string, string>>): Promise<string> {
  const given = Object.entries(variables).map(([key, value]) => `export ${key}='${value}'\n`);
  const command = ["exec", "--stdin", "--namespace", trial.namespace, "mariadb", "--", "sh"];
  return kubectlReading(trial, `${given.join("")}export DATABASE_HOST="$(hostname -i)"\n${script}\n`, ...command);
}

/** Asks over the network, as WordPress does, so that the password counts. */
async function query({ user, password }: Login, sql: string): Promise<string> {
  const client = 'mariadb --no-defaults --skip-ssl --host="$DATABASE_HOST" --user="$LOGIN" --skip-column-names shop';
  return (await inPod(`${client} --execute "${sql}"`, { LOGIN: user, MYSQL_PWD: password })).trim();
}

function login(present: Login, former: Login, formerLogin: "open" | "closed"): Promise<string> {
  return inPod("storefleet-login", {
    DATABASE_USER: present.user,
    DATABASE_PASSWORD: present.password,
    FORMER_DATABASE_USER: former.user,
    FORMER_DATABASE_PASSWORD: former.password,
    FORMER_LOGIN: formerLogin,
  });
}

const restart = async (present: Login) => {
  await kubectl(trial, "delete", "pod", "mariadb", "--namespace", trial.namespace);
  await start(present);
};

describe("the database of a WooCommerce store", () => {
  it("lets its one login in, which may do nothing but in the shop's own database", async () => {
    await start(first);
    await query(first, "create table orders as select 42 as number");

    expect(await query(first, "select number from orders")).toBe("42");
    await expect(query({ ...first, password: "wrong" }, "select 1")).rejects.toThrow("Access denied");
    await expect(query({ user: "shop_2", password: "" }, "select 1")).rejects.toThrow(/Access denied|locked/);
    await expect(query(first, "select * from mysql.global_priv")).rejects.toThrow("denied");
    await expect(query(first, "drop procedure storefleet.close_other_login")).rejects.toThrow("denied");
  });

  it("lets another login in by the present one, which goes on", async () => {
    expect(await login(second, first, "open")).toContain("The login shop_2 is open.");

    expect(await query(second, "insert into orders values (43); select count(*) from orders")).toBe("2");
    expect(await query(first, "select count(*) from orders")).toBe("2");
  });

  it("shuts the former one out, ends its sessions, and finds nothing to do when asked again", async () => {
    const session = query(first, "select sleep(60)").catch(() => "ended");
    await sleep(500);

    const both = await Promise.all([login(second, first, "closed"), login(second, first, "closed")]);

    expect(await session).toBe("ended");
    expect(both.join("")).toContain("The login shop is closed.");
    await expect(query(first, "select 1")).rejects.toThrow(/locked/);
    expect(await login(second, first, "open")).toBe("");
  });

  it("keeps it so when it starts again", async () => {
    await restart(second);

    expect(await query(second, "select count(*) from orders")).toBe("2");
    await expect(query(first, "select 1")).rejects.toThrow(/locked/);
  });

  it("takes turns, and logs no password", async () => {
    const third = { ...first, password: "theThird3" };

    await login(third, second, "closed");

    expect(await query(third, "select count(*) from orders")).toBe("2");
    await expect(query(first, "select 1")).rejects.toThrow("Access denied");
    await expect(query(second, "select 1")).rejects.toThrow(/locked/);
    const log = await kubectl(trial, "logs", "--namespace", trial.namespace, "mariadb");
    for (const { password } of [second, third]) expect(log).not.toContain(password);
  });

  it("lets both logins be lost by hand, and the one of its settings in at the next start", async () => {
    await query({ ...first, password: "theThird3" }, "set password = password('lost')");

    await restart(second);

    expect(await query(second, "select count(*) from orders")).toBe("2");
  });
});
