import { globSync } from "node:fs";
import { expect, it } from "vitest";
import { longArguments, longDefinitions, longParts } from "../../../toolchain/commands/long-tests.ts";
import { repositoryRoot } from "../../../toolchain/lib/paths.ts";

it("names one file of ours for each that a long proof runs", () => {
  const all = globSync("test/**/*.test.ts", { cwd: repositoryRoot });
  const named = longParts.flatMap((part) => longDefinitions[part].files);

  expect(named.map((file) => all.filter((path) => path.includes(`/${file}.test.ts`)).length)).toEqual(
    named.map(() => 1),
  );
});

it("runs a part of a long proof where a person asks for it, and says which parts there are", () => {
  expect(longArguments("kill", "cluster-away").at(-1)).toBe("cluster-away.proof");
  expect(longArguments("kill", undefined).slice(-longDefinitions.kill.files.length)).toEqual(
    longDefinitions.kill.files,
  );
  expect(longArguments("platform", "rotation")).toEqual([
    "--project",
    "platform",
    "--project",
    "proof",
    "stores/rotation.proof",
  ]);
  expect(() => longArguments("kill", "soak")).toThrow('No file of "kill" has "soak" in its name.');
});
