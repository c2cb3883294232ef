import { type ChildProcess, spawn } from "node:child_process";
import { join } from "node:path";
import { afterEach, beforeEach, describe, expect, it } from "vitest";
import { createTestDatabase, type TestDatabase } from "../helpers/database.ts";
import { freePort } from "../helpers/free-port.ts";
import { completeEnvironment } from "./complete-environment.ts";
import { send } from "./http/api-under-test.ts";

const root = join(import.meta.dirname, "..", "..");
const children: ChildProcess[] = [];
let database: TestDatabase;

beforeEach(async () => {
  database = await createTestDatabase();
});

afterEach(async () => {
  for (const child of children.splice(0)) child.kill("SIGKILL");
  await database.drop();
});

interface Ended {
  readonly code: number | null;
  readonly output: string;
}

/** Runs a script of the service and collects what it writes. */
function run(script: string, environment: Record<string, string | undefined>) {
  const child = spawn(process.execPath, [join(root, "automation-api", script)], {
    env: { PATH: process.env.PATH, ...environment },
  });
  children.push(child);
  let output = "";
  const ended = new Promise<Ended>((resolve) => {
    for (const stream of [child.stdout, child.stderr]) stream.on("data", (text) => (output += String(text)));
    child.on("close", (code) => resolve({ code, output }));
  });
  return { child, ended };
}

async function untilReady(port: number): Promise<void> {
  for (let tries = 0; tries < 200; tries += 1) {
    const answer = await send(port, "/readyz").catch(() => undefined);
    if (answer?.status === 200) return;
    await new Promise((resolve) => setTimeout(resolve, 100));
  }
  throw new Error("The API does not become ready.");
}

describe("main.ts as the API", () => {
  it("migrates an empty database, answers, and ends well when asked to stop", async () => {
    const port = await freePort();
    const environment = completeEnvironment({
      DATABASE_URL: database.url,
      STOREFLEET_ROLE: "api",
      STOREFLEET_PORT: String(port),
    });
    const { child, ended } = run("main.ts", environment);
    await untilReady(port);
    const link = await run("print-sign-in-link.ts", environment).ended;
    const token = /#token=([\w-]+)\n$/.exec(link.output)?.[1];
    const signedIn = await send(port, "/api/v1/session", { body: { token } });

    child.kill("SIGTERM");
    const { code, output } = await ended;

    expect([link.code, signedIn.status, code]).toEqual([0, 200, 0]);
    expect(link.output).toMatch(new RegExp(`^http://localhost:${port}/sign-in#token=`));
    expect(output).not.toContain(token);
  });

  it("only brings the database up to date when that is its role", async () => {
    const environment = completeEnvironment({ DATABASE_URL: database.url, STOREFLEET_ROLE: "migrate" });

    const first = await run("main.ts", environment).ended;
    const second = await run("main.ts", environment).ended;
    const link = await run("print-sign-in-link.ts", environment).ended;

    expect([first.code, second.code, link.code]).toEqual([0, 0, 0]);
    expect(first.output).not.toContain("the API answers");
  });

  it("says what is missing in the environment, and ends", async () => {
    const { code, output } = await run("main.ts", {}).ended;

    expect(code).toBe(1);
    expect(output).toContain("  DATABASE_URL is not set; it gives the address of the database.");
    expect(output).not.toContain("    at ");
  });

  it("ends when the database cannot be reached", async () => {
    const gone = new URL(database.url);
    gone.pathname = "/not_there";

    const { code, output } = await run(
      "main.ts",
      completeEnvironment({ DATABASE_URL: gone.href, STOREFLEET_ROLE: "api" }),
    ).ended;

    expect(code).toBe(1);
    expect(output).toContain("the service cannot start");
  });
});
