import { afterAll, beforeAll, expect, it } from "vitest";
import { type ApiUnderTest, startApi } from "./api-under-test.ts";

let api: ApiUnderTest;
beforeAll(async () => {
  // Less than 200 requests take one after the other, and more than a connection takes to be made on a busy machine.
  api = await startApi({ connectTimeout: 1500 });
});
afterAll(() => api.stop());

it("accepts 200 stores at once, and reads meanwhile", async () => {
  const create = (index: number) =>
    api.signedIn("/api/v1/stores", { body: { name: `burst-${index}`, engine: "medusa" } });
  const read = () => api.signedIn("/api/v1/stores?limit=5");

  const [created, listed] = await Promise.all([
    Promise.all(Array.from({ length: 200 }, (_, index) => create(index))),
    Promise.all(Array.from({ length: 20 }, read)),
  ]);

  expect(created.map(({ status, text }) => (status === 202 ? status : text))).toEqual(Array(200).fill(202));
  expect(listed.map(({ status }) => status)).toEqual(Array(20).fill(200));
}, 60_000);
