import { mkdtemp, readFile, rm } from "node:fs/promises";
import { tmpdir } from "node:os";
import { join, relative } from "node:path";
import { z } from "zod";
import type { ToolchainContext } from "../lib/context.ts";
import { repositoryRoot } from "../lib/paths.ts";
import { ToolchainProblem } from "../lib/problem.ts";
import { runTool, type ToolOptions } from "./tool.ts";

/** What we read of the report of vitest's reporter "json". */
const reportSchema = z.object({
  testResults: z.array(
    z.object({
      name: z.string(),
      status: z.string(),
      message: z.string(),
      assertionResults: z.array(
        z.object({ fullName: z.string(), status: z.string(), failureMessages: z.array(z.string()).nullish() }),
      ),
    }),
  ),
});

/** One line for each test that failed, and for each file that could not be read or whose hooks failed. */
export function failedTests(report: unknown): readonly string[] {
  return reportSchema.parse(report).testResults.flatMap(({ name, status, message, assertionResults }) => {
    const file = relative(repositoryRoot, name);
    const failed = assertionResults.filter((result) => result.status === "failed");
    if (status === "failed" && failed.length === 0) return [`${file}: ${firstLine(message)}`];
    return failed.map(
      ({ fullName, failureMessages }) => `${file} > ${fullName}: ${firstLine(failureMessages?.[0] ?? "")}`,
    );
  });
}

function firstLine(text: string): string {
  return text.trim().split("\n", 1)[0] ?? "";
}

/**
 * Runs vitest.
 * @throws {ToolchainProblem} names every test that failed: what is said last is what people, and the logs of CI, see.
 */
export async function runVitest(
  context: ToolchainContext,
  args: readonly string[],
  options: ToolOptions = {},
): Promise<void> {
  const folder = await mkdtemp(join(tmpdir(), "storefleet-report-"));
  const file = join(folder, "report.json");
  try {
    const reporters = ["--reporter=default", "--reporter=json", `--outputFile.json=${file}`];
    await runTool(context, "vitest", ["run", ...args, ...reporters], options);
  } catch (error) {
    const failed = await readFile(file, "utf8").then(
      (text) => failedTests(JSON.parse(text)),
      () => [],
    );
    if (failed.length === 0) throw error;
    const lines = failed.map((line) => `\n  ${line}`).join("");
    throw new ToolchainProblem(`These tests failed:${lines}`, "Mend what each of them says above.", { cause: error });
  } finally {
    await rm(folder, { recursive: true, force: true });
  }
}
