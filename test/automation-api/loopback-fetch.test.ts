import { createServer, type Server } from "node:http";
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
