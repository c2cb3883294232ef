import { createHash } from "node:crypto";
import { createReadStream, existsSync, mkdirSync, readFileSync, renameSync, rmSync, writeFileSync } from "node:fs";
import { join } from "node:path";
import { pipeline } from "node:stream/promises";
import { z } from "zod";
import { ToolchainProblem } from "../lib/problem.ts";
import { type InstalledPlatform, readObject, recordAct } from "./installed-platform.ts";
import { scale, withMaintenancePod, withWorkersStopped } from "./maintenance.ts";
import { readSecret, setConfig } from "./platform-secrets.ts";

// A backup is a folder: the database, the stores' state, and what opens it. It is taken while everything runs. What it holds
// is as if everything had been killed at that moment, which is what the service goes on from anyway. The database comes
// first: a store that is made meanwhile is then a stack that nobody asked for, which is found and told, and not a store
// without a stack.

const DATABASE = "database.dump";
const STATE = "state.tar.gz";
const SECRETS = "secrets.json";
const MANIFEST = "backup.json";

const manifestSchema = z.object({
  taken: z.iso.datetime(),
  namespace: z.string(),
  /** SHA-256 of each file. */
  files: z.record(z.string(), z.string()),
});
const key = z.string().min(1).optional();
const secretsSchema = z.object({
  passphrase: z.string().min(1),
  signingKey: z.string().min(1),
  // Missing until they are rotated for the first time, and in backups from before they could be.
  sealingKey: key,
  nextSealingKey: key,
  formerSealingKey: key,
});

/** Commands in the database's pod come by its socket, which asks for no password. */
const inDatabase = (program: string, ...words: string[]) => [
  ...["exec", "--stdin", "database-0", "--", program, "--host=/tmp", "--username=postgres"],
  ...words,
];

async function sumOf(file: string): Promise<string> {
  const hash = createHash("sha256");
  await pipeline(createReadStream(file), hash);
  return hash.digest("hex");
}

/** What of the control plane lives in the cluster; the rest is backed up where it is. */
async function partsOf(platform: InstalledPlatform) {
  const [database, state] = await Promise.all([
    readObject(platform, "statefulset/database"),
    readObject(platform, "persistentvolumeclaim/state"),
  ]);
  return { database: database !== undefined, state: state !== undefined };
}

/**
 * Writes a backup into a new folder that only its owner can read. Whoever has it can open everything: it holds the passphrase.
 * @returns what is not in it, each with where it is
 */
export async function backUpPlatform(platform: InstalledPlatform, folder: string): Promise<readonly string[]> {
  if (existsSync(folder)) throw new ToolchainProblem(`${folder} exists already.`, "Name a folder that does not.");
  const partial = `${folder}.partial`;
  rmSync(partial, { recursive: true, force: true });
  mkdirSync(partial, { recursive: true, mode: 0o700 });
  const parts = await partsOf(platform);
  if (parts.database) {
    await platform.kubectl(inDatabase("pg_dump", "--format=custom", "storefleet"), { to: join(partial, DATABASE) });
  }
  // A file that changes while it is read is a state that is being written: its copy from just before is beside it.
  // By name: the folder itself belongs to the cluster, and its rights could not be restored.
  const tar = "cd /state && tar --warning=no-file-changed -czf - $(ls -A) || [ $? -eq 1 ]";
  if (parts.state) {
    await platform.kubectl(["exec", "statefulset/worker", "--", "sh", "-c", tar], { to: join(partial, STATE) });
  }
  const { passphrase } = await readSecret(platform, "passphrase");
  const { key: signingKey } = await readSecret(platform, "signing-key");
  const { key: sealingKey, next, former } = await readSecret(platform, "sealing-key");
  const secrets = secretsSchema.parse({
    passphrase,
    signingKey,
    ...(sealingKey && { sealingKey }),
    ...(next && { nextSealingKey: next }),
    ...(former && { formerSealingKey: former }),
  });
  writeFileSync(join(partial, SECRETS), JSON.stringify(secrets), { mode: 0o600 });
  const written = [DATABASE, STATE, SECRETS].filter((file) => existsSync(join(partial, file)));
  const sums = await Promise.all(written.map(async (file) => [file, await sumOf(join(partial, file))] as const));
  const taken = new Date().toISOString();
  const manifest = { taken, namespace: platform.namespace, files: Object.fromEntries(sums) };
  writeFileSync(join(partial, MANIFEST), JSON.stringify(manifest, undefined, 2));
  renameSync(partial, folder);
  await recordAct(platform, "back up platform", { files: written });
  return [
    ...(parts.database ? [] : ["the database, which is external: back it up where it runs"]),
    ...(parts.state ? [] : ["the stores' state, which is in its own backend: keep versions of it there"]),
  ];
}

