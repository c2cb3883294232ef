import { pino } from "pino";
import { afterEach, beforeEach, describe, expect, it } from "vitest";
import { type ApiProcess, startApiProcess } from "../../automation-api/api-process.ts";
import { openClusters } from "../../automation-api/clusters.ts";
import { readConfig } from "../../automation-api/config.ts";
import { createSignInToken } from "../../automation-api/use-cases/sessions.ts";
import { type MigratedDatabase, migratedDatabase } from "../helpers/migrated-database.ts";
import { completeEnvironment } from "./complete-environment.ts";
import { send } from "./http/api-under-test.ts";
import { readEvents, until } from "./http/event-source.ts";

let database: MigratedDatabase;
const started: ApiProcess[] = [];

beforeEach(async () => {
  database = await migratedDatabase();
});

afterEach(async () => {
  for (const api of started.splice(0)) await api.stop();
  await database.drop();
});

async function start(port = 0): Promise<ApiProcess> {
  const config = { ...readConfig(completeEnvironment({ DATABASE_URL: database.url })), port };
  const api = await startApiProcess({
    ...openClusters(config, database.connection.database),
    config,
    connection: database.connection,
    logger: pino({ level: "silent" }),
    readCredentials: async () => undefined,
    inspectCluster: async () => ({ reachable: true }),
  });
  started.push(api);
  return api;
}

describe("startApiProcess", () => {
  it("answers until it is stopped, and ends streams when it stops", async () => {
    const api = await start();
    const token = await createSignInToken(database.connection);
    const signedIn = await send(api.port, "/api/v1/session", { body: { token } });
    const cookie = String(signedIn.headers["set-cookie"]?.[0]).split(";")[0] ?? "";
    const made = await send(api.port, "/api/v1/stores", {
      body: { name: "a-store", engine: "medusa" },
      headers: { cookie },
    });
    const stream = await readEvents(api.port, `${made.headers.location}/events`, { cookie });
    await until(() => stream.events.length === 1);

    const begin = performance.now();
    await api.stop();
    await stream.over;

    expect(performance.now() - begin).toBeLessThan(2000);
    await expect(send(api.port, "/livez")).rejects.toThrow("ECONNREFUSED");
    expect(database.connection.pool.idleCount).toBe(database.connection.pool.totalCount);
  });

  it("does not wait for browsers that keep their connections", async () => {
    const api = await start();
    const token = await createSignInToken(database.connection);
    // Unlike the helper above, `fetch` keeps its connections.
    const origin = `http://127.0.0.1:${api.port}`;
    const json = { "content-type": "application/json" };
    const signedIn = await fetch(`${origin}/api/v1/session`, {
      method: "POST",
      headers: json,
      body: JSON.stringify({ token }),
    });
    const headers = { ...json, cookie: signedIn.headers.get("set-cookie")?.split(";")[0] ?? "" };
    const body = JSON.stringify({ name: "a-store", engine: "medusa" });
    const made = await fetch(`${origin}/api/v1/stores`, { method: "POST", headers, body });
    const stream = await fetch(`${origin}${made.headers.get("location")}/events`, {
      headers: { ...headers, accept: "text/event-stream" },
    });

    const begin = performance.now();
    await api.stop();

    expect(await stream.text()).toContain("retry: 1000");
    expect(performance.now() - begin).toBeLessThan(2000);
  });

  it("says which variable to change when its port is taken", async () => {
    const { port } = await start();

    await expect(start(port)).rejects.toThrow(`Port ${port} is taken; choose another one with STOREFLEET_PORT.`);
  });
});
