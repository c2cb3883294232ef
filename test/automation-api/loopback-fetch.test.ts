import { execFileSync } from "node:child_process";
import { mkdtempSync, readFileSync, rmSync } from "node:fs";
import { createServer, type Server } from "node:http";
import { createServer as createSecureServer } from "node:https";
import { tmpdir } from "node:os";
import { join } from "node:path";
import type { TLSSocket } from "node:tls";
import { afterAll, beforeAll, expect, it } from "vitest";
import { isLoopbackName, loopbackFetch, storeFetch } from "../../automation-api/loopback-fetch.ts";

let server: Server;
let port: number;
beforeAll(async () => {
  server = createServer((request, response) => response.end(request.headers.host));
  await new Promise<void>((resolve) => server.listen(0, "127.0.0.1", resolve));
  const address = server.address();
  port = typeof address === "object" && address !== null ? address.port : 0;
});
afterAll(() => new Promise((resolve) => server.close(resolve)));

it("reaches a store on *.localhost with the store's own host name", async () => {
  const answer = await loopbackFetch(`http://demo.localhost:${port}/`);

  expect(await answer.text()).toBe(`demo.localhost:${port}`);
});

it("leaves every other name to the system", () => {
  expect(isLoopbackName("demo.example.com")).toBe(false);
  expect(isLoopbackName("localhost.example.com")).toBe(false);
});

it("reaches a store through the ingress controller that was named, by whatever address the store has", async () => {
  const answer = await storeFetch(`localhost:${port}`)("http://demo.stores.example.com:8443/products");

  expect(await answer.text()).toBe("demo.stores.example.com:8443");
});

it("tells the ingress controller by TLS which store is meant, whatever certificate it has until now", async () => {
  const folder = mkdtempSync(join(tmpdir(), "storefleet-tls-"));
  const [key, cert] = [join(folder, "key"), join(folder, "crt")];
  const curve = ["-newkey", "ec", "-pkeyopt", "ec_paramgen_curve:prime256v1"];
  execFileSync("openssl", ["req", "-x509", ...curve, "-nodes", "-subj", "/CN=x", "-keyout", key, "-out", cert], {
    stdio: "ignore",
  });
  const secure = createSecureServer({ key: readFileSync(key), cert: readFileSync(cert) }, (request, response) =>
    response.end(`${(request.socket as TLSSocket & { servername: string }).servername} ${request.headers.host}`),
  );
  await new Promise<void>((resolve) => secure.listen(0, "127.0.0.1", resolve));
  const address = secure.address();
  const ingress = `localhost:${typeof address === "object" && address !== null ? address.port : 0}`;

  const answer = await storeFetch(ingress)("https://demo.stores.example.com/products");

  expect(await answer.text()).toBe("demo.stores.example.com demo.stores.example.com");
  await new Promise((resolve) => secure.close(resolve));
  rmSync(folder, { recursive: true });
});
