import { afterAll, beforeAll, describe, expect, it } from "vitest";
import { alertsOf } from "../../infra/observability/alerts.ts";
import { API_JOB } from "../../infra/observability/jobs.ts";
import { givenStore } from "../automation-api/http/api-under-test.ts";
import { allowConnections } from "../helpers/allow-connections.ts";
import { eventually } from "../helpers/daemon.ts";
import { finish } from "../helpers/play-worker.ts";
import { startWatchedPlatform, type WatchedPlatform, watchingTools } from "./watched-platform.ts";

// A real Prometheus reads the API's own measures, with the rules that the program declares, and tells an Alertmanager, for which
// the test stands in.

const tools = await watchingTools();

describe.skipIf(tools === undefined)("Prometheus with our rules", () => {
  let watched: WatchedPlatform;

  beforeAll(async () => {
    watched = await startWatchedPlatform({ tools: tools! });
  });
  afterAll(() => watched?.stop());

  it("takes every rule, and finds each fit to be asked", async () => {
    const declared = alertsOf({ namespace: "any", blackboxExporter: "any:9115" });
    const names = Object.values(declared).flatMap((alerts) => alerts.map(({ name }) => name));

    const loaded = await eventually(60, "all rules asked once", async () => {
      const found = await watched.rules();
      return found.every(({ health }) => health !== "unknown") ? found : undefined;
    });

    expect(loaded.map(({ name }) => name).sort()).toEqual(names.sort());
    expect(loaded.filter(({ health }) => health !== "ok")).toEqual([]);
  });

  it("reads the API's measures with the token, under the name that the rules ask for, and knows the pod", async () => {
    const [sample] = await eventually(30, "a measure", async () => {
      const found = await watched.query(`up{job="${API_JOB}"} == 1`);
      return found.length > 0 ? found : undefined;
    });

    expect(sample?.metric).toMatchObject({
      namespace: "storefleet-system",
      pod: "api-0123456789-abcde",
      container: "api",
    });
    // The rules are asked before the first measure is there, too.
    await watched.until("StorefleetApiAway", "inactive");
  });

  it("fires when operations fail, with a sentence that says how many", async () => {
    await watched.until("StorefleetOperationsFail", "inactive");
    for (let failed = 0; failed < 4; failed += 1) {
      const { operation } = await givenStore(watched.api);
      await finish(watched.api.database.connection, operation, "failed", { status: "failed", reason: "of the test" });
    }

    await watched.until("StorefleetOperationsFail", "firing");

    const alert = await watched.told("StorefleetOperationsFail", "begin");
    expect(alert.labels).toMatchObject({ kind: "create", severity: "warning", product: "storefleet" });
    expect(alert.annotations.summary).toMatch(/^[34] operations \(create\) failed within half an hour\.$/);
    expect(alert.annotations.runbook).toBe("infra/RUNBOOKS.md#operations-fail");
  });

  it("fires when a worker is silent for a minute, and stops when it is heard of again", async () => {
    const { pool } = watched.api.database.connection;
    await pool.query(`insert into workers (id, hostname, pid, process_start, heartbeat_at)
      values (gen_random_uuid(), 'far', 7, '1', now() - interval '2 minutes')`);

    await watched.until("StorefleetWorkerSilent", "firing");
    const alert = await watched.told("StorefleetWorkerSilent", "begin");
    await pool.query("update workers set heartbeat_at = now()");
    await watched.until("StorefleetWorkerSilent", "inactive");

    expect(alert.labels).toMatchObject({ worker: "far/7", severity: "critical" });
    expect(alert.annotations.summary).toMatch(
      /^The worker far\/7 was not heard of for [\dms ]+, and no other took over\.$/,
    );
    expect((await watched.told("StorefleetWorkerSilent", "end")).labels).toEqual(alert.labels);
  });

  it("fires when the last worker has signed off", async () => {
    await watched.api.database.connection.pool.query("update workers set stopped_at = now()");

    await watched.until("StorefleetNoWorker", "firing");
    await watched.api.database.connection.pool.query("update workers set stopped_at = null, heartbeat_at = now()");
    await watched.until("StorefleetNoWorker", "inactive");
  });

  it("fires for the database while that is away, and not for workers, of which nobody knows then", async () => {
    const { url } = watched.api.database;
    await allowConnections(url, false);

    await watched.until("StorefleetDatabaseAway", "firing");
    const states = await watched.query(
      'ALERTS{alertname=~"StorefleetNoWorker|StorefleetWorkerSilent|StorefleetApiAway"}',
    );
    await allowConnections(url, true);
    await watched.until("StorefleetDatabaseAway", "inactive");

    expect(states).toEqual([]);
  });

  it("fires while nobody answers for the API", async () => {
    await watched.stopApi();

    await watched.until("StorefleetApiAway", "firing");
  });
});
