import type { TestCluster } from "../../helpers/cluster.ts";
import { kubectl } from "../../helpers/kubectl.ts";
import { type ProbePod, probePod } from "./probe-pod.ts";
import { steadily } from "./steadily.ts";

// A pod that tries what is denied to it from its very first instruction on: its shell at once and every ten milliseconds, and
// beside it, as soon as it runs, Node every five.

/** How often the shell tries each target. */
const SHELL_TRIES = 40;

const shellScript = `
export LC_ALL=C
echo "begin $EPOCHREALTIME"
node -e "$SCRIPT" "$SECONDS_LONG" 5 $TARGETS & node=$!
one() {
  at=$EPOCHREALTIME
  said=$( { exec 3<>"/dev/tcp/\${1/:/\\/}"; } 2>&1 ) && said=refused
  case $said in *refused*) echo "reached $1 $at" ;; esac
}
for i in $(seq ${SHELL_TRIES}); do for target in $TARGETS; do one $target & done; sleep 0.01; done
wait $node`;

/** What such a pod found. Moments are seconds since 1970, by this machine's clock. */
export interface FirstMoments {
  readonly begin: number;
  /** Seconds after `begin` when Node took over. */
  readonly node: number;
  readonly tries: number;
  /** When those connections were begun that got through. */
  readonly reached: readonly number[];
}

/** The pod, for `seconds` at each of the targets, `address:port`. */
export function eagerPod(pod: Omit<ProbePod, "command">, targets: readonly string[], seconds: number): object {
  return probePod({
    ...pod,
    command: ["bash", "-c", shellScript],
    env: { SCRIPT: steadily, TARGETS: targets.join(" "), SECONDS_LONG: String(seconds) },
    resources: { requests: { cpu: "5m", memory: "16Mi" }, limits: { cpu: "2", memory: "256Mi" } },
  });
}

/** Waits until the pod has ended, and gives what it has found. */
export async function firstMoments(machine: TestCluster, namespace: string, pod: string): Promise<FirstMoments> {
  const ended = "--for=jsonpath={.status.containerStatuses[0].state.terminated}";
  await kubectl(machine, "wait", `pod/${pod}`, ended, "--namespace", namespace, "--timeout=110s");
  const words = (await kubectl(machine, "logs", pod, "--namespace", namespace))
    .split("\n")
    .map((line) => line.split(" "));
  const value = (key: string) => Number(words.find(([word]) => word === key)?.[1]);
  const [begin, node, tries] = [value("begin"), value("node"), value("tries")];
  if (![begin, node, tries].every(Number.isFinite)) {
    throw new Error(`The pod ${pod} did not come to its end: ${words.flat().join(" ").slice(-300)}`);
  }
  return {
    begin,
    node: node - begin,
    tries: tries + SHELL_TRIES,
    reached: words
      .filter(([word]) => word === "reached")
      .map(([, , at]) => Number(at))
      .sort((a, b) => a - b),
  };
}
