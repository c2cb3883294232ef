import { randomBytes } from "node:crypto";
import { ToolchainProblem } from "../lib/problem.ts";

// Whether a cluster's NetworkPolicies bite. Without a network that enforces them they are accepted and do nothing, and each
// store reaches all others.

/** Runs kubectl on the cluster; `object` comes to its standard input. Rejects when it fails. */
export type RunKubectl = (args: readonly string[], object?: object) => Promise<string>;

/** `unknown` says why it could not be found out. */
export type ProbeAnswer =
  | { readonly policies: "bite" }
  | { readonly policies: "do nothing" }
  | { readonly policies: "unknown"; readonly reason: string };

/** Seconds for which a pod may be pulled, scheduled and started, and for which the second one tries to connect. */
const PATIENCE = 120;
const TRIES = 8;

/** What a pod says by its end: 0 reached, 3 not reached. */
const script = `for i in $(seq ${TRIES}); do timeout 2 bash -c "exec 3<>/dev/tcp/$TARGET/6379" && exit 0; sleep 1; done; exit 3`;

const denial = {
  apiVersion: "networking.k8s.io/v1",
  kind: "NetworkPolicy",
  metadata: { name: "default-deny" },
  spec: { podSelector: {}, policyTypes: ["Ingress", "Egress"] },
};

/**
 * Lets one pod connect to another in a namespace of their own, denies it by a policy, and looks whether that is so. Takes
 * some ten seconds, and leaves nothing.
 * @param image a Redis of ours: it listens, and has a shell that connects
 */
export async function probeNetworkPolicies(kubectl: RunKubectl, image: string): Promise<ProbeAnswer> {
  const namespace = `storefleet-probe-${randomBytes(4).toString("hex")}`;
  const within = (...args: string[]) => [...args, "--namespace", namespace];
  const apply = (object: object) => kubectl(within("apply", "--filename", "-"), object);
  try {
    await kubectl(["create", "namespace", namespace]);
    await apply(pod("server", image, { env: [{ name: "REDIS_PASSWORD", value: "probe" }] }));
    await kubectl(within("wait", "pod/server", "--for=condition=Ready", `--timeout=${PATIENCE}s`));
    const target = await kubectl(within("get", "pod", "server", "--output", "jsonpath={.status.podIP}"));
    const connects = async (name: string) => {
      await apply(pod(name, image, client(target)));
      const ended = "--for=jsonpath={.status.containerStatuses[0].state.terminated}";
      await kubectl(within("wait", `pod/${name}`, ended, `--timeout=${PATIENCE}s`));
      // Not the pod's phase, which is told later.
      const code = "jsonpath={.status.containerStatuses[0].state.terminated.exitCode}";
      return (await kubectl(within("get", "pod", name, "--output", code))) === "0";
    };
    if (!(await connects("before"))) {
      return {
        policies: "unknown",
        reason: "Pods of one namespace do not reach each other there, whatever is denied.",
      };
    }
    await apply(denial);
    return { policies: (await connects("after")) ? "do nothing" : "bite" };
  } catch (thrown) {
    return { policies: "unknown", reason: thrown instanceof Error ? thrown.message : String(thrown) };
  } finally {
    await kubectl(["delete", "namespace", namespace, "--ignore-not-found", "--wait=false"]).catch(() => "");
  }
}

/**
 * What a person has to know about the answer; `undefined` when all is well. Throws a problem where policies that bite are
 * required, and are not known to.
 */
export function judgeNetworkPolicies(answer: ProbeAnswer, wish: "require" | "warn"): string | undefined {
  if (answer.policies === "bite") return undefined;
  const finding =
    answer.policies === "do nothing"
      ? "This cluster takes NetworkPolicies, but they do nothing: every store can reach all others and the control plane."
      : `Whether NetworkPolicies bite in this cluster could not be found out: ${answer.reason}`;
  if (wish === "warn") return `${finding} Use a network that enforces them, such as Cilium or Calico.`;
  throw new ToolchainProblem(
    finding,
    "Use a network that enforces them, such as Cilium or Calico, or go on without by STOREFLEET_NETWORK_POLICIES=warn.",
  );
}

function client(target: string): object {
  return { command: ["bash", "-c", script], env: [{ name: "TARGET", value: target }] };
}

/** One container in the restricted Pod Security standard. */
function pod(name: string, image: string, container: object): object {
  return {
    apiVersion: "v1",
    kind: "Pod",
    metadata: { name },
    spec: {
      restartPolicy: "Never",
      automountServiceAccountToken: false,
      terminationGracePeriodSeconds: 0,
      securityContext: { runAsNonRoot: true, runAsUser: 10001, seccompProfile: { type: "RuntimeDefault" } },
      containers: [
        {
          name,
          image,
          ...container,
          ...(name === "server" && { readinessProbe: { tcpSocket: { port: 6379 }, periodSeconds: 1 } }),
          resources: { requests: { cpu: "5m", memory: "16Mi" }, limits: { cpu: "500m", memory: "64Mi" } },
          securityContext: { allowPrivilegeEscalation: false, capabilities: { drop: ["ALL"] } },
        },
      ],
    },
  };
}
