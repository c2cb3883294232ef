import { imageReference } from "../../../stores/images.ts";
import type { TestCluster } from "../../helpers/cluster.ts";
import { kubectl, kubectlWith } from "../../helpers/kubectl.ts";
import type { Origin } from "../../helpers/probe.ts";

/** What a pod of ours is to be, beside what the restricted standard asks for. */
export interface ProbePod {
  readonly name: string;
  readonly namespace: string;
  /** Policies choose pods by them. Default: none, which is no component. */
  readonly labels?: Readonly<Record<string, string>>;
  /** Default: a Redis of ours, which has a shell that connects. */
  readonly image?: string;
  /** Default: it only waits. */
  readonly command?: readonly string[];
  readonly env?: Readonly<Record<string, string>>;
  /** Default: what the namespace gives to containers that say none. */
  readonly resources?: object;
}

/** The pod as the API server takes it. */
export function probePod({ name, namespace, labels = {}, image, command, env = {}, resources }: ProbePod): object {
  return {
    apiVersion: "v1",
    kind: "Pod",
    metadata: { name, namespace, labels },
    spec: {
      restartPolicy: "Never",
      automountServiceAccountToken: false,
      terminationGracePeriodSeconds: 0,
      securityContext: { runAsNonRoot: true, runAsUser: 10001, seccompProfile: { type: "RuntimeDefault" } },
      containers: [
        {
          name: "probe",
          image: image ?? imageReference("redis"),
          command: command ?? ["sleep", "3600"],
          env: Object.entries(env).map(([key, value]) => ({ name: key, value })),
          ...(resources && { resources }),
          securityContext: { allowPrivilegeEscalation: false, capabilities: { drop: ["ALL"] } },
        },
      ],
    },
  };
}

/** Starts the pod and gives it when it can be used. */
export async function startProbe(machine: Pick<TestCluster, "cluster" | "kubectl">, pod: ProbePod): Promise<Origin> {
  const { name, namespace } = pod;
  await kubectlWith(machine, probePod(pod), "create");
  await kubectl(machine, "wait", "--for=condition=Ready", `pod/${name}`, "--namespace", namespace, "--timeout=110s");
  return { namespace, pod: name, by: "bash" };
}
