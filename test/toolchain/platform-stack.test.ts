import { mkdtempSync, readFileSync, rmSync, writeFileSync } from "node:fs";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { expect, it, onTestFinished } from "vitest";
import { parse, stringify } from "yaml";
import { preparePlatformFolder } from "../../toolchain/platform-stack.ts";

it("configures the platform as the checkout and the machine say, and keeps secrets that were made anew", () => {
  const folder = mkdtempSync(join(tmpdir(), "storefleet-stack-"));
  onTestFinished(() => rmSync(folder, { recursive: true }));
  const file = join(folder, "Pulumi.local.yaml");
  const read = () => parse(readFileSync(file, "utf8"));
  preparePlatformFolder(folder, "local", { apiImage: "localhost/api:1", ingressPort: "8080" });
  const before = read();
  const rotated = { "platform:databaseRole": "storefleet_2", "platform:passphrase": { secure: "v1:sealed" } };
  writeFileSync(file, stringify({ ...before, encryptionsalt: "v1:salt", config: { ...before.config, ...rotated } }));

  preparePlatformFolder(folder, "local", { apiImage: "localhost/api:2" });

  expect(read().encryptionsalt).toBe("v1:salt");
  expect(read().config).toMatchObject({ ...rotated, "platform:apiImage": "localhost/api:2" });
  expect(read().config).not.toHaveProperty("platform:ingressPort");
});
