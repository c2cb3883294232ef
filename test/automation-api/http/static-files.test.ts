import { mkdirSync, mkdtempSync, rmSync, writeFileSync } from "node:fs";
import { createServer, type Server } from "node:http";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { brotliCompressSync, brotliDecompressSync, gunzipSync } from "node:zlib";
import express from "express";
import { afterAll, beforeAll, describe, expect, it } from "vitest";
import { serveDashboard } from "../../../automation-api/http/static-files.ts";

const folder = mkdtempSync(join(tmpdir(), "storefleet-web-"));
const script = "export const words = 'shop';\n".repeat(200);
let server: Server;
let origin: string;

beforeAll(async () => {
  mkdirSync(join(folder, "assets"));
  writeFileSync(join(folder, "index.html"), "<!doctype html><title>Storefleet</title>");
  writeFileSync(join(folder, "favicon.svg"), "<svg xmlns='http://www.w3.org/2000/svg'/>");
  writeFileSync(join(folder, "assets", "index-1a2b.js"), script);
  writeFileSync(join(folder, "assets", "ready-1a2b.js"), "plain");
  writeFileSync(join(folder, "assets", "ready-1a2b.js.br"), brotliCompressSync("made by the build"));
  const app = express();
  app.use(serveDashboard(folder));
  app.use((_request, response) => void response.status(404).json({ nothing: "here" }));
  server = createServer(app).listen(0, "127.0.0.1");
  await new Promise((resolve) => server.once("listening", resolve));
  const address = server.address();
  origin = `http://127.0.0.1:${typeof address === "object" && address !== null ? address.port : 0}`;
});

afterAll(() => {
  server.closeAllConnections();
  server.close();
  rmSync(folder, { recursive: true });
});

const html = { accept: "text/html,application/xhtml+xml,*/*;q=0.8" };
// `fetch` would unpack what it gets; tests want to see what was sent.
async function get(path: string, headers: Record<string, string> = {}, method = "GET") {
  const { request } = await import("node:http");
  return new Promise<{ status: number; headers: Record<string, unknown>; body: Buffer }>((resolve, reject) => {
    const sent = request(`${origin}${path}`, { headers, method, agent: false }, async (response) => {
      const body = Buffer.concat(await response.toArray());
      resolve({ status: response.statusCode ?? 0, headers: response.headers, body });
    });
    sent.on("error", reject).end();
  });
}

describe("serveDashboard", () => {
  it.each([
    ["br", brotliDecompressSync],
    ["gzip", gunzipSync],
    ["gzip, deflate, br, zstd", brotliDecompressSync],
  ])("compresses for a browser that takes %s", async (accepted, unpack) => {
    const { headers, body } = await get("/assets/index-1a2b.js", { "accept-encoding": accepted });

    expect(unpack(body).toString()).toBe(script);
    expect(body.length).toBeLessThan(script.length / 10);
    expect(headers).toMatchObject({
      "content-type": "text/javascript; charset=utf-8",
      "cache-control": "public, max-age=31536000, immutable",
      vary: "Accept-Encoding",
    });
  });

  it("sends plain bytes to whoever takes nothing else", async () => {
    const { headers, body } = await get("/assets/index-1a2b.js", { "accept-encoding": "identity" });

    expect(headers["content-encoding"]).toBeUndefined();
    expect(body.toString()).toBe(script);
  });

  it("takes what the build has compressed already", async () => {
    const { body } = await get("/assets/ready-1a2b.js", { "accept-encoding": "br" });

    expect(brotliDecompressSync(body).toString()).toBe("made by the build");
  });

  it("shows the dashboard at every address that a browser opens", async () => {
    for (const path of ["/", "/stores/demo", "/sign-in"]) {
      const { status, headers, body } = await get(path, html);

      expect([status, headers["cache-control"]]).toEqual([200, "no-cache"]);
      expect(body.toString()).toContain("<title>Storefleet</title>");
    }
  });

  it("answers 304 when nothing has changed", async () => {
    const first = await get("/", html);

    const second = await get("/", { ...html, "if-none-match": String(first.headers.etag) });

    expect([second.status, second.body.length]).toEqual([304, 0]);
  });

  it("answers HEAD with headers alone", async () => {
    const { status, body } = await get("/favicon.svg", {}, "HEAD");

    expect([status, body.length]).toEqual([200, 0]);
  });

  it("does not take what is missing for a page", async () => {
    const missing = [
      await get("/assets/index-old.js", html),
      await get("/nothing.json", { accept: "application/json" }),
      await get("/", html, "POST"),
    ];

    expect(missing.map(({ status }) => status)).toEqual([404, 404, 404]);
  });

  it.each(["/../package.json", "/..%2fpackage.json", "/assets/../../etc/passwd", "//etc/passwd", "/assets/%00"])(
    "leads nowhere by %s",
    async (path) => {
      const { body } = await get(path, { accept: "application/json" });

      expect(body.toString()).toBe('{"nothing":"here"}');
    },
  );
});
