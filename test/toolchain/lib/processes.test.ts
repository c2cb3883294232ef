import { mkdtempSync, readFileSync, rmSync } from "node:fs";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { afterEach, beforeEach, expect, it } from "vitest";
import { readEnvironment } from "../../../toolchain/lib/environment.ts";
import { type Paths, resolvePaths } from "../../../toolchain/lib/paths.ts";
import { daemonLog, daemonPid, startDaemon, stopDaemon } from "../../../toolchain/lib/processes.ts";

let folder: string;
let paths: Paths;
beforeEach(() => {
  folder = mkdtempSync(join(tmpdir(), "storefleet-processes-"));
  paths = resolvePaths(readEnvironment({ HOME: folder }));
});
afterEach(async () => {
  await stopDaemon(paths, "sleeper", { graceSeconds: 1 });
  rmSync(folder, { recursive: true });
});

it("starts a daemon once", () => {
  const daemon = { name: "sleeper", command: "sleep", args: ["60"] };

  const first = startDaemon(paths, daemon);
  const second = startDaemon(paths, daemon);

  expect(second).toBe(first);
  expect(daemonPid(paths, "sleeper")).toBe(first);
});

it("stops a daemon that ignores SIGTERM once the grace period is over", async () => {
  startDaemon(paths, {
    name: "sleeper",
    command: "sh",
    args: ["-c", "trap '' TERM; echo ready; while :; do sleep 0.1; done"],
  });
  await expect.poll(() => readFileSync(daemonLog(paths, "sleeper"), "utf8")).toContain("ready");

  await stopDaemon(paths, "sleeper", { graceSeconds: 0.2 });

  expect(daemonPid(paths, "sleeper")).toBeUndefined();
});

it("says in one sentence that a program is missing", () => {
  expect(() => startDaemon(paths, { name: "sleeper", command: "/no/such/program", args: [] })).toThrow(
    "sleeper could not be started.",
  );
});
