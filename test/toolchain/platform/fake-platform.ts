import { writeFileSync } from "node:fs";
import type { InstalledPlatform } from "../../../toolchain/platform/installed-platform.ts";

/** A platform that answers what it is told to, and remembers what it was asked, in one line each. */
export interface FakePlatform extends InstalledPlatform {
  readonly asked: string[];
  /** What was given on standard input, by the beginning of the line. */
  inputOf(line: string): string | undefined;
}

const base64 = (values: Record<string, string>) =>
  Object.fromEntries(Object.entries(values).map(([key, value]) => [key, Buffer.from(value).toString("base64")]));

/** @param fails the beginning of a line that ends in an error */
export function fakePlatform(secrets: Record<string, Record<string, string>>, fails?: string): FakePlatform {
  const asked: string[] = [];
  const inputs = new Map<string, string>();
  const note = (line: string, input: string | undefined) => {
    asked.push(line);
    if (input !== undefined) inputs.set(line, input);
    if (fails !== undefined && line.startsWith(fails)) throw new Error("The cluster said no.");
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
    asked,
    inputOf: (line) => [...inputs].find(([known]) => known.startsWith(line))?.[1],
    async pulumi(words, input) {
      note(`pulumi ${words.join(" ")}`, input);
      return "";
    },
    async kubectl(words, { input, to } = {}) {
      const [verb, name = ""] = words;
      if (verb === "get" && name in answers) return JSON.stringify(answers[name]);
      note(words.join(" "), input);
      if (to !== undefined) writeFileSync(to, "content", { mode: 0o600 });
      return words.includes("automation-api/change-passphrase.ts") ? "some text\n3\n" : "0";
    },
  };
}
