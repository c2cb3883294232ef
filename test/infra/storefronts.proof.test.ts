import { createServer, type Server } from "node:http";
import { createServer as createSecureServer, type Server as SecureServer } from "node:https";
import { setTimeout as sleep } from "node:timers/promises";
import { afterAll, beforeAll, describe, expect, it } from "vitest";
import { givenStore } from "../automation-api/http/api-under-test.ts";
import { makeAuthority } from "../helpers/authority.ts";
import { eventually } from "../helpers/daemon.ts";
import { finish } from "../helpers/play-worker.ts";
import { portOf, startWatchedPlatform, type WatchedPlatform, watchingTools } from "./watched-platform.ts";

// Prometheus asks the API which storefronts there are, and a real blackbox_exporter to look at each. Servers of the test stand
// for the storefronts.

const tools = await watchingTools();

describe.skipIf(tools === undefined)("storefronts that Prometheus has probed", () => {
  const short = makeAuthority(["localhost"], 1);
  const long = makeAuthority(["localhost"], 90);
  let watched: WatchedPlatform;
  const servers: Server[] = [];
  let secure: SecureServer;

  const listening = async <S extends Server>(server: S, port = 0): Promise<S> => {
    servers.push(server);
    await new Promise<void>((resolve) => server.listen(port, "127.0.0.1", resolve));
    return server;
  };
  const storefront = (port?: number) =>
    listening(
      createServer((_request, response) => response.end("a shop")),
      port,
    );
  const away = async (server: Server) => {
    server.closeAllConnections();
    await new Promise((resolve) => server.close(resolve));
  };
  /** A store that sells at an address. */
  async function selling(url: string): Promise<string> {
    const { name, operation } = await givenStore(watched.api);
    await finish(watched.api.database.connection, operation, "succeeded", { status: "ready", outputs: { url } });
    return name;
  }
  const probed = (store: string, success: 0 | 1) =>
    eventually(60, `${store} is probed with ${success}`, async () => {
      const [sample] = await watched.query(`probe_success{store="${store}"}`);
      return sample?.value[1] === String(success) ? sample : undefined;
    });
  const forgotten = (store: string) =>
    eventually(60, `${store} is not probed`, async () => {
      return (await watched.query(`probe_success{store="${store}"}`)).length === 0 || undefined;
    });

  beforeAll(async () => {
    watched = await startWatchedPlatform({ tools: tools!, authorities: short.authority + long.authority });
    const options = { cert: short.certificate, key: short.key };
    secure = await listening(createSecureServer(options, (_request, response) => void response.end("a shop")));
  });
  afterAll(async () => {
    await watched?.stop();
    for (const server of servers) await away(server);
  });

  it("are found through the API, under the address that customers use, with the store's labels", async () => {
    const url = `http://localhost:${portOf(await storefront())}`;
    const store = await selling(url);

    const { metric } = await probed(store, 1);

    expect(metric).toMatchObject({
      job: "storefleet-storefronts",
      store,
      instance: url,
      engine: "medusa",
      plan: "basic",
    });
    const [answer] = await watched.query(`probe_http_status_code{store="${store}"}`);
    expect(answer?.value[1]).toBe("200");
  });

  it("are missed when they are away, until they are back", async () => {
    const server = await storefront();
    const port = portOf(server);
    const store = await selling(`http://localhost:${port}`);
    await probed(store, 1);
    await watched.until("StorefleetStoreDown", "inactive");

    await away(server);
    await watched.until("StorefleetStoreDown", "firing");
    const told = await watched.told("StorefleetStoreDown", "begin");
    await storefront(port);
    await watched.until("StorefleetStoreDown", "inactive");

    expect(told.labels).toMatchObject({ store, instance: `http://localhost:${port}`, severity: "critical" });
    expect(told.annotations.summary).toBe(`The store ${store} does not answer at http://localhost:${port}.`);
    expect((await watched.told("StorefleetStoreDown", "end")).labels).toEqual(told.labels);
  });

  it("are not missed when they are deleted", async () => {
    const server = await storefront();
    const store = await selling(`http://localhost:${portOf(server)}`);
    await probed(store, 1);

    const { json } = await watched.api.signedIn(`/api/v1/stores/${store}`, { method: "DELETE" });
    await finish(watched.api.database.connection, json.operation.id, "succeeded", { status: "deleted" });
    // Within seconds here, where all is quicker; as declared, long before five minutes are over.
    await forgotten(store);
    await away(server);
    await sleep(8000);

    await watched.until("StorefleetStoreDown", "inactive");
    expect(await watched.query(`last_over_time(ALERTS{store="${store}"}[1h])`)).toEqual([]);
  });

  it("are told of before their certificate ends, and not when it was renewed", async () => {
    const url = `https://localhost:${portOf(secure)}`;
    const store = await selling(url);
    await probed(store, 1);

    await watched.until("StorefleetStoreCertificateExpires", "firing", 120);
    const told = await watched.told("StorefleetStoreCertificateExpires", "begin");
    secure.setSecureContext({ cert: long.certificate, key: long.key });
    secure.closeAllConnections();
    await watched.until("StorefleetStoreCertificateExpires", "inactive");

    expect(told.labels).toMatchObject({ store, instance: url, severity: "warning" });
    expect(told.annotations.summary).toMatch(
      /^The certificate at https:\/\/localhost:\d+ runs out in (23h \d+m \d+s|1d 0h 0m 0s)\.$/,
    );
    await probed(store, 1);
  });

  it("are down for customers when nobody knows who signed their certificate", async () => {
    const { certificate, key } = makeAuthority(["localhost"], 90);

    secure.setSecureContext({ cert: certificate, key });
    secure.closeAllConnections();

    await watched.until("StorefleetStoreDown", "firing");
    secure.setSecureContext({ cert: long.certificate, key: long.key });
    secure.closeAllConnections();
    await watched.until("StorefleetStoreDown", "inactive");
  });

  it("are told to be watched by nobody while the exporter is away, and not to be down", async () => {
    await watched.until("StorefleetStoresNotProbed", "inactive");

    await watched.stopExporter();
    await watched.until("StorefleetStoresNotProbed", "firing", 90);
    const told = await watched.told("StorefleetStoresNotProbed", "begin");
    await watched.until("StorefleetStoreDown", "inactive");
    await watched.startExporter();
    await watched.until("StorefleetStoresNotProbed", "inactive");

    expect(told.annotations.summary).toMatch(/^No storefront is probed, and \d stores sell: /);
  });
});
