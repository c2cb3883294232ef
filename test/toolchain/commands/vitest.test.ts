import { join } from "node:path";
import { describe, expect, it } from "vitest";
import { failedTests } from "../../../toolchain/commands/vitest.ts";
import { repositoryRoot } from "../../../toolchain/lib/paths.ts";

describe("what a run of the tests says last", () => {
  const file = (name: string, parts: object) => ({
    name: join(repositoryRoot, name),
    status: "passed",
    message: "",
    assertionResults: [],
    ...parts,
  });

  it("names every test that failed, with the first line of why", () => {
    const report = {
      testResults: [
        file("test/a.test.ts", {
          status: "failed",
          assertionResults: [
            { fullName: "a shop sells", status: "failed", failureMessages: ["TimeoutError: 20 s\n    at x"] },
            { fullName: "a shop opens", status: "passed", failureMessages: [] },
          ],
        }),
        file("test/b.test.ts", {}),
      ],
    };

    expect(failedTests(report)).toEqual(["test/a.test.ts > a shop sells: TimeoutError: 20 s"]);
  });

  it("names a file that failed without a test that did", () => {
    const report = { testResults: [file("test/c.test.ts", { status: "failed", message: "no such module\nat y" })] };

    expect(failedTests(report)).toEqual(["test/c.test.ts: no such module"]);
  });
});
