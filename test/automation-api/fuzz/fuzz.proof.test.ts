import { afterAll, beforeAll, expect, it } from "vitest";
import { z } from "zod";
import { settingsSchema } from "../../../automation-api/contract/settings.ts";
import { type ApiUnderTest, startApi } from "../http/api-under-test.ts";
import { makeKnownThings } from "./known-things.ts";
import { ensureSchemathesis, fuzz } from "./schemathesis.ts";

// schemathesis over the whole OpenAPI document: `npm run test:fuzz`.
const wanted = Number(process.env.STOREFLEET_TEST_REQUESTS ?? 100_000);

let api: ApiUnderTest;
beforeAll(async () => {
  api = await startApi();
  const settings = settingsSchema.parse((await api.signedIn("/api/v1/settings")).json);
  await api.signedIn("/api/v1/settings", { method: "PUT", body: { ...settings, signUp: "open" } });
  api.fakes.readCredentials = async () => ({ adminUser: "a@example.com", adminPassword: "secret", keys: {} });
});
afterAll(() => api?.stop());

const logged = z.object({
  req: z.object({ method: z.string(), path: z.string() }),
  res: z.object({ status: z.number() }),
});

/** What was answered so far: how often each status, and which routes have ever done what they are for. */
class Seen {
  readonly statuses: Record<number, number> = {};
  readonly done = new Set<string>();

  /** Takes what the log says, and forgets it there. */
  read(log: string[]): void {
    for (const line of log.splice(0)) {
      const { data } = logged.safeParse(JSON.parse(line.startsWith("{") ? line : "{}"));
      if (data === undefined) continue;
      const { status } = data.res;
      this.statuses[status] = (this.statuses[status] ?? 0) + 1;
      if (status < 300) this.done.add(routeOf(data.req));
    }
  }

  /** The part of all answers that did what was asked for. */
  share(): number {
    const counts = Object.entries(this.statuses);
    const total = counts.reduce((sum, [, count]) => sum + count, 0);
    return counts.reduce((sum, [status, count]) => sum + (Number(status) < 300 ? count : 0), 0) / total;
  }
}

function routeOf({ method, path }: { method: string; path: string }): string {
  const fits = (pattern: string) => new RegExp(`^${pattern.replaceAll(/:\w+/g, "[^/]+")}$`).test(path);
  // A name may be the word of another route; the route without names is the one that Express takes.
  const fitting = api.routes.filter((route) => route.method === method.toLowerCase() && fits(route.path));
  return `${method} ${fitting.toSorted((a, b) => a.path.split(":").length - b.path.split(":").length)[0]?.path}`;
}

/** What a browser, a provider or Pulumi's state would be needed for. */
const unreachable = /passkey|single-sign-on|export$/;

it(
  `answers ${wanted} made-up requests as its document says, and none with a status of 500 or more`,
  async (context) => {
    const found = await ensureSchemathesis();
    if ("problem" in found) return context.skip(found.problem);
    let sent = 0;
    const seen = new Seen();
    for (let seed = 1; sent < wanted; seed += 1) {
      const { command } = found;
      const left = Math.ceil((wanted - sent) / api.routes.length);
      const examples = Math.min(100, Math.max(10, left));
      const known = await makeKnownThings(api);
      api.log.splice(0);
      const { code, output } = await fuzz({ command, origin: api.origin, known, examples, seed });
      const requests = Number(/(\d[\d,]*) generated/.exec(output)?.[1]?.replaceAll(",", "") ?? 0);
      sent += requests;
      seen.read(api.log);
      process.stdout.write(
        `${requests} requests with seed ${seed}; ${sent} in all: ${JSON.stringify(seen.statuses)}\n`,
      );
      if (code !== 0) process.stdout.write(output);
      expect(code).toBe(0);
      expect(requests).toBeGreaterThan(0);
    }
    // Requests that reach nothing would prove nothing.
    const all = api.routes.map(({ method, path }) => `${method.toUpperCase()} ${path}`);
    const missed = all.filter((name) => !unreachable.test(name) && !seen.done.has(name));
    process.stdout.write(`${Math.round(seen.share() * 100)} % did what was asked for; never: ${missed.join(", ")}\n`);
    expect(seen.share()).toBeGreaterThan(0.1);
    expect(missed.length).toBeLessThan(all.length / 10);
  },
  6 * 3600_000,
);
