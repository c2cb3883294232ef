import { cpSync, mkdirSync, mkdtempSync, rmSync, writeFileSync } from "node:fs";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { setTimeout as sleep } from "node:timers/promises";
import pg from "pg";
import { startEmbeddedDatabase, stopEmbeddedDatabase } from "../../toolchain/database/embedded.ts";
import type { ToolchainContext } from "../../toolchain/lib/context.ts";
import { readEnvironment } from "../../toolchain/lib/environment.ts";
import { resolvePaths } from "../../toolchain/lib/paths.ts";
import { daemonPid } from "../../toolchain/lib/processes.ts";
import { createSilentReporter } from "../../toolchain/lib/progress.ts";
import { databaseProxy } from "./database-proxy.ts";

/** Two real PostgreSQL servers: a primary, and a replica that has confirmed each transaction before it counts as done. */
export interface ReplicatedDatabase {
  /** Names both of them. */
  readonly url: string;
  /** As a machine does that loses its power. */
  killPrimary(): void;
  /** The old primary comes back, as somebody may start it without knowing that it was replaced. */
  restartPrimary(): Promise<void>;
  /** What whoever watches over a database does when its primary is gone. */
  promote(): Promise<void>;
  stop(): Promise<void>;
}

function serverContext(home: string): ToolchainContext {
  const environment = readEnvironment({ ...process.env, STOREFLEET_HOME: home });
  const paths = resolvePaths(environment);
  return { environment, paths, reporter: createSilentReporter(paths.logs), signal: new AbortController().signal };
}

async function withClient<T>(url: string, work: (client: pg.Client) => Promise<T>): Promise<T> {
  const client = new pg.Client({ connectionString: url });
  await client.connect();
  return work(client).finally(() => client.end());
}

/** Copies the files of a server that runs, as pg_basebackup does, into one that follows it. */
async function copyServer(url: string, from: string, to: string): Promise<void> {
  const data = join(to, "database", "data");
  mkdirSync(join(to, "database"), { recursive: true });
  await withClient(url, async (client) => {
    await client.query("select pg_backup_start('replica', true)");
    // Files that disappear meanwhile are written again by what is replayed.
    cpSync(join(from, "database", "data"), data, {
      recursive: true,
      filter: (path) => !/postmaster\.(pid|opts)$/.test(path),
    });
    const { rows } = await client.query("select labelfile from pg_backup_stop(false)");
    writeFileSync(join(data, "backup_label"), rows[0].labelfile);
  });
  const socket = join(from, "database", "socket");
  writeFileSync(join(data, "standby.signal"), "");
  writeFileSync(
    join(data, "postgresql.auto.conf"),
    `primary_conninfo = 'host=${socket} user=storefleet application_name=replica'\nwal_retrieve_retry_interval = '200ms'\n`,
  );
  writeFileSync(join(to, "database", "initialised"), "");
}

export async function replicatedDatabase(): Promise<ReplicatedDatabase> {
  const homes = [0, 1].map(() => mkdtempSync(join(tmpdir(), "storefleet-ha-")));
  const [one, two] = homes as [string, string];
  const [primary, replica] = [serverContext(one), serverContext(two)];
  const primaryUrl = await startEmbeddedDatabase(primary);
  await copyServer(primaryUrl, one, two);
  const replicaUrl = await startEmbeddedDatabase(replica);
  await withClient(primaryUrl, async (client) => {
    await client.query("alter system set synchronous_standby_names = 'replica'");
    await client.query("select pg_reload_conf()");
    for (;;) {
      const { rows } = await client.query("select sync_state from pg_stat_replication");
      if (rows[0]?.sync_state === "sync") return;
      await sleep(100);
    }
  });
  const proxies = [await databaseProxy(primaryUrl), await databaseProxy(replicaUrl)];
  const hosts = proxies.map(({ url }) => new URL(url).host).join(",");
  return {
    url: `postgres://storefleet@${hosts}/storefleet?target_session_attrs=read-write`,
    killPrimary: () => process.kill(daemonPid(primary.paths, "database") ?? Number.NaN, "SIGKILL"),
    async restartPrimary() {
      for (;;) {
        // Its children take a moment to notice; until then it does not start.
        if ((await startEmbeddedDatabase(primary).catch(() => undefined)) !== undefined) return;
        await sleep(300);
      }
    },
    promote: () => withClient(replicaUrl, async (client) => void (await client.query("select pg_promote()"))),
    async stop() {
      for (const proxy of proxies) await proxy.close();
      for (const { paths } of [primary, replica]) await stopEmbeddedDatabase(paths);
      for (const home of homes) rmSync(home, { recursive: true, force: true });
    },
  };
}
