import { type InstalledPlatform, recordAct } from "./installed-platform.ts";
import { withMaintenancePod, withWorkersStopped } from "./maintenance.ts";
import { newSecret, readSecret, setConfig } from "./platform-secrets.ts";

/** Where the next passphrase waits until every stack is encrypted with it. */
const NEXT = "next";

/** Keeps the next passphrase in the Secret beside what Pulumi keeps there; `undefined` takes it away again. */
function keepNext({ kubectl }: InstalledPlatform, next: string | undefined): Promise<string> {
  const data = next === undefined ? {} : { [NEXT]: Buffer.from(next).toString("base64") };
  const secret = { apiVersion: "v1", kind: "Secret", metadata: { name: "passphrase" }, data };
  // Of each manager of fields, the cluster removes what it does not name any more, and nothing of others.
  const words = ["apply", "--server-side", "--field-manager=storefleet-rotation", "--filename", "-"];
  return kubectl(words, { input: JSON.stringify(secret) });
}

/**
 * Encrypts every stack with a new passphrase. Stores sell and requests are taken meanwhile; operations wait. A run that was
 * cut off is gone on with by the next one: the new passphrase is written down before anything is encrypted with it.
 * @returns how many stacks were encrypted anew
 */
export async function rotatePassphrase(platform: InstalledPlatform): Promise<number> {
  const { passphrase = "", [NEXT]: waiting } = await readSecret(platform, "passphrase");
  const next = waiting ?? newSecret();
  if (waiting === undefined) await keepNext(platform, next);
  return withWorkersStopped(platform, async () => {
    const said = await withMaintenancePod(platform, (exec) =>
      platform.kubectl([...exec, "node", "automation-api/change-passphrase.ts"], {
        input: JSON.stringify({ passphrase, next }),
      }),
    );
    await setConfig(platform, { passphrase: next });
    await platform.pulumi(["up", "--yes", "--skip-preview"]);
    await keepNext(platform, undefined);
    const stacks = Number(said.trim().split("\n").at(-1));
    await recordAct(platform, "rotate passphrase", { stacks });
    return stacks;
  });
}

/** Commands of SQL come on standard input: passwords stand on no command line. */
const psql = ({ kubectl }: InstalledPlatform, commands: string) => {
  const options = [
    "--host=/tmp",
    "--username=postgres",
    "--quiet",
    "--tuples-only",
    "--no-align",
    "--set",
    "ON_ERROR_STOP=1",
    "storefleet",
  ];
  return kubectl(["exec", "--stdin", "database-0", "--", "psql", ...options], { input: commands });
};

/**
 * Lets nobody sign in any more but by this role: those of rotations that were cut off go, too. The database's pod gives its first
 * role the password of the Secret at its next start; now is as good.
 */
export function endOtherLogins(role: string, password: string): string {
  return `
    alter role storefleet password '${password}';
    do $$
      declare other text;
      begin
        for other in select rolname from pg_roles where rolname ~ '^storefleet_[0-9]+$' and rolname <> '${role}' loop
          execute format('drop role %I', other);
        end loop;
      end
    $$;
  `;
}

/**
 * The number of the next role; the database's image makes the second one itself, as a store's second login. What a rotation that was
 * cut off has made is never made anew, as a run may sign in by it.
 */
export const NEXT_ROLE =
  "select coalesce(max(substring(rolname from '^storefleet_([0-9]+)$')::int), 1) + 1 as next from pg_roles";

/**
 * Gives the control plane a new password of its database. Each password has a role of its own, so that pods with the old one
 * go on until they are replaced; everything belongs to one role, as which all of them act. Cut off anywhere, what is configured is
 * a role with its own password.
 * @returns the role that signs in from now on
 */
export async function rotateDatabasePassword(platform: InstalledPlatform): Promise<string> {
  const role = `storefleet_${Number(await psql(platform, NEXT_ROLE))}`;
  const password = newSecret(32);
  await psql(
    platform,
    `
    create role ${role} login password '${password}' in role storefleet;
    alter role ${role} set role = 'storefleet';
  `,
  );
  await setConfig(platform, { databasePassword: password }, { databaseRole: role });
  await platform.pulumi(["up", "--yes", "--skip-preview"]);
  await psql(platform, endOtherLogins(role, password));
  await recordAct(platform, "rotate database password", { role });
  return role;
}