async function readBackup(folder: string) {
  const file = join(folder, MANIFEST);
  if (!existsSync(file)) throw new ToolchainProblem(`${folder} holds no backup.`, "Name a folder that a backup made.");
  const manifest = manifestSchema.parse(JSON.parse(readFileSync(file, "utf8")));
  for (const [name, sum] of Object.entries(manifest.files)) {
    if (existsSync(join(folder, name)) && (await sumOf(join(folder, name))) === sum) continue;
    throw new ToolchainProblem(`${name} of the backup is not as it was written.`, "Use another copy of the backup.");
  }
  return { manifest, secrets: secretsSchema.parse(JSON.parse(readFileSync(join(folder, SECRETS), "utf8"))) };
}

/**
 * Makes a platform what it was when a backup was taken.
 * @param mayReplace also where stores are known already, which are forgotten then
 */
export async function restorePlatform(platform: InstalledPlatform, folder: string, mayReplace: boolean): Promise<void> {
  const { manifest, secrets } = await readBackup(folder);
  const parts = await partsOf(platform);
  if (parts.database && !mayReplace) await refuseStores(platform);
  await setConfig(platform, secrets);
  await platform.pulumi(["up", "--yes", "--skip-preview"]);
  await withWorkersStopped(platform, async () => {
    const replicas = Number(await platform.kubectl(["get", "deployment/api", "--output", "jsonpath={.spec.replicas}"]));
    await scale(platform, "deployment/api", 0);
    try {
      if (parts.database && DATABASE in manifest.files) await restoreDatabase(platform, join(folder, DATABASE));
      if (parts.state && STATE in manifest.files) await restoreState(platform, join(folder, STATE));
    } finally {
      await scale(platform, "deployment/api", Math.max(replicas, 1));
    }
  });
  await recordAct(platform, "restore platform", { taken: manifest.taken });
}

async function refuseStores({ kubectl }: InstalledPlatform): Promise<void> {
  const question = "select count(*) from stores where deleted_at is null";
  const count = Number(await kubectl(inDatabase("psql", "--tuples-only", "--command", question, "storefleet")));
  if (count === 0) return;
  throw new ToolchainProblem(
    `This platform manages ${count} stores, which it would forget.`,
    "Restore into a platform without stores, or add --replace when you mean to forget them.",
  );
}

async function restoreDatabase({ kubectl }: InstalledPlatform, dump: string): Promise<void> {
  await kubectl(inDatabase("dropdb", "--force", "--if-exists", "storefleet"));
  await kubectl(inDatabase("createdb", "--owner=storefleet", "storefleet"));
  const options = ["--dbname=storefleet", "--no-owner", "--role=storefleet", "--exit-on-error", "--single-transaction"];
  await kubectl(inDatabase("pg_restore", ...options), { from: dump });
}

async function restoreState(platform: InstalledPlatform, archive: string): Promise<void> {
  await withMaintenancePod(platform, async (exec) => {
    await platform.kubectl([...exec, "find", "/state", "-mindepth", "1", "-delete"]);
    await platform.kubectl([...exec, "tar", "-C", "/state", "-xzf", "-"], { from: archive });
  });
}
