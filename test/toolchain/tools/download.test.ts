import { createHash } from "node:crypto";
import { mkdtempSync, readFileSync, rmSync } from "node:fs";
import { createServer, type Server } from "node:http";
import type { AddressInfo } from "node:net";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { afterEach, beforeEach, describe, expect, test } from "vitest";
import type { ToolchainContext } from "../../../toolchain/lib/context.ts";
import { downloadOfficial, findSum } from "../../../toolchain/tools/download.ts";

const program = Buffer.from("#!/bin/sh\n");
const sum = createHash("sha256").update(program).digest("hex");

describe("the published checksum", () => {
  test("may be the whole text", () => {
    expect(findSum(`${sum}\n`, "tool")).toBe(sum);
  });

  test("may be the line of the file among others", () => {
    expect(findSum(`${"0".repeat(64)}  other\n${sum} *_dist/tool\n`, "tool")).toBe(sum);
  });

  test("is not taken from another file's line", () => {
    expect(findSum(`${sum}  tool.sig\n`, "tool")).toBeUndefined();
  });
});

describe("a download", () => {
  let folder: string;
  let server: Server;
  let site: string;
  let files: Record<string, string | Buffer>;

  beforeEach(async () => {
    folder = mkdtempSync(join(tmpdir(), "storefleet-test-"));
    files = {};
    server = createServer((request, response) => {
      const file = files[request.url ?? ""];
      response.writeHead(file === undefined ? 404 : 200).end(file);
    });
    await new Promise<void>((resolve) => server.listen(0, "127.0.0.1", resolve));
    site = `http://127.0.0.1:${(server.address() as AddressInfo).port}`;
  });

  afterEach(async () => {
    await new Promise((resolve) => server.close(resolve));
    rmSync(folder, { recursive: true, force: true });
  });

  const context = { signal: new AbortController().signal } as ToolchainContext;
  const download = () =>
    downloadOfficial(context, { url: `${site}/{binary}`, sums: `${site}/{binary}.sha256` }, ["tool"], folder);

  test("brings a program that can be run", async () => {
    files = { "/tool": program, "/tool.sha256": sum };

    expect(await download()).toBe(true);
    expect(readFileSync(join(folder, "tool"))).toEqual(program);
  });

  test("that does not match its checksum is a problem, never worked around", async () => {
    files = { "/tool": "something else", "/tool.sha256": sum };

    await expect(download()).rejects.toThrow(/does not have the published checksum/);
  });

  test("is given up without a word where the site does not have it", async () => {
    expect(await download()).toBe(false);
  });
});
