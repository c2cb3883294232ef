import { mkdtempSync, readFileSync, rmSync, writeFileSync } from "node:fs";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { onTestFinished } from "vitest";
import type { InstalledPlatform } from "../../../toolchain/platform/installed-platform.ts";

/** A platform that answers what it is told to, and remembers what it was asked, in one line each. */
export interface FakePlatform extends InstalledPlatform {
  readonly asked: string[];
  /** What was given on standard input, by the beginning of the line. */
  inputOf(line: string): string | undefined;
  /** What its stack is set to. */
  config(): Readonly<Record<string, string>>;
}

const base64 = (values: Record<string, string>) =>
  Object.fromEntries(Object.entries(values).map(([key, value]) => [key, Buffer.from(value).toString("base64")]));

/** @param fails the beginning of a line that ends in an error, or which line does, from 0 on */
export function fakePlatform(secrets: Record<string, Record<string, string>>, fails?: string | number): FakePlatform {
  const folder = mkdtempSync(join(tmpdir(), "storefleet-platform-"));
  onTestFinished(() => rmSync(folder, { recursive: true }));
  const configFile = join(folder, "Pulumi.local.yaml");
  writeFileSync(configFile, "{}");
  const read = (file: string): Record<string, string> => JSON.parse(readFileSync(file, "utf8"));
  const asked: string[] = [];
  const inputs = new Map<string, string>();
  const note = (line: string, input: string | undefined) => {
    asked.push(line);
    if (input !== undefined) inputs.set(line, input);
    const isCut = typeof fails === "string" ? line.startsWith(fails) : asked.length - 1 === fails;
    if (isCut) throw new Error("The cluster said no.");
  };
  const answers: Record<string, unknown> = {
    "statefulset/worker": {
      metadata: {},
      spec: { replicas: 2, template: { spec: { containers: [{ name: "worker" }] } } },
    },
    "statefulset/database": {},
    "persistentvolumeclaim/state": {},
    ...Object.fromEntries(Object.entries(secrets).map(([name, data]) => [`secret/${name}`, { data: base64(data) }])),
  };
  return {
    namespace: "storefleet-test",
    configFile,
    asked,
    config: () => read(configFile),
    inputOf: (line) => [...inputs].find(([known]) => known.startsWith(line))?.[1],
    async pulumi(words, input) {
      note(`pulumi ${words.join(" ")}`, input);
      const [group, verb] = words;
      const into = words[words.indexOf("--config-file") + 1] ?? configFile;
      const [key = "", value = input ?? ""] = words.slice(2).filter((word) => word !== "--secret");
      if (group === "config" && verb === "rm") {
        const { [key]: _gone, ...rest } = read(into);
        writeFileSync(into, JSON.stringify(rest));
      }
      if (group === "config" && verb === "set") {
        const given = words.includes("--secret") ? (input ?? "") : value;
        writeFileSync(into, JSON.stringify({ ...read(into), [key]: given }));
      }
      return "";
    },
    async kubectl(words, { input, to } = {}) {
      const [verb, name = ""] = words;
      if (verb === "get" && name in answers) return JSON.stringify(answers[name]);
      note(words.join(" "), input);
      if (to !== undefined) writeFileSync(to, "content", { mode: 0o600 });
      if (words.includes("psql") && input?.startsWith("select")) return "3\n";
      if (words.includes("automation-api/reseal-kubeconfigs.ts")) return '{"sealed":2,"unopened":["lost"]}\n';
      return words.includes("automation-api/change-passphrase.ts") ? "some text\n3\n" : "0";
    },
  };
}
