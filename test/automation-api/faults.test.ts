import { spawn } from "node:child_process";
import { once } from "node:events";
import { existsSync, mkdtempSync, rmSync, writeFileSync } from "node:fs";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { afterEach, beforeEach, expect, it } from "vitest";
import { connect } from "../../automation-api/database/connection.ts";
import { noFaults } from "../../automation-api/fault-points.ts";
import { faultsIn } from "../../automation-api/faults.ts";
import { repositoryRoot } from "../../toolchain/lib/paths.ts";

let folder: string;
beforeEach(() => {
  folder = mkdtempSync(join(tmpdir(), "storefleet-faults-"));
});
afterEach(() => rmSync(folder, { recursive: true }));

it("lets the process die that reaches an armed point, and nothing before or after", async () => {
  writeFileSync(join(folder, "run done"), "");
  const port = join(repositoryRoot, "automation-api", "faults.ts");
  const script = `
    const { faultsIn } = await import(${JSON.stringify(port)});
    const faults = faultsIn(${JSON.stringify(folder)});
    faults("queue taken");
    process.stdout.write("before");
    faults("run done");
    process.stdout.write("after");`;

  const child = spawn(process.execPath, ["--input-type=module", "-e", script], {
    stdio: ["ignore", "pipe", "inherit"],
  });
  let said = "";
  child.stdout.on("data", (text) => (said += String(text)));
  const [, signal] = await once(child, "close");

  expect([signal, said]).toEqual(["SIGKILL", "before"]);
  expect(existsSync(join(folder, "run done.hit"))).toBe(true);
  faultsIn(folder)("run done");
});

it("lets those processes of the operation die that are meant, once", async () => {
  const env = { PATH: process.env.PATH, STOREFLEET_OPERATION: "op-1" };
  const [meant, other] = [61, 62].map((seconds) => spawn("sleep", [String(seconds)], { env }));
  await Promise.all([meant, other].map((child) => child && once(child, "spawn")));
  const ended = meant && once(meant, "close");
  writeFileSync(join(folder, "run resource begun"), "sleep 61");
  const faults = faultsIn(folder);

  faults("run resource begun", "op-1");
  faults("run resource begun", "op-1");

  expect((await ended)?.[1]).toBe("SIGKILL");
  expect(other?.exitCode ?? other?.signalCode).toBe(null);
  other?.kill("SIGKILL");
});

it("is off unless a folder is named", async () => {
  const connection = connect("postgres://nobody@localhost/nothing");

  expect(connection.faults).toBe(noFaults);
  await connection.close();
});
