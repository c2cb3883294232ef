import { existsSync, mkdtempSync, readdirSync, readFileSync, rmSync, statSync } from "node:fs";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { pack } from "tar-stream";
import { afterAll, afterEach, beforeAll, beforeEach, describe, expect, it } from "vitest";
import { parse } from "yaml";
import { runCli } from "../../../automation-api/cli/program.ts";
import { writeExport } from "../../../automation-api/cli/write-export.ts";
import { finish } from "../../helpers/play-worker.ts";
import { type ApiUnderTest, freshName, givenStore, startApi } from "../http/api-under-test.ts";

const program = join(import.meta.dirname, "..", "..", "..", "stores");
const salt = "v1:wUxT+lXUmu4=:v1:v5qBthyvDVWES/wD:SlpBOo/unw5T1PZpxLQIJE+rDYAN7g==";
const deployment = { manifest: {}, secrets_providers: { type: "passphrase", state: { salt } }, resources: [] };

let api: ApiUnderTest;
let folder: string;

beforeAll(async () => {
  api = await startApi({ storeProgram: program });
});

afterAll(async () => {
  await api.stop();
});

beforeEach(() => {
  folder = mkdtempSync(join(tmpdir(), "export-"));
});

afterEach(() => rmSync(folder, { recursive: true }));

async function readyStore(): Promise<string> {
  const { name, operation } = await givenStore(api, { name: freshName("leaving") });
  await finish(api.database.connection, operation, "succeeded", { status: "ready" });
  return name;
}

async function storefleet(...words: string[]): Promise<{ code: number; text: string }> {
  let text = "";
  const say = (more: string) => {
    text += more;
  };
  const { secret } = (await api.signedIn("/api/v1/keys", { body: { name: "export", scopes: ["read", "credentials"] } }))
    .json;
  const terminal = { out: say, err: say, isWatched: false, input: async () => "" };
  const login = { loginFile: join(folder, "none.json"), origin: api.origin, key: secret };
  return { code: await runCli(words, { terminal, hostname: "here", ...login }, "1.0.0"), text };
}

describe("an exported store", () => {
  it("is a folder with the program, one chart, configuration, encrypted state, and a text that says how to go on", async () => {
    const name = await readyStore();
    api.fakes.exportState = async () => ({ version: 3, deployment });
    const to = join(folder, "out");

    const run = await storefleet("stores", "export", name, "--to", to);

    expect([run.code, run.text]).toEqual([0, expect.stringContaining("README.md says how to go on")]);
    expect(readdirSync(join(to, "charts"))).toEqual(["medusa"]);
    expect(readFileSync(join(to, "index.ts"), "utf8")).toBe(readFileSync(join(program, "index.ts"), "utf8"));
    expect(parse(readFileSync(join(to, `Pulumi.${name}.yaml`), "utf8"))).toMatchObject({
      encryptionsalt: salt,
      config: { "stores:engine": "medusa", "stores:plan": "basic" },
    });
    const state = join(to, "state", ".pulumi", "stacks", "stores", `${name}.json`);
    expect(JSON.parse(readFileSync(state, "utf8"))).toEqual({
      version: 3,
      checkpoint: { stack: `organization/stores/${name}`, latest: deployment },
    });
    expect(statSync(state).mode & 0o077).toBe(0);
    expect(readFileSync(join(to, "README.md"), "utf8")).toContain(`pulumi up --stack ${name}`);
    expect(existsSync(join(to, "node_modules"))).toBe(false);
  });

  it("is written down before it is given out, and refused while something is done to it", async () => {
    const name = await readyStore();
    api.fakes.exportState = async () => ({ version: 3, deployment });

    const given = await api.signedIn(`/api/v1/stores/${name}/export`);
    const audit = await api.signedIn(`/api/v1/audit?subject=${name}&action=export+store`);
    const busy = await givenStore(api);
    await api.database.connection.pool.query(`update operations set status = 'running' where id = '${busy.operation}'`);
    const refused = await api.signedIn(`/api/v1/stores/${busy.name}/export`);

    expect([given.status, given.headers["content-type"]]).toEqual([200, "application/gzip"]);
    expect(given.headers["cache-control"]).toBe("no-store");
    expect(audit.json.items).toHaveLength(1);
    expect([refused.status, refused.json.type]).toEqual([409, "/problems/store-busy"]);
  });

  it("is not written into a folder that holds something, and never beside its folder", async () => {
    const archive = (entry: string) => {
      const packed = pack();
      packed.entry({ name: entry }, "text");
      packed.finalize();
      return new Response(packed as unknown as ReadableStream).body!.pipeThrough(new CompressionStream("gzip"));
    };

    await writeExport(archive("shop/file.txt"), join(folder, "new"));

    await expect(writeExport(archive("shop/file.txt"), join(folder, "new"))).rejects.toThrow("not empty");
    await expect(writeExport(archive("shop/../../evil.txt"), join(folder, "other"))).rejects.toThrow("no file of it");
    expect(readdirSync(folder).sort()).toEqual(["new", "other"]);
  });
});
