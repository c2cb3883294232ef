import { mkdtempSync, rmSync } from "node:fs";
import { createServer } from "node:net";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { pathToFileURL } from "node:url";
import { describe, expect, it } from "vitest";
import { withReachableState } from "../../automation-api/reachable-state.ts";
import { createBackendProbe } from "../../automation-api/state-backend.ts";
import { FakeStackRunner } from "./fake-stack-runner.ts";

/** A port on which somebody listens until the end. */
async function listening() {
  const server = createServer((socket) => socket.destroy());
  await new Promise<void>((resolve) => server.listen(0, "127.0.0.1", resolve));
  const address = server.address();
  return { port: typeof address === "object" && address !== null ? address.port : 0, close: () => server.close() };
}

describe("Pulumi's state", () => {
  it("is there when its server takes connections, away when it does not, and asked for once in five seconds", async () => {
    const { port, close } = await listening();
    let now = 0;
    const probe = createBackendProbe(`postgres://user:pw@127.0.0.1:${port}/state`, {}, () => now);

    const before = await probe();
    close();
    const remembered = await probe();
    now = 6000;
    const after = await probe();

    expect([before, remembered, after]).toEqual(["ok", "ok", "away"]);
  });

  it("is there as a folder, also before there is one, and not known where only Pulumi can tell", async () => {
    const folder = mkdtempSync(join(tmpdir(), "state-"));
    const ask = (url: string, environment = {}) => createBackendProbe(url, environment)();

    expect(await ask(pathToFileURL(folder).href)).toBe("ok");
    expect(await ask(pathToFileURL(join(folder, "none")).href)).toBe("ok");
    expect(await ask("s3://bucket/path")).toBe("unknown");
    expect(await ask("https://api.example.com", { HTTPS_PROXY: "http://proxy:3128" })).toBe("unknown");
    rmSync(folder, { recursive: true });
  });

  it("that is away lets no run begin, and what only reads tries", async () => {
    const fake = new FakeStackRunner();
    const runner = withReachableState(fake, async () => "away");

    await expect(runner.up("demo", {})).rejects.toThrow("state backend does not answer");
    await expect(runner.destroy("demo")).rejects.toThrow("state backend does not answer");

    expect(fake.calls).toEqual([]);
  });
});
