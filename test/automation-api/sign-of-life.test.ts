import { mkdtempSync, rmSync, statSync, utimesSync } from "node:fs";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { expect, it, onTestFinished, vi } from "vitest";
import { showLife } from "../../automation-api/sign-of-life.ts";

it("touches its file again and again", () => {
  vi.useFakeTimers();
  onTestFinished(() => void vi.useRealTimers());
  const folder = mkdtempSync(join(tmpdir(), "storefleet-alive-"));
  onTestFinished(() => rmSync(folder, { recursive: true }));
  const file = join(folder, "alive");

  showLife(file);
  utimesSync(file, 0, 0);
  vi.advanceTimersByTime(5000);

  expect(Date.now() - statSync(file).mtimeMs).toBeLessThan(2000);
});
