import { describe, expect, test } from "vitest";
import { parseGoVersion } from "../../../toolchain/tools/go-build.ts";
import { goBuildArguments, goModSchema, renderGoModule } from "../../../toolchain/tools/go-module.ts";
import type { GoSource } from "../../../toolchain/tools/tool.ts";

const source: GoSource = {
  module: "example.org/tool",
  version: "v1.2.3",
  packages: { tool: "example.org/tool/cmd/tool" },
  variables: { "example.org/tool/version.Version": "v1.2.3" },
};
const upstream = goModSchema.parse({
  Go: "1.24.0",
  Require: [
    { Path: "example.org/staged", Version: "v0.0.0" },
    { Path: "example.org/other", Version: "v1.0.0" },
  ],
  Replace: [
    { Old: { Path: "example.org/staged" }, New: { Path: "./staging/staged" } },
    { Old: { Path: "example.org/forked" }, New: { Path: "example.org/fork", Version: "v0.9.0" } },
  ],
});

describe("the module a tool is built from", () => {
  test("requires the tool and asks for the Go version the tool asks for", () => {
    const text = renderGoModule(upstream, source);

    expect(text).toContain("go 1.24.0\n");
    expect(text).toContain("require example.org/tool v1.2.3\n");
  });

  test("repeats replacements by version, and leaves out those by folder", () => {
    const text = renderGoModule(upstream, source);

    expect(text).toContain("replace example.org/forked => example.org/fork v0.9.0");
    expect(text).not.toContain("./staging");
  });

  test("takes modules of the tool's own repository in their published version", () => {
    const text = renderGoModule(upstream, { ...source, stagingVersion: "v0.36.3" });

    expect(text).toContain("replace example.org/staged => example.org/staged v0.36.3");
    expect(text).not.toContain("replace example.org/other");
  });

  test("lets the catalogue override what the tool replaces", () => {
    const text = renderGoModule(upstream, { ...source, replace: { "example.org/forked": "example.org/fork v1.0.0" } });

    expect(text).toContain("replace example.org/forked => example.org/fork v1.0.0");
    expect(text).not.toContain("v0.9.0");
  });

  test("reads a go.mod without requirements or replacements", () => {
    expect(goModSchema.parse({ Require: null, Replace: null })).toEqual({ Go: "1.21", Require: null, Replace: null });
  });
});

describe("a build", () => {
  test("is without debugging tables and paths of this machine, and carries the version", () => {
    expect(goBuildArguments(source, "tool", "/out/tool")).toEqual([
      ...["build", "-mod=mod", "-v", "-trimpath", "-ldflags", "-s -w -X 'example.org/tool/version.Version=v1.2.3'"],
      ...["-o", "/out/tool", "example.org/tool/cmd/tool"],
    ]);
  });

  test("leaves out what the catalogue says it can do without", () => {
    const words = goBuildArguments({ ...source, tags: ["minimal", "no_cloud"] }, "tool", "/out/tool");

    expect(words.slice(words.indexOf("-tags"), words.indexOf("-ldflags"))).toEqual(["-tags", "minimal,no_cloud"]);
  });

  test("of a binary the catalogue does not know is refused", () => {
    expect(() => goBuildArguments(source, "other", "/out/other")).toThrow(/no Go package for other/);
  });
});

test("the version of Go is read from what it says about itself", () => {
  expect(parseGoVersion("go version go1.26.8 linux/amd64")).toEqual({ major: 1, minor: 26 });
  expect(parseGoVersion("command not found")).toBeUndefined();
});
