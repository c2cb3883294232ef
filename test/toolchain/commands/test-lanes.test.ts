import { globSync } from "node:fs";
import { expect, it } from "vitest";
import { lanes } from "../../../toolchain/commands/test-lanes.ts";
import { repositoryRoot } from "../../../toolchain/lib/paths.ts";

const files = {
  cluster: "test/**/*.cluster.test.ts",
  conformance: "test/conformance/**/*.test.ts",
  "end-to-end": "test/end-to-end/**/*.test.ts",
} as const;

it.each(Object.entries(files))("every test of %s runs in one lane, and in one only", (part, pattern) => {
  const stretches = lanes.flat().filter((stretch) => stretch.part === part);
  const found = globSync(pattern, { cwd: repositoryRoot });

  const homes = found.map(
    (file) => stretches.filter(({ folders }) => folders.some((folder) => file.startsWith(`${folder}/`))).length,
  );

  expect(found.length).toBeGreaterThan(0);
  expect(homes).toEqual(found.map(() => 1));
});

it("no lane looks for a kind of tests in the folders of another", () => {
  for (const lane of lanes) {
    const folders = lane.flatMap((stretch) => stretch.folders);
    expect(new Set(folders).size).toBe(folders.length);
  }
});
