import { writeFileSync } from "node:fs";
import { join } from "node:path";
import { run } from "../../../toolchain/lib/exec.ts";
import { ensureTool } from "../../../toolchain/tools/tools.ts";
import type { Machine } from "../../helpers/machine.ts";
import { type End, type Goal, goalsFor, type Source, type World } from "./world.ts";

// What NetworkPolicies let through, worked out by cyclonus from the objects alone: it knows nothing of engines, of the
// platform, nor of what made the policies. It is not asked what no NetworkPolicy says: where a Service leads to (to each of
// its pods), and whether a pod reaches itself (always).

/** A NetworkPolicy as a program declares it. */
export interface Policy {
  readonly apiVersion: string;
  readonly kind: string;
  readonly metadata: { readonly name: string; readonly namespace: string };
  readonly spec: object;
}

/** The goals that each source reaches. */
export type Table = ReadonlyMap<Source, ReadonlySet<Goal>>;

/** Works the table out. */
export async function analyse(
  machine: Machine,
  policies: readonly Policy[],
  { sources, goals }: World,
): Promise<Table> {
  const cyclonus = await ensureTool(machine.context, "cyclonus");
  const [policyFile, trafficFile] = ["policies.json", "traffic.json"].map((name) => join(machine.folder, name));
  const questions = new Set<string>();
  for (const source of sources) {
    for (const text of goalsFor(source, goals).flatMap((goal) => asked(source, goal))) questions.add(text);
  }
  const list = { apiVersion: "networking.k8s.io/v1", kind: "NetworkPolicyList", items: policies };
  writeFileSync(policyFile ?? "", JSON.stringify(list));
  writeFileSync(trafficFile ?? "", `[${[...questions].join(",\n")}]`);
  const args = ["analyze", "--mode=query-traffic", `--policy-path=${policyFile}`, `--traffic-path=${trafficFile}`];
  const { stdout } = await run(cyclonus, args, { timeoutSeconds: 300 });
  const answers = [...stdout.matchAll(/\| IS ALLOWED\? \|\s+(TRUE|FALSE)\s/g)].map(([, answer]) => answer === "TRUE");
  if (answers.length !== questions.size) {
    throw new Error(`Cyclonus answered ${answers.length} of ${questions.size} questions:\n${stdout.slice(-500)}`);
  }
  const allowed = new Map([...questions].map((text, index) => [text, answers[index] === true]));
  return new Map(
    sources.map((source) => [
      source,
      new Set(goalsFor(source, goals).filter((goal) => asked(source, goal).every((text) => allowed.get(text)))),
    ]),
  );
}

/** What cyclonus is asked about a cell: one question for each pod that may answer, none when that is the source itself. */
function asked(source: Source, { ends, protocol = "TCP" }: Goal): string[] {
  return ends
    .filter(({ end }) => end !== source)
    .map(({ end, port }) =>
      JSON.stringify({
        Source: peer(source),
        Destination: peer(end),
        ResolvedPort: port,
        ResolvedPortName: "",
        Protocol: protocol,
      }),
    );
}

function peer({ address, namespace, labels = {}, namespaceLabels = {} }: End): object {
  if (namespace === undefined) return { IP: address };
  return { IP: address, Internal: { PodLabels: labels, NamespaceLabels: namespaceLabels, Namespace: namespace } };
}
