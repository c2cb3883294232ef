import { describe, expect, it } from "vitest";
import { createLogger } from "../../automation-api/logger.ts";

function written(...values: object[]): string {
  const lines: string[] = [];
  const logger = createLogger({ name: "test" }, { write: (line) => void lines.push(line) });
  for (const value of values) logger.info(value, "message");
  return lines.join("");
}

describe("createLogger", () => {
  it("hides secrets wherever they are nested", () => {
    const secret = "s3cr3t";
    const text = written(
      { password: secret },
      { req: { headers: { authorization: secret, cookie: secret } } },
      { res: { headers: { "set-cookie": secret } } },
      { store: { credentials: { adminPassword: secret } } },
      { token: secret, keys: { publishableKey: secret } },
      { webhook: { secret }, config: { signingKey: secret, metricsToken: secret, databaseUrl: secret } },
      { request: { headers: { "webhook-signature": secret } }, environment: { PULUMI_CONFIG_PASSPHRASE: secret } },
    );

    expect(text).not.toContain(secret);
    expect(text).toContain("[hidden]");
  });

  it("writes one line of JSON with a readable time", () => {
    const line = JSON.parse(written({ store: "demo" }));

    expect(line).toMatchObject({ name: "test", store: "demo", msg: "message" });
    expect(line.time).toMatch(/^\d{4}-\d\d-\d\dT/);
  });

  it("writes nothing below its level", () => {
    const lines: string[] = [];
    const logger = createLogger({ name: "test", level: "warn" }, { write: (line) => void lines.push(line) });

    logger.info("quiet");

    expect(lines).toEqual([]);
  });
});
