import { execFileSync } from "node:child_process";
import { chmodSync, mkdtempSync, readdirSync, readFileSync, rmSync, writeFileSync } from "node:fs";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { afterEach, beforeEach, expect, test } from "vitest";
import { writeCompiler } from "../../../../toolchain/cluster/native/compiler.ts";

let folder: string;

/** A stand-in for clang that writes down each real compilation. */
const fakeClang = (log: string) => `#!/bin/sh
case " $* " in
  *" -E "*) exec cat program.c ;;
  *" -c "*) echo compiled >> ${log}; echo "object of $(cat program.c)" ;;
  *) echo "other $*" ;;
esac
`;

beforeEach(async () => {
  folder = mkdtempSync(join(tmpdir(), "storefleet-compiler-"));
  const clang = join(folder, "real-clang");
  writeFileSync(clang, fakeClang(join(folder, "log")));
  chmodSync(clang, 0o755);
  writeFileSync(join(folder, "program.c"), "first");
  writeFileSync(join(folder, "log"), "");
  await writeCompiler(folder, clang, join(folder, "results"));
});
afterEach(() => rmSync(folder, { recursive: true, force: true }));

const call = (...args: string[]) => execFileSync(join(folder, "clang"), args, { cwd: folder, encoding: "utf8" });
const compile = () => call("-O2", "-c", "program.c", "-o", "-");
const compilations = () => readFileSync(join(folder, "log"), "utf8").split("\n").length - 1;

test("the same program is compiled once", () => {
  const first = compile();
  const second = compile();

  expect(first).toBe("object of first\n");
  expect(second).toBe(first);
  expect(compilations()).toBe(1);
});

test("a changed program is compiled again", () => {
  compile();
  writeFileSync(join(folder, "program.c"), "second");

  expect(compile()).toBe("object of second\n");
  expect(compilations()).toBe(2);
});

test("anything but a compilation to standard output goes to the compiler as it is", () => {
  expect(call("--version")).toBe("other --version\n");
});

test("a failed compilation leaves no result", () => {
  writeFileSync(join(folder, "real-clang"), '#!/bin/sh\ncase " $* " in *" -E "*) exit 0 ;; esac\nexit 1\n');

  expect(compile).toThrow();
  expect(readdirSync(join(folder, "results")).filter((name) => name.endsWith(".o"))).toEqual([]);
});
