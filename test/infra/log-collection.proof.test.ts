import { execFileSync } from "node:child_process";
import { join } from "node:path";
import { beforeAll, describe, expect, it } from "vitest";
import { proofTool } from "../helpers/proof-tool.ts";
import { type ProgramRun, runPlatformProgram } from "../helpers/store-program.ts";
import { platformImages } from "./platform-images.ts";

// What Alloy is told, read by Alloy's own parser, and held against the pods that the program declares.

const alloy = await proofTool("alloy-syntax");

interface Block {
  readonly name: string;
  /** As they are written. */
  readonly attributes: Readonly<Record<string, string>>;
  readonly blocks: readonly Block[];
}
type Labels = Readonly<Record<string, string>>;

/** Labels of the pods of everything that has pods, by its kind and name; operations' are in the Job that workers are handed. */
function podsOf(run: ProgramRun): Map<string, Labels> {
  const pods = new Map<string, Labels>();
  for (const { type, name, plain } of run.resources) {
    const spec = plain.spec as { template?: { metadata?: { labels?: Labels } } } | undefined;
    const labels = spec?.template?.metadata?.labels;
    if (labels !== undefined) pods.set(`${type.split(":").at(-1)} ${name}`, labels);
    const job = (plain.data as Labels | undefined)?.["job.json"];
    if (job !== undefined) pods.set("Job of an operation", JSON.parse(job).spec.template.metadata.labels);
  }
  return pods;
}

describe.skipIf(alloy === undefined)("the collection of logs", () => {
  let run: ProgramRun;
  let blocks: readonly Block[];
  const read = (text: string): readonly Block[] =>
    JSON.parse(execFileSync(join(alloy!, "alloy-syntax"), { input: text, stdio: "pipe" }).toString());
  const find = (name: string, among = blocks) => {
    const found = among.filter((block) => block.name === name);
    expect(found, name).toHaveLength(1);
    return found[0]!;
  };

  beforeAll(async () => {
    run = await runPlatformProgram("logged", {
      ...platformImages,
      lokiUrl: "https://loki.example.com/loki/api/v1/push",
      lokiSecret: "loki",
      alloyImage: "registry.example.com/grafana/alloy:v1.12.0",
    });
    const { data } = run.find("kubernetes:core/v1:ConfigMap", "logs").plain as { data: Record<string, string> };
    blocks = read(data["config.alloy"] ?? "");
  });

  it("is written in Alloy's language, each part handing on to one that there is", () => {
    expect(() => read('loki.write "loki" {')).toThrow(/Command failed/);
    expect(blocks.map(({ name }) => name)).toEqual([
      'discovery.kubernetes "platform"',
      'discovery.relabel "platform"',
      'loki.source.kubernetes "platform"',
      'loki.process "platform"',
      'loki.write "loki"',
    ]);
    const named = blocks.map(({ name }) => name.replace(/ "(.+)"/, ".$1"));
    const handedOn = blocks.flatMap(
      ({ attributes }) =>
        Object.values(attributes)
          .join(" ")
          .match(/[a-z]+(\.\w+)+/g) ?? [],
    );
    expect(handedOn).toHaveLength(4);
    for (const reference of handedOn) expect(named).toContain(reference.replace(/\.(targets|output|receiver)$/, ""));
  });

  it("reads the pods of the API, workers and migrations, and of nothing else that the platform has", () => {
    const rule = find('discovery.relabel "platform"').blocks.find(({ attributes }) => attributes.action === '"keep"');
    const sources = JSON.parse(rule?.attributes.source_labels ?? "[]") as string[];
    const kept = new RegExp(`^(?:${JSON.parse(rule?.attributes.regex ?? "")})$`);
    // As Kubernetes's discovery names what it finds.
    const labelOf = (labels: Labels) => (source: string) =>
      Object.entries(labels).find(
        ([key]) => `__meta_kubernetes_pod_label_${key.replace(/\W/g, "_")}` === source,
      )?.[1] ?? "";

    const isRead = (labels: Labels) => kept.test(sources.map(labelOf(labels)).join(";"));

    const pods = podsOf(run);
    const names = (those: (labels: Labels) => boolean) =>
      [...pods]
        .filter(([, labels]) => those(labels))
        .map(([name]) => name.replace(/-[0-9a-z]+$/, ""))
        .sort();
    expect(names(isRead)).toEqual(["Deployment api", "Job migration", "StatefulSet worker"]);
    // What operations print are answers to the worker, with outputs of stacks in them.
    expect(names((labels) => !isRead(labels))).toEqual([
      "Deployment logs",
      "Job of an operation",
      "StatefulSet database",
    ]);
    // Nor the pod in which a backup is made: no part of the platform.
    expect(isRead({ "app.kubernetes.io/part-of": "storefleet-platform" })).toBe(false);
    expect(find('discovery.kubernetes "platform"').blocks[0]?.attributes).toEqual({ names: '["storefleet-system"]' });
  });

  it("hides the password of an address before anything else is done with a line", () => {
    const [first] = find('loki.process "platform"').blocks;

    expect(first?.name).toBe("stage.replace");
    // Unset, it is the line itself that changes.
    expect(first?.attributes).not.toHaveProperty("source");
    const expression = new RegExp(JSON.parse(first?.attributes.expression ?? ""), "d");
    const line = JSON.stringify({ err: { message: 'no "postgres://fleet:p4ss-w0rd@db:5432/storefleet"' } });
    const [, password = [0, 0]] = expression.exec(line)?.indices ?? [];
    expect(line.slice(...password)).toBe("p4ss-w0rd");
  });
});
