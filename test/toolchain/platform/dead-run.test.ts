import { mkdirSync, mkdtempSync, rmSync, writeFileSync } from "node:fs";
import { hostname, tmpdir } from "node:os";
import { join } from "node:path";
import { expect, it, onTestFinished } from "vitest";
import { freeFromDeadRun } from "../../../toolchain/platform/dead-run.ts";

/** What is asked of Pulumi when a process of this number holds the platform's stack; `undefined`: none does. */
async function asked(pid: number | undefined): Promise<string[]> {
  const state = mkdtempSync(join(tmpdir(), "storefleet-dead-run-"));
  onTestFinished(() => rmSync(state, { recursive: true }));
  const folder = join(state, ".pulumi/locks/organization/platform/local");
  mkdirSync(folder, { recursive: true });
  const lock = { pid, hostname: hostname(), timestamp: new Date().toISOString() };
  if (pid !== undefined) writeFileSync(join(folder, "lock.json"), JSON.stringify(lock));
  const commands: string[] = [];
  await freeFromDeadRun({ environment: { PULUMI_BACKEND_URL: `file://${state}` } }, "local", async (words) =>
    commands.push(words.join(" ")),
  );
  return commands;
}

it("frees the platform's stack from a run that was killed, and from no other", async () => {
  // No process has a number so large.
  expect(await asked(2 ** 30)).toEqual(["cancel --yes"]);
  expect(await asked(process.pid)).toEqual([]);
  expect(await asked(undefined)).toEqual([]);
});
