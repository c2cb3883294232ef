import { afterAll, beforeAll, expect, it } from "vitest";
import { type ApiUnderTest, givenStore, startApi } from "../http/api-under-test.ts";
import { ensureSchemathesis, fuzz } from "./schemathesis.ts";

// schemathesis over the whole OpenAPI document: `npm run test:fuzz`.
const wanted = Number(process.env.STOREFLEET_TEST_REQUESTS ?? 100_000);

let api: ApiUnderTest;
beforeAll(async () => {
  api = await startApi();
  await givenStore(api, { name: "known" });
});
afterAll(() => api?.stop());

it(
  `answers ${wanted} made-up requests as its document says, and none with a status of 500 or more`,
  async (context) => {
    const found = await ensureSchemathesis();
    if ("problem" in found) return context.skip(found.problem);
    let sent = 0;
    for (let seed = 1; sent < wanted; seed += 1) {
      const { command } = found;
      const left = Math.ceil((wanted - sent) / api.routes.length);
      const examples = Math.min(300, Math.max(10, left));
      const { code, output } = await fuzz({ command, origin: api.origin, cookie: api.cookie, examples, seed });
      const requests = Number(/(\d[\d,]*) generated/.exec(output)?.[1]?.replaceAll(",", "") ?? 0);
      sent += requests;
      process.stdout.write(`${requests} requests with seed ${seed}; ${sent} in all\n`);
      if (code !== 0) process.stdout.write(output);
      expect(code).toBe(0);
      expect(requests).toBeGreaterThan(0);
    }
  },
  6 * 3600_000,
);
