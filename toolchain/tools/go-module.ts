import { z } from "zod";
import type { GoSource } from "./tool.ts";

/** What `go mod edit -json` says about a module's go.mod; `null` stands for an absent list. */
export const goModSchema = z.object({
  Go: z.string().default("1.21"),
  Require: z.array(z.object({ Path: z.string(), Version: z.string() })).nullish(),
  Replace: z
    .array(
      z.object({
        Old: z.object({ Path: z.string(), Version: z.string().optional() }),
        New: z.object({ Path: z.string(), Version: z.string().optional() }),
      }),
    )
    .nullish(),
});
export type GoMod = z.infer<typeof goModSchema>;

/**
 * The go.mod of a tiny module from which the tool is built as a dependency, with the same versions as in its own build.
 * Go ignores the replacements of dependencies, so they are repeated here; those that point to a folder of the tool's
 * repository ({@link GoSource.stagingVersion}) are published as modules of their own.
 */
export function renderGoModule(upstream: GoMod, source: GoSource): string {
  const replace = new Map<string, string>();
  for (const { Old, New } of upstream.Replace ?? []) {
    if (New.Version !== undefined) replace.set(Old.Path, `${New.Path} ${New.Version}`);
  }
  if (source.stagingVersion !== undefined) {
    for (const { Path, Version } of upstream.Require ?? []) {
      if (Version === "v0.0.0") replace.set(Path, `${Path} ${source.stagingVersion}`);
    }
  }
  for (const [path, target] of Object.entries(source.replace ?? {})) replace.set(path, target);
  return [
    "module storefleet.dev/build",
    "",
    `go ${upstream.Go}`,
    "",
    `require ${source.module} ${source.version}`,
    "",
    ...[...replace].map(([path, target]) => `replace ${path} => ${target}`),
    "",
  ].join("\n");
}

/** Arguments of `go build` for one binary. Static, without paths of this machine, without debugging tables. */
export function goBuildArguments(source: GoSource, binary: string, output: string): string[] {
  const packagePath = source.packages[binary];
  if (packagePath === undefined) throw new Error(`The catalogue names no Go package for ${binary}.`);
  const variables = Object.entries(source.variables ?? {}).map(([name, value]) => `-X '${name}=${value}'`);
  return [
    "build",
    "-mod=mod",
    "-v",
    "-trimpath",
    ...(source.tags === undefined ? [] : ["-tags", source.tags.join(",")]),
    "-ldflags",
    ["-s -w", ...variables].join(" "),
    "-o",
    output,
    packagePath,
  ];
}
