import { execFileSync } from "node:child_process";
import { existsSync, readFileSync } from "node:fs";
import { join } from "node:path";
import { describe, expect, it } from "vitest";

// What people type when something is wrong: a command that is not there any more would be found at the worst of times.

const root = join(import.meta.dirname, "..", "..");
const manifest: { scripts: Record<string, string> } = JSON.parse(readFileSync(join(root, "package.json"), "utf8"));

/** Every npm command of a text, with its options. */
function npmCommands(text: string): { script: string; options: string[] }[] {
  return [...text.matchAll(/npm run (?:-s )?([a-z][\w:-]*)((?: (?:--[a-z-]*|<[^>]+>|[\w./|-]+))*)/g)].map(
    ([, script = "", rest = ""]) => ({ script, options: rest.match(/--[a-z][a-z-]*/g) ?? [] }),
  );
}

const usages = new Map<string, string>();
/** What a command says of itself. */
function usageOf(script: string): string {
  const file = /toolchain\/commands\/\S+\.ts/.exec(manifest.scripts[script] ?? "")?.[0] ?? "";
  const known = usages.get(file) ?? execFileSync(process.execPath, [join(root, file), "--help"], { encoding: "utf8" });
  usages.set(file, known);
  return known;
}

describe.each(["infra/RUNBOOKS.md", "infra/VPS.md"])("%s", (file) => {
  const text = readFileSync(join(root, file), "utf8");
  const commands = npmCommands(text);

  it("names commands that are there, with options that they know", () => {
    expect(commands.length).toBeGreaterThan(2);
    expect(commands.filter(({ script }) => !(script in manifest.scripts))).toEqual([]);
    const platform = commands.filter(({ script }) => script.startsWith("platform"));
    const unknown = platform.flatMap(({ script, options }) =>
      options.filter((option) => !usageOf(script).includes(option)).map((option) => `${script} ${option}`),
    );
    expect(unknown).toEqual([]);
  });

  it("leads to files that are there", () => {
    const links = [...text.matchAll(/\]\(([^)#:]+)\)/g)].map(([, link = ""]) => link);

    expect(links.filter((link) => !existsSync(join(root, file, "..", link)))).toEqual([]);
  });
});

describe("the runbooks", () => {
  const text = readFileSync(join(root, "infra", "RUNBOOKS.md"), "utf8");

  it("ask for parts, pods and Secrets that the platform makes", () => {
    const sources = execFileSync(
      "git",
      ["grep", "-h", "-I", "", "--", "infra/*.ts", "infra/components", "stores/names.ts", "stores/engines"],
      {
        cwd: root,
        encoding: "utf8",
        maxBuffer: 16 * 1024 * 1024,
      },
    );
    const named = [...text.matchAll(/(?:deployment\/|statefulset\/|delete secret |Secret\s`)([a-z][a-z-]+)/g)].map(
      ([, name = ""]) => name,
    );
    const components = [...text.replaceAll("\n", "").matchAll(/kubernetes\.io\/component=([a-z]+)/g)].map(
      ([, name = ""]) => name,
    );

    expect(named.length).toBeGreaterThan(2);
    expect(components.length).toBeGreaterThan(2);
    expect([...named, ...components].filter((name) => !sources.includes(`"${name}"`))).toEqual([]);
  });
});
