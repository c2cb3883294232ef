import type { Client } from "pg";
import { lockSetup, openSetupState, type SetupState } from "../database/setup-state.ts";
import { connectWhenReady } from "../database/wait.ts";
import type { Environment } from "../environment.ts";
import { fingerprintOf } from "./fingerprint.ts";
import { discardUnfinishedStart } from "./first-start.ts";
import { applySchemaSnapshot, schemaVersion } from "./schema-snapshot.ts";
import { startTimer } from "./timer.ts";

/** A database that is being created together with the store may take this long to accept its first connection. */
const databaseSeconds = 120;

/**
 * Brings the database of a store to where this program needs it: tables, region, catalogue, key, admin user.
 *
 * Safe to run at any time and any number of times, also at once and after being killed anywhere: one runs, the others
 * wait, and each step looks at what is there before it adds anything. Ends within a second when nothing has changed.
 */
export async function setup(environment: Environment): Promise<void> {
  const timer = startTimer();
  const client = await connectWhenReady(environment.databaseUrl, databaseSeconds);
  // The lock is lost with the connection and another setup may already be at work, so this one must not go on.
  client.on("error", (cause) => {
    throw new Error("The connection to the database was lost in the middle of the setup; run it again.", { cause });
  });
  try {
    await lockSetup(client);
    timer.lap("database ready");
    const state = await openSetupState(client);
    const fingerprint = await fingerprintOf(environment);
    if (await state.isFinished(fingerprint)) {
      process.stdout.write(`Nothing to do: this setup has finished before (${timer.total()}).\n`);
      return;
    }
    await discardUnfinishedStart(client, state);
    await bringSchemaUpToDate(client, state);
    timer.lap("schema");
    // Loaded only now: most restarts of a store end above, without paying for Medusa's two seconds of start.
    const { startMedusa } = await import("./medusa.ts");
    const container = await startMedusa();
    timer.lap("start");
    const { seed } = await import("./seed.ts");
    await seed({ container, environment, state, timer });
    await state.finish(fingerprint);
    process.stdout.write(`The store is set up (${timer.total()}: ${timer.summary()}).\n`);
  } finally {
    await client.end();
  }
}

async function bringSchemaUpToDate(client: Client, state: SetupState): Promise<void> {
  const version = await schemaVersion();
  if ((await state.value("schema")) === version) return;
  if (!(await applySchemaSnapshot(client, version))) {
    const { migrate } = await import("./migrate.ts");
    await migrate();
  }
  await state.remember("schema", version);
}
