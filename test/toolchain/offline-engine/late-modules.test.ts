import { execFileSync } from "node:child_process";
import { mkdirSync, mkdtempSync, rmSync, writeFileSync } from "node:fs";
import { tmpdir } from "node:os";
import { dirname, join } from "node:path";
import { afterEach, beforeEach, describe, expect, it } from "vitest";
import { repositoryRoot } from "../../../toolchain/lib/paths.ts";

const lateModules = join(repositoryRoot, "toolchain", "offline-engine", "late-modules.ts");

/** The parts of the SDK that get stand-ins, each printing its own name when it is loaded. */
const sdk: Readonly<Record<string, string>> = {
  "automation/index.js": 'exports.__esModule = true; exports.Stack = "stack"; console.log("automation");',
  "runtime/closure/serializeClosure.js":
    'exports.serializeFunction = (text) => "<" + text + ">"; console.log("serializeClosure");',
  "runtime/closure/codePaths.js": 'console.log("codePaths");',
  "node_modules/source-map-support/register.js": 'console.log("source maps");',
};

let folder: string;
beforeEach(() => {
  folder = mkdtempSync(join(tmpdir(), "storefleet-sdk-"));
  for (const [file, code] of Object.entries(sdk)) write(file, code);
});
afterEach(() => rmSync(folder, { recursive: true, force: true }));

function write(file: string, code: string): void {
  mkdirSync(dirname(join(folder, file)), { recursive: true });
  writeFileSync(join(folder, file), code);
}

/** Runs `code` where the SDK's runner would be, with a program of the given name, and gives the lines it printed. */
function run(code: string, program = "program.ts"): string[] {
  write("cmd/run/index.js", code);
  write(program, "");
  const args = ["--disable-warning=ExperimentalWarning", "--import", lateModules, join(folder, "cmd/run/index.js")];
  const text = execFileSync(process.execPath, [...args, program], { cwd: folder, encoding: "utf8" });
  return text.split("\n").filter((line) => line !== "");
}

describe("what a program loads but seldom uses", () => {
  it("is not loaded when it is only handed on", () => {
    const printed = run(`
      const { serializeFunction } = require("../../runtime/closure/serializeClosure");
      require("../../runtime/closure/codePaths");
      exports.automation = require("../../automation");
      console.log(typeof serializeFunction, exports.automation.__esModule);`);

    expect(printed).toEqual(["function true"]);
  });

  it("is loaded, once, when it is used", () => {
    const printed = run(`
      const { serializeFunction } = require("../../runtime/closure/serializeClosure");
      console.log(serializeFunction("a"), serializeFunction("b"));
      const automation = require("../../automation");
      console.log(automation.Stack, "Stack" in automation, Object.keys(automation).join());`);

    expect(printed).toEqual(["serializeClosure", "<a> <b>", "automation", "stack true __esModule,Stack"]);
  });

  it("can be imported by name", () => {
    const printed = run('import("../../automation/index.js").then(({ Stack }) => console.log(Stack));');

    expect(printed).toEqual(["automation", "stack"]);
  });

  it("are source maps, unless the program was compiled or fails", () => {
    const rejection = 'process.on("unhandledRejection", () => {}); Promise.reject(new Error("no"));';

    expect(run('require("source-map-support/register");', "program.ts")).toEqual([]);
    expect(run('require("source-map-support/register");', "program.js")).toEqual(["source maps"]);
    expect(run(`require("source-map-support/register"); ${rejection}`, "program.ts")).toEqual(["source maps"]);
  });
});
